"""Two transactions that stand in each other's way: PostgreSQL ends one of them, and what it was about is done all the same."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.clock import Ticker
from core.tick import Pass
from core.turn import Turn
from db.engine import Database, collided
from db.places import Station
from db.turns import Inbox, Outbox
from handlers import texts
from handlers.ticks import Tick
from tests.fakes.clock import SettableClock
from tests.journeys.world import Said, Visitor

pytestmark = [pytest.mark.crash, pytest.mark.parametrize("_template", ["postgresql"], indirect=True)]

STATIONS = ("南街服务站", "石桥服务站")
DEADLOCK, SERIALIZATION, DIVISION = "40P01", "40001", "22012"


@pytest.fixture
async def stations(database: Database) -> list[int]:
    rows = [Station(name=name, level="township", stars=1) for name in STATIONS]
    async with database.transaction() as db:
        db.add_all(rows)
    return [row.id for row in rows]


async def look_every(db: AsyncSession, milliseconds: int) -> None:
    """Say how soon this transaction looks whether the wait for a lock can ever end; a second is PostgreSQL's own."""
    await db.execute(text(f"SET LOCAL deadlock_timeout = '{milliseconds}ms'"))


async def give_a_star(db: AsyncSession, station_id: int) -> None:
    row = await db.scalar(select(Station).where(Station.id == station_id).with_for_update())
    assert row is not None
    row.stars = (row.stars or 0) + 1
    await db.flush()


async def stars(database: Database) -> list[int | None]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(Station.stars).order_by(Station.id)))


async def test_two_taps_that_block_each_other_are_both_answered(
    database: Database, clock: SettableClock, stations: list[int]
) -> None:
    met, tries = asyncio.Barrier(2), Counter[str]()

    async def cross(turn: Turn[Any]) -> None:
        name = turn.inbound.sender
        tries[name] += 1
        await look_every(turn.db, 20)
        first, second = stations if name == "老张" else reversed(stations)
        await give_a_star(turn.db, first)
        if tries[name] == 1:
            await met.wait()
        await give_a_star(turn.db, second)
        turn.say("好的，记下了。")

    metrics = Metrics()
    people = [Visitor(database, route=cross, name=name, metrics=metrics, clock=clock) for name in ("老张", "老李")]
    said: list[Said] = await asyncio.gather(*(one.presses("slot:1") for one in people))
    assert [one.text for one in said] == ["好的，记下了。"] * 2
    assert sorted(tries.values()) == [1, 2]
    assert await stars(database) == [3, 3]
    async with database.snapshot() as db:
        assert [row.error for row in await db.scalars(select(Inbox))] == [None, None]
        assert len((await db.scalars(select(Outbox))).all()) == 2
    figures = generate_latest(metrics.registry).decode()
    assert 'yizhan_turns_collided_total{channel="web"} 1.0' in figures
    assert "yizhan_turns_failed_total{" not in figures


@pytest.mark.parametrize(
    ("state", "times", "tries", "answer"),
    [
        (DEADLOCK, 2, 3, "好的，记下了。"),
        (SERIALIZATION, 2, 3, "好的，记下了。"),
        (DEADLOCK, 9, 3, texts.APOLOGY),
        (DIVISION, 9, 1, texts.APOLOGY),
    ],
    ids=["blocked twice", "not to be put in a row", "blocked for ever", "a fault of ours"],
)
async def test_it_is_tried_at_most_twice_more_and_nothing_else_is(
    database: Database, clock: SettableClock, state: str, times: int, tries: int, answer: str
) -> None:
    seen = 0

    async def stumble(turn: Turn[Any]) -> None:
        nonlocal seen
        seen += 1
        if seen <= times:
            await turn.db.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'ended' USING ERRCODE = '{state}'; END $$"))
        turn.say("好的，记下了。")

    said = await Visitor(database, route=stumble, clock=clock).presses("slot:1")
    assert (seen, [row.payload["text"] for row in said.rows]) == (tries, [answer])


async def test_work_of_the_clock_that_is_ended_is_done_by_the_next_tick(
    database: Database, clock: SettableClock, stations: list[int]
) -> None:
    first, second = stations
    has_first, has_second = asyncio.Event(), asyncio.Event()
    passes: list[str] = []

    async def work(db: AsyncSession, _now: object) -> Pass:
        if passes:
            return Pass(0)
        await look_every(db, 20)
        await give_a_star(db, second)
        has_second.set()
        await has_first.wait()
        await give_a_star(db, first)
        passes.append("done")
        return Pass(1)

    async def other_work(db: AsyncSession, _now: object) -> Pass:
        passes.append("the other")
        return Pass(0)

    async def other_side() -> None:
        async with database.transaction() as db:
            await look_every(db, 60_000)  # so it is the tick that is ended
            await give_a_star(db, first)
            has_first.set()
            await has_second.wait()
            await give_a_star(db, second)

    metrics = Metrics()
    ticks = [Tick("cross", work), Tick("other", other_work)]
    ticker = Ticker(database, ticks, Wake(), clock, "me", metrics)
    await asyncio.gather(ticker.tick_once(), other_side())
    assert (passes, await stars(database)) == (["the other"], [2, 2])
    assert 'yizhan_ticks_failed_total{tick="cross"} 1.0' in generate_latest(metrics.registry).decode()
    passes.clear()
    assert await ticker.tick_once()
    assert (passes, await stars(database)) == (["done", "the other"], [3, 3])


async def test_only_what_stood_in_the_way_is_called_so(database: Database) -> None:
    with pytest.raises(DBAPIError) as wrong:
        async with database.transaction() as db:
            await db.execute(text("SELECT 1 / 0"))
    assert not collided(wrong.value)
    assert not collided(ValueError("40P01"))
