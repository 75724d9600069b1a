"""Who waits hears that their day is closed and why, and of a place that became free although nobody gave one up."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Waiting
from db.engine import Database
from db.turns import Outbox
from handlers import waiting_notices
from services import closures
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
        await waiting_notices.tell_news(VAULT, db, START)
        await waiting_notices.tell_news(VAULT, db, START)
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
