"""Stopping a process cuts no transaction off: SQLite's one lock would stay with a connection that nobody closes."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.nursery import Nursery
from core.clock import utc_now
from db.engine import Database
from db.people import Address


async def _write(database: Database, entered: asyncio.Event, go_on: asyncio.Event) -> None:
    async with database.transaction() as db:
        db.add(Address(channel="web", external_id="甲", created_at=utc_now()))
        await db.flush()
        entered.set()
        await go_on.wait()


async def test_an_open_transaction_ends_before_its_task_is_cancelled(database: Database) -> None:
    nursery, entered, go_on = Nursery(database), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await _write(database, entered, go_on)
        await asyncio.Event().wait()

    nursery.start("work", work)
    await entered.wait()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        closing = group.create_task(nursery.close())
        await asyncio.sleep(0)
        assert not closing.done()
        go_on.set()
    async with database.snapshot() as db:
        assert await db.scalar(select(func.count()).select_from(Address)) == 1


async def test_who_waits_to_begin_is_cancelled_without_beginning(database: Database) -> None:
    async with asyncio.TaskGroup() as group:
        async with database.at_rest():
            begun, go_on = asyncio.Event(), asyncio.Event()
            waiting = group.create_task(_write(database, begun, go_on))
            await asyncio.sleep(0)
            waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not begun.is_set()
    go_on.set()
    await _write(database, begun, go_on)
