"""Single statements, thousands a minute, that need not be safe from a power cut: a session would cost five times as much."""

import asyncio
import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.compiler import SQLCompiler

_BUSY_SECONDS = 10


class LightWriter:
    """Executes updates whose values are text and numbers, each a transaction of its own that does not wait for the disk.

    What was executed survives the death of this process, not that of the machine: then the last of it may be undone.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._compile = engine, cache(self._compiled)
        self._one = asyncio.Lock()
        self._file: sqlite3.Connection | None = None
        self._server: AsyncConnection | None = None
        self._driver: Any = None
        self._embedded = engine.dialect.name == "sqlite"
        driver: Any = sqlite3 if self._embedded else engine.dialect.dbapi
        self.errors: tuple[type[Exception], ...] = (
            (sqlite3.Error,)
            if self._embedded
            else (driver.asyncpg.PostgresError, driver.asyncpg.InterfaceError, OSError)
        )

    async def execute(self, statement: Update, values: Mapping[str, Any]) -> int:
        """Execute an update and return how many rows it changed.

        Raises:
            One of `errors`: whether it was executed is not known.
        """
        compiled = self._compile(statement)
        given = compiled.construct_params(dict(values)) or {}
        arguments = [given[name] for name in compiled.positiontup or ()]
        async with self._one:
            try:
                if self._embedded:
                    return await asyncio.to_thread(self._write_file, compiled.string, arguments)
                return await self._write_server(compiled.string, arguments)
            except self.errors:
                await self._let_go()
                raise

    def _compiled(self, statement: Update) -> SQLCompiler:
        compiled = statement.compile(dialect=self._engine.dialect)
        assert isinstance(compiled, SQLCompiler)
        return compiled

    def _write_file(self, statement: str, arguments: list[Any]) -> int:
        if self._file is None:
            path = self._engine.url.database or ""
            self._file = sqlite3.connect(path, _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            for pragma in ("foreign_keys=ON", "synchronous=NORMAL"):
                self._file.execute(f"PRAGMA {pragma}")
        return self._file.execute(statement, arguments).rowcount

    async def _write_server(self, statement: str, arguments: list[Any]) -> int:
        if self._server is None:
            self._server = await self._engine.connect()
            self._driver = (await self._server.get_raw_connection()).driver_connection
            await self._driver.execute("SET synchronous_commit = off")
        done: str = await self._driver.execute(statement, *arguments)
        return int(done.rpartition(" ")[2])

    async def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._server is not None:
            server, self._server = self._server, None
            await server.invalidate()
            await server.close()

    async def close(self) -> None:
        """Close the connection."""
        async with self._one:
            await self._let_go()
