"""Nobody is asked to come, or thanked for coming, to a station that is closed then or does this no longer."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Booking, Slot, StationService
from db.engine import Database
from db.places import Station
from db.turns import Outbox
from handlers import booking_notices
from services import closures, office_hours
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, add_service, at, book, close_day, offer, open_house
from tests.journeys.test_booking import booked, opened, rows
from tests.journeys.test_booking_notices import SUNDAY, labels, text_of
from tests.journeys.world import Visitor

VAIN = "服务站办不了这件事了，请先别跑一趟。"
Cause = Callable[[AsyncSession, House], Awaitable[object]]


async def _closed(db: AsyncSession, house: House) -> None:
    await close_day(db, house.station, MONDAY, "停电检修")


async def _free_day(db: AsyncSession, _: House) -> None:
    await office_hours.mark_day(db, MONDAY, "县庆", working=False)


async def _withdrawn(db: AsyncSession, house: House) -> None:
    await db.execute(delete(StationService).where(StationService.service_id == house.service.id))


async def _gone(db: AsyncSession, house: House) -> None:
    house.station.closed_on = MONDAY
    await db.merge(house.station)


CAUSES = [_closed, _free_day, _withdrawn, _gone]


@pytest.fixture
def visitor(database: Database, clock: SettableClock) -> Visitor:
    """Give one person on the web."""
    return Visitor(database, clock=clock)


async def reminders(db: AsyncSession) -> list[Outbox]:
    return list(await db.scalars(select(Outbox).where(Outbox.notice == "visit").order_by(Outbox.id)))


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("now", [at(SUNDAY, 9), at(MONDAY, 13)])
async def test_nobody_is_reminded_of_what_can_be_no_more(database: Database, cause: Cause, now: datetime) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, at(MONDAY, 15), "laozhang")
        await cause(db, house)
    async with database.transaction() as db:
        assert (await booking_notices.remind(VAULT, db, now)).done == 1
        (row,) = await reminders(db)
    assert text_of(row).startswith(f"您约的这个时间，{VAIN}\n11月23日（周一）下午 3:00到南街服务站办优待证申领\n")
    assert visit.booking.code in text_of(row)
    assert ("原因：停电检修" in text_of(row)) == (cause is _closed)
    assert "能来吗" not in text_of(row)
    assert labels(row) == ["改期", "取消预约", "找人工"]
    assert [line for line in text_of(row).split("\n") if len(line) > 60] == []


async def test_others_are_reminded_all_the_same_and_so_is_who_can_come_after_all(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        talk = await offer(db, house.station, await add_service(db, "政策咨询"))
        await book(db, house, at(MONDAY, 15), "laozhang")
        await book(db, talk, at(MONDAY, 15), "laoli")
        await _withdrawn(db, house)
        await booking_notices.remind(VAULT, db, at(SUNDAY, 9))
        vain, other = await reminders(db)
        assert (VAIN in text_of(vain), "能来吗" in text_of(other)) == (True, True)
        await offer(db, house.station, house.service)
        await booking_notices.remind(VAULT, db, at(MONDAY, 13))
        after = [text_of(row) for row in (await reminders(db))[2:]]
        assert ["能来吗" in text for text in after] == [True, True]


@pytest.mark.parametrize("cause", CAUSES)
async def test_my_visits_and_a_yes_say_so_too(visitor: Visitor, cause: Cause) -> None:
    house = await opened(visitor)
    await booked(visitor)
    async with visitor.database.transaction() as db:
        await cause(db, house)
    (row,) = await rows(visitor.database, Booking)
    for said in (await visitor.says("我的预约"), await visitor.presses(f"book-go:{row.id}")):
        assert VAIN in said.text
        assert "等您来" not in said.text
        assert {"改期", "取消预约"} <= set(said.menu.values())
    async with visitor.database.snapshot() as db:
        assert (
            await closures.booked(db, house.station.id, MONDAY, visitor.clock()) != []
        )  # nothing was changed by itself


@pytest.mark.parametrize("words", ["我会晚到十分钟", "晚到半小时行吗"])
async def test_who_will_be_late_for_it_is_told_not_to_come(visitor: Visitor, clock: SettableClock, words: str) -> None:
    await opened(visitor)
    await booked(visitor)
    (row,) = await rows(visitor.database, Booking)
    async with visitor.database.transaction() as db:
        house = await db.get_one(Station, 1)
        await close_day(db, house, (await db.get_one(Slot, row.slot_id)).starts_at.astimezone(CHINA).date())
        clock.moment = (await db.get_one(Slot, row.slot_id)).starts_at
    said = await visitor.says(words)
    assert (VAIN in said.text, "取号" in said.text) == (True, False)
