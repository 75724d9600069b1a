"""One history for both databases: up from nothing, down, up again, and no difference to the models."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from db.base import Base
from db.engine import Database
from db.migrate import config, head, migrate, revision
from tests.servers import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def _server(request: pytest.FixtureRequest) -> Postgres | None:
    return request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
async def empty_url(_server: Postgres | None, tmp_path: Path) -> AsyncIterator[str]:
    if _server is None:
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        async with _server.database(migrated=False) as url:
            yield url


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


async def _downgrade(database: Database) -> None:
    async with database.engine.execution_options(yizhan_write=True).begin() as connection:
        await connection.run_sync(lambda c: command.downgrade(config(c), "base"))


async def test_up_from_nothing(empty: Database) -> None:
    assert await revision(empty) is None
    await migrate(empty)
    assert await revision(empty) == head()
    assert await _tables(empty) == set(Base.metadata.tables) | {"alembic_version"}


async def test_again_changes_nothing(empty: Database) -> None:
    await migrate(empty)
    await migrate(empty)
    assert await revision(empty) == head()


async def test_down_to_nothing_and_up_again(empty: Database) -> None:
    await migrate(empty)
    await _downgrade(empty)
    assert await _tables(empty) == {"alembic_version"}
    assert await revision(empty) is None
    await migrate(empty)
    assert await _tables(empty) == set(Base.metadata.tables) | {"alembic_version"}


async def test_history_and_models_agree(empty: Database) -> None:
    """What `alembic check` does: it raises when a migration is missing."""
    await migrate(empty)
    async with empty.engine.connect() as connection:
        await connection.run_sync(lambda c: command.check(config(c)))


async def test_check_would_see_a_difference(empty: Database) -> None:
    await migrate(empty)
    async with empty.engine.execution_options(yizhan_write=True).begin() as connection:
        await connection.exec_driver_sql("DROP INDEX ix_outbox_ready")
    with pytest.raises(command.util.CommandError, match="New upgrade operations"):
        async with empty.engine.connect() as connection:
            await connection.run_sync(lambda c: command.check(config(c)))


async def test_two_at_once_do_not_quarrel(empty_url: str, empty: Database) -> None:
    other = Database(empty_url)
    await asyncio.gather(migrate(empty), migrate(other))
    await other.close()
    assert await revision(empty) == head()


async def test_an_older_database_keeps_its_rows_and_checks(empty: Database) -> None:
    async with empty.engine.execution_options(yizhan_write=True).begin() as connection:
        await connection.run_sync(lambda c: command.upgrade(config(c), "0001"))
        for statement in (
            (
                "INSERT INTO address (id, channel, external_id, reachable, created_at)"
                " VALUES (1, 'web', 'v', true, '2026-11-21 00:00:00')"
            ),
            "INSERT INTO conversation (address_id, data, menu) VALUES (1, '{}', '[]')",
            (
                "INSERT INTO inbox (channel, event_id, address_id, kind, text, at)"
                " VALUES ('web', 'e', 1, 'text', '优待证', '2026-11-21 00:00:00')"
            ),
            (
                "INSERT INTO outbox (channel, recipient, address_id, lane, payload, at, status, available_at, attempts)"
                " VALUES ('web', 'v', 1, 0, '{}', '2026-11-21 00:00:00', 'sent', '2026-11-21 00:00:00', 1)"
            ),
        ):
            await connection.execute(text(statement))
    await migrate(empty)
    async with empty.engine.connect() as connection:
        assert (await connection.execute(text("SELECT text FROM inbox"))).scalar_one() == "优待证"
    with pytest.raises(IntegrityError, match="ck_outbox_status"):
        async with empty.engine.execution_options(yizhan_write=True).begin() as connection:
            await connection.execute(text("UPDATE outbox SET status = 'lost'"))
