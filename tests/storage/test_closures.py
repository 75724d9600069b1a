"""A station is closed for a day: who is booked is listed and not touched, who waits is told, and what stands stays alone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Service, StationClosure, StationService
from db.engine import Database
from db.staff import Staff
from services import bookings, closures, office_hours, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import FullError
from services.timetable import read_timetable
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, House, add_station, at, book, check_slots, offer, open_house
from tests.fakes.waitingroom import line, small_house, wait
from tests.storage.bureau import add_staff

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)
WEEK = timedelta(days=7)


async def test_closing_a_day_lists_who_is_booked_and_touches_nobody(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_staff(db, START, "lead")
        early = await book(db, house, NINE, "early")
        late = await book(db, house, THREE, "late")
        await book(db, house, NINE + WEEK, "other day")
        gone = await book(db, house, THREE + WEEK, "gone")
        await bookings.cancel(db, RULES, gone.booking.id, "本人", START)
        found = await closures.close(db, house.station.id, MONDAY, " 停电检修 ", boss.id, START)
        assert [one.booking.id for one in found] == [early.booking.id, late.booking.id]
        assert {one.booking.status for one in found} == {"booked"}
        assert await closures.reason_of(db, house.station.id, MONDAY) == "停电检修"
        with pytest.raises(Refusal, match="停电检修"):
            await book(db, house, NINE, "new")
        assert len(await closures.close(db, house.station.id, MONDAY, "换锁", boss.id, START)) == 2
        (closed,) = await db.scalars(select(StationClosure), execution_options={"populate_existing": True})
        assert (closed.day, closed.reason, closed.staff_id) == (MONDAY, "换锁", boss.id)
        (left,) = await closures.booked(db, house.station.id, MONDAY, at(MONDAY, 12))
        assert left.booking.id == late.booking.id
        await closures.reopen(db, house.station.id, MONDAY)
        assert await closures.reason_of(db, house.station.id, MONDAY) is None
        with pytest.raises(FullError):
            await book(db, house, NINE, "newer")


async def test_whoever_waits_for_a_closed_day_is_told_and_nothing_is_kept_for_them(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_staff(db, START, "lead")
        has = await book(db, house, NINE, "has")
        for moment in (THREE, NINE + WEEK, THREE + WEEK):
            await book(db, house, moment, f"has-{moment}")
        for name in ("kept", "waits"):
            await wait(db, house, name)
        await wait(db, house, "another day", day=MONDAY + WEEK)
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await line(db) == ["offered", "waiting", "waiting"]
        await closures.close(db, house.station.id, MONDAY, "停电检修", boss.id, START)
        assert await line(db) == ["passed", "passed", "waiting"]
        assert [one.row.news for one in await waits.untold(db, 9)] == ["closed", "closed"]
        assert sorted((await check_slots(db)).values()) == [0, 1, 1, 1]
        (stays,) = await closures.booked(db, house.station.id, MONDAY, START)
        await bookings.cancel(db, RULES, stays.booking.id, "工作人员", START, "停电检修")
        assert sorted((await check_slots(db)).values()) == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("days", "reason", "said"), [(0, " ", "原因"), (0, "长" * 61, "最多 60"), (-7, "停电", "已经过去")]
)
async def test_what_cannot_be_closed(database: Database, days: int, reason: str, said: str) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_staff(db, START, "lead")
        with pytest.raises(Refusal, match=said):
            await closures.close(db, house.station.id, MONDAY + timedelta(days=days), reason, boss.id, START)
        with pytest.raises(Refusal, match="没有找到"):
            await closures.close(db, 999, MONDAY, "停电", boss.id, START)
        assert (await db.scalars(select(StationClosure))).all() == []


Cause = Callable[[AsyncSession, House, Staff], Awaitable[object]]


async def _free_day(db: AsyncSession, _: House, __: Staff) -> None:
    await office_hours.mark_day(db, MONDAY, "县庆", working=False)


async def _closed(db: AsyncSession, house: House, boss: Staff) -> None:
    await closures.close(db, house.station.id, MONDAY, "停电", boss.id, START)


async def _other_hours(db: AsyncSession, house: House, _: Staff) -> None:
    house.station.week = {"0": [["09:15", "09:45"], ["15:00", "15:30"]]}


async def _withdrawn(db: AsyncSession, _: House, __: Staff) -> None:
    await db.execute(delete(StationService))


async def _gone(_: AsyncSession, house: House, __: Staff) -> None:
    house.station.closed_on = MONDAY


@pytest.mark.parametrize("cause", [_free_day, _closed, _other_hours, _withdrawn, _gone])
async def test_whatever_takes_the_time_away_the_booking_is_found(database: Database, cause: Cause) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_staff(db, START, "lead")
        visit = await book(db, house, NINE, "early")
        assert await _stranded(db, boss) == []
        await cause(db, house, boss)
        await db.flush()
        assert await _stranded(db, boss) == [visit.booking.id]
        assert [one.booking.id for one in await closures.stranded(db, await read_timetable(db), NINE, boss)] == []
        await bookings.cancel(db, RULES, visit.booking.id, "工作人员", START, "停电")
        assert await _stranded(db, boss) == []


async def test_a_time_that_is_cut_otherwise_still_stands(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await open_house(db), await add_staff(db, START, "lead")
        await book(db, house, at(MONDAY, 8, 30), "half past")
        service = await db.get_one(Service, house.service.id)
        service.minutes = 45
        house.station.week = {"0": [["08:15", "09:00"]]}
        await db.flush()
        assert await _stranded(db, boss) == []


async def test_staff_of_a_station_see_what_is_stranded_there(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        other = await offer(db, await add_station(db, "北街服务站"), house.service)
        here, there = await book(db, house, NINE, "here"), await book(db, other, NINE, "there")
        await office_hours.mark_day(db, MONDAY, "县庆", working=False)
        agent = await add_staff(db, START, "agent", other.station)
        boss = await add_staff(db, START, "lead")
        assert await _stranded(db, agent) == [there.booking.id]
        assert await _stranded(db, boss) == [here.booking.id, there.booking.id]


async def _stranded(db: AsyncSession, staff: Staff) -> list[int]:
    timetable = await read_timetable(db)
    found = [one.booking.id for one in await closures.stranded(db, timetable, START, staff)]
    assert await closures.stranded_count(db, timetable, START, staff) == len(found)
    return found
