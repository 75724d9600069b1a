"""The one door to the database: `transaction()` to write, `snapshot()` to read."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, CursorResult, Update, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from db.light import LightWriter

_BUSY_SECONDS = 10
_REST_SECONDS = 30
_TRIES, _PAUSE = 100, 0.05
"""How often, and after how many seconds again, a new file is switched to WAL."""
_COLLISIONS = ("40P01", "40001")
"""PostgreSQL's deadlock_detected and serialization_failure."""


class Database:
    """An engine and its two kinds of session. Only edges (turn, delivery, tick, request, command) enter one."""

    def __init__(self, url: str) -> None:
        self.embedded = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS}} if self.embedded else {"pool_size": 10}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._light = LightWriter(self.engine)
        self._writing = asyncio.Lock()
        self._open_sessions, self._none_open, self._may_open = 0, asyncio.Event(), asyncio.Event()
        self._none_open.set()
        self._may_open.set()
        if self.embedded:
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a session that commits on leaving and rolls back on an exception."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._counted())
            if self.embedded:
                # SQLite has one writer: waiting here is fair, waiting in the busy handler is not.
                await stack.enter_async_context(self._writing)
            bind = self.engine.execution_options(yizhan_write=True)
            session = await stack.enter_async_context(AsyncSession(bind, expire_on_commit=False))
            await stack.enter_async_context(session.begin())
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """Open a session that only reads, and waits for no writer."""
        async with self._counted(), AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """Keep new sessions waiting and wait for the open ones, so that a task can be cancelled outside them all.

        A task cancelled inside a statement leaves SQLite's one write lock with a connection that nobody closes.

        Raises:
            TimeoutError: a session was still open after 30 seconds.
        """
        self._may_open.clear()
        try:
            async with asyncio.timeout(_REST_SECONDS):
                await self._none_open.wait()
            yield
        finally:
            self._may_open.set()

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        await self._may_open.wait()
        self._open_sessions += 1
        self._none_open.clear()
        try:
            yield
        finally:
            self._open_sessions -= 1
            if self._open_sessions == 0:
                self._none_open.set()

    async def lightly(self, statement: Update, values: Mapping[str, Any]) -> int:
        """Do one small update that a power cut may undo; return how many rows it changed (see `LightWriter`)."""
        try:
            async with self._counted(), self._writing if self.embedded else nullcontext():
                return await self._light.execute(statement, values)
        except self._light.errors:  # the server was restarted, the file was busy: the long way says what is wrong
            async with self.transaction() as db:
                done = await db.execute(statement, dict(values), execution_options={"synchronize_session": False})
                assert isinstance(done, CursorResult)
                return done.rowcount

    async def close(self) -> None:
        """Close the connections."""
        await self._light.close()
        await self.engine.dispose()


def collided(error: Exception) -> bool:
    """Tell what PostgreSQL ended for standing in another's way: nothing is wrong with it, and done again it goes through."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _COLLISIONS


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Switch to WAL; of two who open a new file at once SQLite refuses one without waiting, so it tries again."""
    for left in reversed(range(_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("yizhan_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
