"""Databases that tests borrow one after the other: making one anew, and compiling every statement anew, takes longer than most tests."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import engine
from db.engine import Database
from db.migrate import migrate


class SqliteFile:
    """A migrated SQLite file; a test gets a fresh copy, under the name of one that an earlier test has given back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spare: list[Path] = []

    async def prepare(self) -> None:
        """Migrate what is copied."""
        database = Database(f"sqlite+aiosqlite:///{self._path}")
        await migrate(database)
        await database.close()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """Give the URL of a copy."""
        copy = self._spare.pop() if self._spare else self._path.with_stem(uuid4().hex)
        shutil.copyfile(self._path, copy)
        yield f"sqlite+aiosqlite:///{copy}"
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()
        self._spare.append(copy)


_ENGINES: dict[str, AsyncEngine] = {}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database with the engine that an earlier test had for this URL, because it knows the statements already."""

    def make(url: str, **options: Any) -> AsyncEngine:
        if url not in _ENGINES:
            _ENGINES[url] = create_async_engine(url, **options)
        return _ENGINES[url]

    with patch.object(engine, "create_async_engine", make):
        database = Database(url)
    yield database
    await database.close()
    if database.engine.sync_engine.dispatch.before_cursor_execute:  # a test listens still
        del _ENGINES[url]
