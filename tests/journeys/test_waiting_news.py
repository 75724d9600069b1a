"""Who waits hears that their day is closed and why, and of a place that became free although nobody gave one up."""

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import StationService, Waiting
from db.engine import Database
from db.turns import Outbox
from handlers import waiting_notices
from services import bookings, closures
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, at, book
from tests.fakes.waitingroom import small_house, wait
from tests.storage.bureau import add_staff


async def full_house(db: AsyncSession, **columns: Any) -> House:
    """Return a house that is full on the day on which somebody waits."""
    house = await small_house(db, week={"0": [["09:00", "09:30"]]}, **columns)
    await book(db, house, at(MONDAY, 9), "has")
    await wait(db, house, "waits")
    return house


async def told(database: Database) -> str:
    async with database.transaction() as db:
        await waiting_notices.tell_news(VAULT, RULES, db, START)
        await waiting_notices.tell_news(VAULT, RULES, db, START)
        (row,) = await db.scalars(select(Outbox).where(Outbox.notice == "visit"))
    assert row.recipient == "waits"
    return str(row.payload["text"])


async def test_a_closed_day_is_told_with_its_reason(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await full_house(db), await add_staff(db, START, "lead")
        await closures.close(db, house.station.id, MONDAY, "停电检修", boss.id, START)
    text = await told(database)
    assert "候补取消了" in text
    assert "11月23日（周一）" in text
    assert "\n原因：停电检修\n" in text


async def test_a_day_that_was_opened_again_is_told_without_a_reason(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await full_house(db), await add_staff(db, START, "lead")
        await closures.close(db, house.station.id, MONDAY, "停电检修", boss.id, START)
        await closures.reopen(db, house.station.id, MONDAY)
    text = await told(database)
    assert "候补取消了" in text
    assert "原因" not in text


async def test_hours_that_were_added_reach_who_waits(database: Database) -> None:
    async with database.transaction() as db:
        house = await full_house(db)
        assert (await waiting_notices.refill(RULES, db, START)).done == 0
        house.station.week = {"0": [["09:00", "10:00"]]}
        await db.flush()
        assert (await waiting_notices.refill(RULES, db, START)).done == 1
        assert (await waiting_notices.refill(RULES, db, START)).done == 0
        assert await db.scalar(select(Waiting.status)) == "offered"
    text = await told(database)
    assert "空出来了" in text
    assert "上午 9:30" in text


@pytest.mark.parametrize(("hour", "urgent"), [(2, "None"), (8, "True")])
async def test_nobody_is_woken_at_night_by_a_place(database: Database, hour: int, urgent: str) -> None:
    now = at(MONDAY, hour)
    async with database.transaction() as db:
        house = await small_house(db)
        has = await book(db, house, at(MONDAY, 15), "has")
        await wait(db, house, "waits", "pm")
        await bookings.cancel(db, RULES, has.booking.id, "本人", now)
        await waiting_notices.tell_news(VAULT, RULES, db, now)
        (row,) = await db.scalars(select(Outbox).where(Outbox.notice == "visit"))
        assert str(row.payload.get("urgent")) == urgent


async def test_a_service_that_is_withdrawn_is_told(database: Database) -> None:
    async with database.transaction() as db:
        await full_house(db)
        await db.execute(delete(StationService))
        assert (await waiting_notices.refill(RULES, db, START)).done == 1
    assert "服务站办不了这件事了，候补取消了" in await told(database)
