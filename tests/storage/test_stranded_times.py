"""Whose visit cannot be any more gets another time: of their own, not another's, and elsewhere only where nothing is left."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.engine import Database
from db.staff import Staff
from services import closure_list, closures, station_preview, stranded_times
from services.booking_rows import Visit
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.stranded_times import Instead
from services.timetable import read_timetable
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, House, add_station, at, book, close_day, offer, open_house

MORNING = {str(day): [["09:00", "10:00"]] for day in range(5)}
TUESDAY = MONDAY + timedelta(days=1)
ADMIN = Staff(id=1, role="admin", login="a", name="a", created_at=START)


async def _instead(db: AsyncSession, visits: list[Visit], *others: int) -> list[Instead]:
    timetable = await read_timetable(db, today=START.astimezone(CHINA).date())
    found = await stranded_times.instead(db, timetable, visits, others, DEFAULT_BOOKING_RULES, START)
    return [found[one.booking.id] for one in visits]


async def _stranded(db: AsyncSession) -> list[Visit]:
    return await closures.stranded(db, await read_timetable(db), START, ADMIN)


async def _two_on_a_closed_monday(db: AsyncSession) -> House:
    house = await open_house(db, week=MORNING, capacity=1)
    for number, name in enumerate(("甲", "乙")):
        await book(db, house, at(MONDAY, 9, 30 * number), name)
    await close_day(db, house.station, MONDAY)
    return house


async def test_each_is_proposed_a_time_of_their_own_after_the_old_one(database: Database) -> None:
    async with database.transaction() as db:
        await _two_on_a_closed_monday(db)
        visits = await _stranded(db)
        found = await _instead(db, visits)
        assert [one.proposed and one.proposed.starts_at for one in found] == [at(TUESDAY, 9), at(TUESDAY, 9, 30)]
        assert all(one.proposed in one.times for one in found)
        assert {time.starts_at.astimezone(CHINA).date() for one in found for time in one.times} >= {TUESDAY}


async def test_a_few_times_of_every_half_day_are_offered(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        await book(db, house, at(MONDAY, 9), "甲")
        await close_day(db, house.station, MONDAY)
        (found,) = await _instead(db, await _stranded(db))
        tuesday = [time.starts_at for time in found.times if time.starts_at.astimezone(CHINA).date() == TUESDAY]
        assert tuesday == [
            at(TUESDAY, hour, minute) for hour, minute in [(8, 0), (8, 30), (9, 0), (14, 0), (14, 30), (15, 0)]
        ]
        assert len(found.times) == 24


async def test_elsewhere_only_where_the_own_station_has_nothing_and_one_may(database: Database) -> None:
    async with database.transaction() as db:
        house = await _two_on_a_closed_monday(db)
        other = await offer(db, await add_station(db, "北街服务站", week=MORNING), house.service)
        visits = await _stranded(db)
        found = await _instead(db, visits, other.station.id)
        assert {time.station_id for one in found for time in one.times} == {house.station.id}
        house.station.closed_on = MONDAY
        await db.flush()
        found = await _instead(db, visits, other.station.id)
        assert {time.station_id for one in found for time in one.times} == {other.station.id}
        assert [one.proposed and one.proposed.starts_at for one in found] == [at(MONDAY, 9), at(MONDAY, 9, 30)]
        assert [(list(one.times), one.proposed) for one in await _instead(db, visits)] == [([], None)] * 2


async def test_closed_days_to_come_are_listed_for_those_near(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        for day in (TUESDAY, MONDAY, date(2026, 11, 1)):
            await close_day(db, house.station, day)
        today = START.astimezone(CHINA).date()
        assert [one.row.day for one in await closure_list.to_come(db, ADMIN, today)] == [MONDAY, TUESDAY]
        theirs = Staff(id=2, role="agent", login="b", name="b", created_at=START, station_id=house.station.id + 1)
        assert await closure_list.to_come(db, theirs, today) == []


async def test_the_preview_says_why_a_day_is_free_and_what_is_not_decreed_yet(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, week=MORNING, horizon_days=60)
        await close_day(db, house.station, TUESDAY)
        await book(db, house, at(MONDAY, 9), "甲")
        shown = await station_preview.preview(db, house.station.id, DEFAULT_BOOKING_RULES, START)
        free = [(one.hours or one.why, one.free[house.service.id]) for one in shown.days[:4]]
        assert free == [("不上班", 0), ("不上班", 0), ("9:00-10:00", 3), ("停办：停电检修", 0)]
        festival = datetime(2026, 2, 13, 1, tzinfo=UTC)  # the State Council: 15 to 23 February free, 14 February worked
        shown = await station_preview.preview(db, house.station.id, DEFAULT_BOOKING_RULES, festival)
        assert [one.hours or one.why for one in shown.days[:3]] == ["9:00-10:00", "9:00-10:00", "春节放假"]
        shown = await station_preview.preview(db, house.station.id, DEFAULT_BOOKING_RULES, festival.replace(year=2031))
        assert {one.confirmed for one in shown.days} == {False}
