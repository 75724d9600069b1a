"""Transactions commit whole or not at all, and readers wait for no writer."""

import asyncio

import pytest
from sqlalchemy import func, select

from db.engine import Database
from db.people import Address
from db.turns import Inbox
from db.upsert import insert_new
from tests.fakes.clock import START


async def _names(database: Database) -> list[str]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(Address.external_id).order_by(Address.external_id)))


def _address(name: str) -> Address:
    return Address(channel="web", external_id=name, created_at=START)


async def test_transaction_commits_on_leaving(database: Database) -> None:
    async with database.transaction() as db:
        db.add(_address("a"))
    assert await _names(database) == ["a"]


async def test_transaction_rolls_back_on_an_exception(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as db:
            db.add(_address("a"))
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write()
    assert await _names(database) == []


async def test_transaction_rolls_back_when_cancelled(database: Database) -> None:
    flushed = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as db:
            db.add(_address("a"))
            await db.flush()
            flushed.set()
            await asyncio.Event().wait()

    writing = asyncio.ensure_future(write())
    await flushed.wait()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    async with database.transaction() as db:
        db.add(_address("b"))
    assert await _names(database) == ["b"]


async def test_reader_is_not_blocked_by_a_writer_and_sees_what_was_committed(database: Database) -> None:
    async with database.transaction() as db:
        db.add(_address("a"))
    async with database.transaction() as db:
        db.add(_address("b"))
        await db.flush()
        async with asyncio.timeout(5):
            assert await _names(database) == ["a"]
    assert await _names(database) == ["a", "b"]


async def test_snapshot_sees_one_state_on_sqlite(database: Database) -> None:
    async with database.snapshot() as reading:
        count = select(func.count()).select_from(Address)
        assert await reading.scalar(count) == 0
        async with database.transaction() as db:
            db.add(_address("a"))
        assert await reading.scalar(count) == (0 if database.embedded else 1)


async def test_writers_of_two_connections_take_turns(database_url: str, database: Database) -> None:
    """Two processes on one SQLite file: the second waits, neither fails."""
    other = Database(database_url)

    async def write(into: Database, name: str) -> None:
        for number in range(20):
            async with into.transaction() as db:
                db.add(_address(f"{name}{number:02}"))

    await asyncio.gather(write(database, "a"), write(other, "b"))
    await other.close()
    assert len(await _names(database)) == 40


async def test_insert_new_tells_whether_it_was(database: Database) -> None:
    event = {"channel": "web", "event_id": "1", "kind": "text", "at": START}
    async with database.transaction() as db:
        assert await insert_new(db, Inbox, **event, text="第一次")
        assert not await insert_new(db, Inbox, **event, text="第二次")
        db.add(_address("still usable"))
    async with database.snapshot() as db:
        assert (await db.scalars(select(Inbox.text))).all() == ["第一次"]
    assert await _names(database) == ["still usable"]


async def test_insert_new_waits_for_the_first_and_takes_over_when_it_rolls_back(database: Database) -> None:
    """A retry while the first attempt runs must not be told that it came before, if the first then fails."""
    event = {"channel": "web", "event_id": "1", "kind": "text", "text": "在吗", "at": START}
    inserted, fail = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.transaction() as db:
            assert await insert_new(db, Inbox, **event)
            inserted.set()
            await fail.wait()
            raise ZeroDivisionError

    async def second() -> bool:
        await inserted.wait()
        async with database.transaction() as db:
            return await insert_new(db, Inbox, **event)

    trying = asyncio.gather(first(), second(), return_exceptions=True)
    await inserted.wait()
    await _names(database)
    fail.set()
    outcome = await trying
    assert isinstance(outcome[0], ZeroDivisionError)
    assert outcome[1] is True
