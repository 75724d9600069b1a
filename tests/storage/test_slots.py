"""Times that can be had: cut from hours and calendar, never across a pause, never on a day on which nobody is there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.bookings import Slot, StationService
from db.calendar import CalendarDay, OfficeHours
from db.engine import Database
from services import slots
from services.booking_rules import BookingRules
from services.bookings import FullError
from services.office_hours import set_week
from services.slots import Open, open_slots
from services.timetable import Timetable, read_day, read_timetable
from tests.fakes.clock import START
from tests.fakes.stationhouse import (
    MONDAY,
    House,
    add_service,
    add_station,
    at,
    book,
    check_slots,
    close_day,
    offer,
    open_house,
)

ALWAYS = BookingRules(notice_minutes=0, horizon_days=366)
SATURDAY = MONDAY + timedelta(days=5)
WEEK = {"0": [["13:00", "15:30"], ["08:30", "11:40"]], "5": [["09:00", "11:00"]], "6": []}
"""Monday in two parts, Saturday morning, and no other day."""


async def listed(
    db: AsyncSession, first: date, last: date | None = None, rules: BookingRules = ALWAYS, now: datetime = START
) -> list[Open]:  # fmt: skip
    table = await read_timetable(db)
    return await open_slots(db, table, table.provisions, first, last or first, rules, now)


def hours(found: list[Open]) -> list[str]:
    return [one.starts_at.astimezone(CHINA).strftime("%H:%M") for one in found]


async def days(database: Database, first: date, last: date, now: datetime) -> list[str]:
    async with database.snapshot() as db:
        found = await listed(db, first, last, now=now)
    return sorted({one.starts_at.astimezone(CHINA).strftime("%m-%d") for one in found})


async def test_split_hours_are_cut_and_no_time_reaches_into_the_pause(database: Database) -> None:
    async with database.transaction() as db:
        await open_house(db, week=WEEK, minutes=45)
        assert hours(await listed(db, MONDAY)) == ["08:30", "09:15", "10:00", "10:45", "13:00", "13:45", "14:30"]
        assert hours(await listed(db, SATURDAY)) == ["09:00", "09:45"]
        assert hours(await listed(db, MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))) == []
        one = (await listed(db, MONDAY))[0]
        assert (one.starts_at, one.ends_at, one.left) == (at(MONDAY, 8, 30), at(MONDAY, 9, 15), 2)
        assert one.starts_at.tzinfo is UTC


async def test_a_station_without_hours_of_its_own_keeps_the_bureaus(database: Database) -> None:
    async with database.transaction() as db:
        await open_house(db, minutes=120)
        db.add(OfficeHours(weekday=0, opens=time(9), closes=time(11)))
        never = await add_station(db, "空站", week={})
        await offer(db, never, await add_service(db, "别的"))
        assert hours(await listed(db, MONDAY)) == ["09:00"]
        table = await read_timetable(db)
        assert table.periods(never.id, MONDAY) == ()
        assert table.periods(404, MONDAY) == ()


async def test_a_station_says_how_long_and_for_how_many(database: Database) -> None:
    async with database.transaction() as db:
        service = await add_service(db, minutes=30, capacity=2)
        fast = await offer(db, await add_station(db, "快站"), service, minutes=60, capacity=5)
        slow = await offer(db, await add_station(db, "慢站"), service)
        table = await read_timetable(db, service_id=service.id)
        own, usual = (table.provision(house.station.id, service.id) for house in (fast, slow))
        assert own is not None
        assert usual is not None
        assert (own.minutes, own.capacity, usual.minutes, usual.capacity) == (60, 5, 30, 2)
        assert table.provision(slow.station.id, 404) is None
        assert (await read_timetable(db, service_id=404)).provisions == ()
        assert [one.station for one in (await read_timetable(db, station_ids=[slow.station.id])).provisions] == [
            slow.station
        ]


async def test_the_spring_festival_is_free_and_its_make_up_days_are_worked(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
    found = await days(database, date(2026, 2, 12), date(2026, 3, 1), datetime(2026, 2, 10, tzinfo=UTC))
    assert found == ["02-12", "02-13", "02-14", "02-24", "02-25", "02-26", "02-27", "02-28"]
    async with database.snapshot() as db:
        table = await read_timetable(db)
        assert table.confirmed(date(2026, 2, 14))
        assert table.note(date(2026, 2, 14)) == "春节调休上班"
        assert table.periods(house.station.id, date(2026, 2, 14)) == table.periods(house.station.id, date(2026, 2, 12))


async def test_a_make_up_day_is_worked_at_a_station_with_its_own_week(database: Database) -> None:
    async with database.transaction() as db:
        monday_only = await add_station(db, "周一站", week={"0": [["08:00", "09:00"]]})
        saturday_too = await add_station(db, "周六站", week=WEEK)
        table = await read_timetable(db)
    worked, festival = date(2026, 2, 28), date(2026, 2, 21)  # both Saturdays
    assert table.periods(monday_only.id, worked) == ((time(8), time(9)),)  # as on its first day of the week
    assert table.periods(saturday_too.id, worked) == ((time(9), time(11)),)
    assert table.periods(saturday_too.id, festival) == ()


async def test_the_end_of_the_year_is_like_any_other(database: Database) -> None:
    async with database.transaction() as db:
        await open_house(db)
    eve = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)  # one minute to midnight in China
    assert await days(database, date(2025, 12, 31), date(2026, 1, 6), eve) == ["01-04", "01-05", "01-06"]
    early = datetime(2025, 12, 30, 20, tzinfo=UTC)
    assert (await days(database, date(2025, 12, 31), date(2026, 1, 4), early)) == ["12-31", "01-04"][::-1]


async def test_a_year_that_is_not_decreed_yet_is_a_guess_until_staff_decide(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        before = await read_timetable(db)
        db.add(CalendarDay(day=date(2031, 1, 2), working=False, note="元旦假期"))
        db.add(CalendarDay(day=date(2031, 1, 4), working=True, note=None))
        await db.flush()
        after = await read_timetable(db)
    thursday, saturday, new_year = date(2031, 1, 2), date(2031, 1, 4), date(2031, 1, 1)
    assert not before.confirmed(thursday)
    assert before.periods(house.station.id, thursday)
    assert (before.periods(house.station.id, new_year), before.note(new_year)) == ((), "元旦")
    assert after.confirmed(thursday)
    assert not after.periods(house.station.id, thursday)
    assert after.periods(house.station.id, saturday)


async def test_a_day_that_is_read_alone_is_as_in_the_whole_timetable(database: Database) -> None:
    marked, plain, festival, make_up = date(2031, 1, 2), date(2031, 1, 3), date(2026, 2, 17), date(2026, 2, 28)
    async with database.transaction() as db:
        service = await add_service(db)
        stations = [
            (await offer(db, await add_station(db, "南站"), service, minutes=60, capacity=5)).station,
            (await offer(db, await add_station(db, "北站", week=WEEK), service)).station,
            (await offer(db, await add_station(db, "撤站", closed_on=MONDAY), service)).station,
        ]
        db.add(CalendarDay(day=marked, working=False, note="元旦假期"))
        await set_week(db, {0: ((time(9), time(11)), (time(13), time(15))), 4: ((time(9), time(10)),)})
        await close_day(db, stations[0], MONDAY)
        whole = await read_timetable(db)
        for station in stations:
            for day in (MONDAY, SATURDAY, marked, plain, festival, make_up):
                read = await read_day(db, station, service.id, day)
                assert read is not None
                alone, provision = read
                assert provision == whole.provision(station.id, service.id)
                assert alone.closure(station.id, day) == whole.closure(station.id, day)
                assert alone.starts(provision, day) == whole.starts(provision, day)
                assert (alone.note(day), alone.confirmed(day)) == (whole.note(day), whole.confirmed(day))
        assert await read_day(db, await add_station(db, "别站"), service.id, MONDAY) is None


async def test_a_closed_day_and_a_closed_station_give_nothing(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        await close_day(db, house.station, MONDAY, "停电检修")
        other = await offer(db, await add_station(db, "撤了的站", closed_on=MONDAY + timedelta(days=1)), house.service)
        found = await listed(db, MONDAY, MONDAY + timedelta(days=2))
        assert {one.starts_at.astimezone(CHINA).date() for one in found} == {
            MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
        }  # fmt: skip
        assert {one.station_id for one in found} == {house.station.id}
        table = await read_timetable(db, today=MONDAY)
        assert table.closure(house.station.id, MONDAY) == "停电检修"
        assert table.closure(house.station.id, SATURDAY) is None
        assert other.station.id in {one.station.id for one in table.provisions}
        assert hours(await open_slots(db, table, table.provisions, MONDAY, MONDAY, ALWAYS, START))[0] == "08:00"
        later = await read_timetable(db, today=MONDAY + timedelta(days=1))
        assert [one.station.id for one in later.provisions] == [house.station.id]
        assert later.closure(house.station.id, MONDAY) is None  # it is about the days to come


async def test_notice_and_horizon_are_the_stations_or_the_bureaus(database: Database) -> None:
    now = at(MONDAY, 8, 30)
    async with database.transaction() as db:
        house = await open_house(db)
        rules = BookingRules(notice_minutes=60, horizon_days=1)
        tuesday = MONDAY + timedelta(days=1)
        found = await listed(db, MONDAY - timedelta(days=3), SATURDAY, rules, now)
        assert found[0].starts_at == at(MONDAY, 9, 30)
        assert found[-1].starts_at.astimezone(CHINA).date() == tuesday
        house.station.notice_minutes, house.station.horizon_days = 0, 0
        await db.flush()
        found = await listed(db, MONDAY, SATURDAY, rules, now)
        assert found[0].starts_at == at(MONDAY, 8, 30)
        assert found[-1].starts_at == at(MONDAY, 17, 30)


def sentence(
    table: Timetable, house: House, moment: datetime, rules: BookingRules = ALWAYS, now: datetime = START
) -> str:
    provision = table.provision(house.station.id, house.service.id)
    assert provision is not None
    try:
        slots.bookable(table, provision, moment, rules, now)
    except Refusal as no:
        return str(no)
    return ""


async def test_why_not_is_said(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, closed_on=date(2026, 12, 31))
        await close_day(db, house.station, MONDAY, "停电检修。")
        table = await read_timetable(db)
    tuesday, rules = MONDAY + timedelta(days=1), BookingRules(notice_minutes=60, horizon_days=14)
    assert sentence(table, house, at(tuesday, 9)) == ""
    assert sentence(table, house, START) == slots.PAST
    assert sentence(table, house, at(date(2026, 12, 31), 9)) == "南街服务站从12月31日起不办事了，请换一个服务站。"
    assert sentence(table, house, at(MONDAY, 9)) == "南街服务站11月23日停办：停电检修。请换一天。"
    assert sentence(table, house, at(SATURDAY, 9)) == "11月28日休息，南街服务站不上班。请换一天。"
    festival = at(date(2026, 2, 17), 9)
    assert sentence(table, house, festival, now=at(date(2026, 2, 1), 9)).startswith("2月17日春节放假，")
    assert sentence(table, house, at(tuesday, 12)) == slots.NO_SUCH.format(station="南街服务站")
    assert sentence(table, house, at(tuesday, 9, 1)) == slots.NO_SUCH.format(station="南街服务站")
    assert sentence(table, house, at(date(2026, 12, 8), 9), rules) == "现在最远能约到12月5日，请换一天。"
    assert sentence(table, house, at(tuesday, 9), rules, at(tuesday, 8, 30)) == (
        "离这个时间太近了，要提前 1 小时约。请换一个时间。"
    )


@pytest.mark.parametrize(("minutes", "said"), [(30, "30 分钟"), (120, "2 小时"), (2880, "2 天")])
async def test_notice_is_said_in_words(database: Database, minutes: int, said: str) -> None:
    async with database.transaction() as db:
        house = await open_house(db, notice_minutes=minutes)
        table = await read_timetable(db)
    assert said in sentence(table, house, at(MONDAY, 9), now=at(MONDAY, 8, 50))


async def test_what_is_taken_is_not_listed(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=2)
        first = await book(db, house, at(MONDAY, 9), "li")
        assert {one.starts_at: one.left for one in await listed(db, MONDAY)}[at(MONDAY, 9)] == 1
        await book(db, house, at(MONDAY, 9), "wang")
        assert at(MONDAY, 9) not in {one.starts_at for one in await listed(db, MONDAY)}
        assert first.slot.capacity == 2


async def test_a_time_that_was_cut_otherwise_before_counts_for_all_it_reaches_into(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=30)
        await book(db, house, at(MONDAY, 9), "li")  # 9:00 to 9:30
        await db.execute(update(StationService).values(minutes=40))
        assert hours(await listed(db, MONDAY))[:3] == ["08:00", "10:00", "10:40"]
        for time_ in (at(MONDAY, 8, 40), at(MONDAY, 9, 20)):
            with pytest.raises(FullError):
                await book(db, house, time_, "wang")
        await book(db, house, at(MONDAY, 8), "zhao")
        await check_slots(db)


async def test_new_settings_hold_for_a_slot_that_nobody_has(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=30)
        visit = await book(db, house, at(MONDAY, 9), "li")
        await db.execute(update(StationService).values(capacity=3))
        second = await book(db, house, at(MONDAY, 9), "wang")
        assert (second.slot.id, second.slot.capacity, second.slot.taken) == (visit.slot.id, 3, 2)
        await db.execute(update(StationService).values(capacity=1))
        assert at(MONDAY, 9) not in {one.starts_at for one in await listed(db, MONDAY)}
        with pytest.raises(Refusal):
            await book(db, house, at(MONDAY, 9), "zhao")
        assert await check_slots(db) == {visit.slot.id: 2}


@pytest.mark.parametrize("stations", [1, 40])
async def test_listing_takes_one_statement_and_reading_five(database: Database, stations: int) -> None:
    async with database.transaction() as db:
        service = await add_service(db)
        for number in range(stations):
            await offer(db, await add_station(db, f"第{number}站"), service)
    counted: list[str] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda *args: counted.append(args[2]) if "SELECT" in args[2] else None,
    )
    async with database.snapshot() as db:
        table = await read_timetable(db)
        read = len(counted)
        found = await open_slots(db, table, table.provisions, MONDAY, MONDAY, ALWAYS, START)
    assert (read, len(counted) - read) == (5, 1)
    assert len(found) == stations * 16
    async with database.snapshot() as db:
        assert (await db.scalars(select(Slot))).all() == []  # looking at a time makes no row
