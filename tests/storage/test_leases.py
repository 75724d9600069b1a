"""One holder at a time, and nobody holds what a dead process held for longer than its life."""

import asyncio
from datetime import timedelta

import pytest

from db.engine import Database
from services import leases
from tests.fakes.clock import SettableClock

LIFE = timedelta(seconds=30)


@pytest.fixture
def hold(database: Database, clock: SettableClock):
    async def hold_as(holder: str, name: str = "poll") -> bool:
        async with database.transaction() as db:
            return await leases.hold(db, name, holder, clock(), LIFE)

    return hold_as


async def test_first_come(hold) -> None:
    assert await hold("a")
    assert not await hold("b")


async def test_renewed_by_its_holder(hold, clock: SettableClock) -> None:
    assert await hold("a")
    clock.advance(20)
    assert await hold("a")
    clock.advance(20)
    assert not await hold("b")


async def test_taken_over_when_it_has_run_out(hold, clock: SettableClock) -> None:
    assert await hold("a")
    clock.advance(29.999)
    assert not await hold("b")
    clock.advance(0.001)
    assert await hold("b")
    assert not await hold("a")


async def test_names_are_apart(hold) -> None:
    assert await hold("a", "poll")
    assert await hold("b", "retention")


async def test_released_by_its_holder_only(hold, database: Database) -> None:
    assert await hold("a")
    async with database.transaction() as db:
        await leases.release(db, "poll", "b")
    assert not await hold("b")
    async with database.transaction() as db:
        await leases.release(db, "poll", "a")
    assert await hold("b")


async def test_one_winner_among_many(hold) -> None:
    assert sum(await asyncio.gather(*(hold(str(n)) for n in range(8)))) == 1


async def test_one_winner_when_it_has_run_out(hold, clock: SettableClock) -> None:
    assert await hold("dead")
    clock.advance(31)
    assert sum(await asyncio.gather(*(hold(str(n)) for n in range(8)))) == 1


async def test_a_clock_set_back_does_not_leave_it_held_for_a_day(hold, clock: SettableClock) -> None:
    clock.advance(24 * 3600)
    assert await hold("dead")
    clock.advance(-24 * 3600)
    assert await hold("b")
    assert not await hold("a")
