"""Bring a database to the newest schema: one history for SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db import (
    bookings,
    broadcasts,
    calendar,
    campaigns,
    cases,
    content,
    events,
    exams,
    jobs,
    leases,
    media,
    people,
    places,
    proxies,
    reminders,
    staff,
    turns,
)
from db.engine import Database

TABLES = (
    people,
    turns,
    places,
    staff,
    calendar,
    cases,
    media,
    content,
    leases,
    reminders,
    campaigns,
    proxies,
    exams,
    broadcasts,
    events,
    jobs,
    bookings,
)
_ADVISORY_LOCK = 7_294_001
"""Any number, the same in every process: it keeps two migrations of one PostgreSQL from running at once."""


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def head() -> str | None:
    """Return the newest revision that the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


async def migrate(database: Database) -> None:
    """Upgrade to the newest revision; on PostgreSQL under an advisory lock."""
    async with database.engine.execution_options(yizhan_write=True).begin() as connection:
        if not database.embedded:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        await connection.run_sync(lambda c: command.upgrade(config(c), "head"))


async def revision(database: Database) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
