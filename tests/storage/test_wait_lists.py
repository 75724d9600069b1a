"""What staff see of a waiting list: the order of its lines, which days are full, and who has to be telephoned."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.engine import Database
from db.people import Address, NoticeStop, Person
from handlers import waiting_notices
from services import bookings, closures, desk_times, wait_days, wait_lists, waits
from services.booking_rows import KIND
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.timetable import read_timetable
from services.who import BY_STAFF, Who
from tests.fakes.clock import START
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import (
    MONDAY,
    House,
    add_station,
    at,
    book,
    check_slots,
    close_day,
    offer,
    somebody,
    wish,
)
from tests.fakes.waitingroom import TWO_TIMES, line, small_house, wait
from tests.storage.bureau import add_staff

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)
WEEK = timedelta(days=7)


def caller(phone: str) -> Who:
    """Return somebody who telephoned, and has no messenger."""
    return Who(name="赵大爷", phone=phone, made_by=BY_STAFF)


async def test_the_page_says_who_is_how_far_in_front_as_the_chat_does(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        other = await offer(db, await add_station(db, "北街服务站", week=TWO_TIMES), house.service)
        clerk = await add_staff(db, START, station=other.station)
        for day in (MONDAY, MONDAY + WEEK):
            for hour in (9, 15):
                await book(db, house, at(day, hour), f"has-{day}-{hour}")
        said = [
            await wait(db, house, "w0", "am", MONDAY + WEEK),
            await wait(db, house, "w1", "pm"),
            await wait(db, house, "w2", "am"),
            await wait(db, house, "w3", "any"),
            await wait(db, house, "w4", "pm"),
        ]
        rows, count = await wait_lists.page(db, boss, None, 0, START)
        assert [(one.row.id, one.position) for one in rows] == [
            (said[number].row.id, position) for number, position in ((1, 1), (2, 1), (3, 3), (4, 3), (0, 1))
        ]
        assert {one.row.id: one.position for one in rows} == {one.row.id: one.position for one in said}
        assert count == 5
        assert await wait_lists.page(db, boss, None, 1, START) == ([], 5)
        assert await wait_lists.page(db, boss, other.station.id, 0, START) == ([], 0)
        assert await wait_lists.page(db, clerk, None, 0, START) == ([], 0)
        assert (await wait_lists.page(db, boss, None, 0, START + WEEK))[1] == 1  # what is over is not shown
        with pytest.raises(Refusal, match="不是您的站的"):
            await wait_lists.wait_of(db, clerk, said[0].row.id)
        assert (await wait_lists.wait_of(db, boss, said[0].row.id)).row.id == said[0].row.id


async def test_a_line_goes_on_over_its_pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait_lists, "PAGE", 2)
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        await book(db, house, NINE, "has")
        for number in range(3):
            await wait(db, house, f"w{number}", "am")
        (one,), count = await wait_lists.page(db, boss, None, 1, START)
        assert (one.position, count) == (3, 3)


async def test_who_is_telephoned_when_a_place_is_kept(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        stops = await add_person(db, "王大爷", phone="13800002222", account=("telegram", "wang"))
        account = (await db.scalars(select(Address.id).where(Address.person_id == stops.id))).one()
        db.add(NoticeStop(address_id=account, kind=KIND, at=START))
        await add_account_of(db, stops.id, "wang-2")
        for who, silent, called in (
            (Who(person_id=await on_file(db, "telegram")), False, 0),
            (Who(person_id=stops.id), True, 1),
            (Who(person_id=await on_file(db, "web")), True, 1),
            (Who(person_id=await on_file(db, "web", phone=None)), True, 0),  # nobody could ring them
            (caller("13800004444"), True, 1),
            (await somebody(db, "stranger"), False, 0),
        ):
            has = await book(db, house, NINE, "has")
            one = await wait(db, house, who, "am")
            assert await wait_lists.calls(db, boss, START) == 0
            await bookings.cancel(db, RULES, has.booking.id, "本人", START)
            (kept,) = await wait_lists.kept(db, boss, None, START)
            assert kept.row.id == one.row.id
            assert (await wait_lists.unreached(db, [kept], START) == {one.row.id}) == silent
            assert await wait_lists.calls(db, boss, START, house.station.id) == called
            assert await wait_lists.calls(db, boss, START, house.station.id + 1) == 0
            late = START + timedelta(hours=2)
            assert (await wait_lists.kept(db, boss, None, late), await wait_lists.calls(db, boss, late)) == ([], 0)
            await waits.decline(db, RULES, one.row.id, START)


async def test_a_place_kept_for_a_caller_is_passed_on_in_time(database: Database) -> None:
    """The offer's time runs whether or not anybody has rung."""
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        has = await book(db, house, NINE, "has")
        await wait(db, house, caller("13800004444"), "am")
        await wait(db, house, caller("13800005555"), "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        until = (await wait_lists.kept(db, boss, None, START))[0].row.offer_until
        assert until == START + timedelta(hours=2)
        await waits.run_out(db, RULES, until, 9)
        assert await line(db) == ["passed", "offered"]
        assert set((await check_slots(db)).values()) == {1}


async def test_for_whom_nothing_came_of_it_is_telephoned_once(database: Database) -> None:
    """Whoever lost a place, or waited for a day that was closed or is over, and gets no push, is told by staff."""
    now = START
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        has = await book(db, house, NINE, "has")
        for hour in (9, 15):
            await book(db, house, at(MONDAY + WEEK, hour), f"next-{hour}")
        passed = await wait(db, house, caller("13800004444"), "am")
        pushed = await wait(db, house, Who(person_id=await on_file(db, "telegram")), "am")
        unknown = await wait(db, house, Who(person_id=await on_file(db, "web", phone=None)), "any", MONDAY + WEEK)
        closed = await wait(db, house, caller("13800006666"), "any", MONDAY + WEEK)
        await bookings.cancel(db, RULES, has.booking.id, "本人", now)
    async with database.transaction() as db:
        await waiting_notices.tell_news(VAULT, RULES, db, now)
        assert await wait_lists.lost(db, boss, None, now) == []
        now += timedelta(hours=2)
        assert await waits.run_out(db, RULES, now, 9)
        await closures.close(db, house.station.id, MONDAY + WEEK, "停电检修", boss.id, now)
    async with database.transaction() as db:
        await waiting_notices.tell_news(VAULT, RULES, db, now)
        assert await waits.untold(db, 9) == []
        found = await wait_lists.lost(db, boss, None, now)
        assert [(one.row.id, one.row.news) for one in found] == [(passed.row.id, "passed"), (closed.row.id, "closed")]
        assert {pushed.row.id, unknown.row.id}.isdisjoint(one.row.id for one in found)
        assert await wait_lists.calls(db, boss, now) == 2
        clerk = await add_staff(db, START, station=await add_station(db, "北街服务站"))
        assert await wait_lists.lost(db, clerk, None, now) == []
        await wait_lists.telephoned(db, passed.row.id)
        with pytest.raises(Refusal, match="已经有人"):
            await wait_lists.telephoned(db, passed.row.id)
        assert await wait_lists.calls(db, boss, now) == 1
        assert await wait_lists.calls(db, boss, now + timedelta(days=8)) == 0
        assert await waits.untold(db, 9) == []


async def test_nobody_rings_for_who_has_died(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_boss(db)
        for hour in (9, 15):
            await book(db, house, at(MONDAY, hour), f"has-{hour}")
        person_id = await on_file(db, "web")
        await wait(db, house, Who(person_id=person_id))
        await waits.end_days(db, START + WEEK)
        await waiting_notices.tell_news(VAULT, RULES, db, START + WEEK)
        (one,) = await wait_lists.lost(db, boss, None, START + WEEK)
        assert one.row.news == "ended"
        (await db.get_one(Person, person_id)).deceased_at = START + WEEK
        await db.flush()
        assert (
            await wait_lists.lost(db, boss, None, START + WEEK),
            await wait_lists.calls(db, boss, START + WEEK),
        ) == ([], 0)


async def test_staff_say_yes_for_somebody_and_the_second_is_told(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        boss = await add_boss(db)
        has = await book(db, house, NINE, "has")
        one = await wait(db, house, caller("13800004444"), "am")
        assert (await wait(db, house, caller("13800004444"), "am")).row.id == one.row.id  # tapped twice
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        visit = await waits.accept(db, RULES, one.row.id, START, BY_STAFF, staff_id=boss.id)
        assert (visit.slot.starts_at, visit.booking.made_by, visit.booking.staff_id) == (NINE, BY_STAFF, boss.id)
        assert visit.booking.phone is not None
        with pytest.raises(Refusal, match="已经答应下来"):
            await waits.accept(db, RULES, one.row.id, START, BY_STAFF, staff_id=boss.id)
        assert await line(db) == ["taken"]


@pytest.mark.parametrize("second", ["accept", "decline", "leave"])
async def test_of_two_clerks_at_once_one_is_told(database: Database, second: str) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        has = await book(db, house, NINE, "has")
        one = await wait(db, house, caller("13800004444"), "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)

    async def act(name: str) -> bool:
        async with database.transaction() as db:
            try:
                if name == "accept":
                    await waits.accept(db, RULES, one.row.id, START, BY_STAFF)
                    return True
                before = await (waits.decline if name == "decline" else waits.leave)(db, RULES, one.row.id, START)
            except Refusal:
                return False
            return before.row.status == "offered"

    assert sorted(await asyncio.gather(act("accept"), act(second))) == [False, True]
    async with database.transaction() as db:
        assert sum((await check_slots(db)).values()) == (await line(db) == ["taken"])


async def test_nobody_is_put_on_the_list_whom_nobody_could_ask(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        with pytest.raises(Refusal, match="请写上电话"):
            await wait(db, house, Who(name="赵大爷", made_by=BY_STAFF))
        assert await line(db) == []


async def test_what_is_full_can_be_waited_for(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        await book(db, house, NINE, "has")
        for hour in (9, 15):
            await book(db, house, at(MONDAY + WEEK, hour), f"next-{hour}")
        assert await full(db, house, START) == {MONDAY: ["am"], MONDAY + WEEK: ["any", "am", "pm"]}
        assert await full(db, house, NINE) == {MONDAY + WEEK: ["any", "am", "pm"]}  # nobody could come any more
        await close_day(db, house.station, MONDAY + WEEK)
        assert await full(db, house, START) == {MONDAY: ["am"]}


async def test_beyond_what_people_can_book_nobody_waits(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db, horizon_days=5)
        await book(db, house, NINE, "has")
        staff = caller("13800004444")
        await bookings.reserve(db, VAULT, RULES, wish(house, NINE + WEEK, staff), START)
        assert await full(db, house, START) == {MONDAY: ["am"]}


async def full(db: AsyncSession, house: House, now: datetime) -> dict[date, list[str]]:
    timetable = await read_timetable(db, station_ids=[house.station.id])
    provision = timetable.provision(house.station.id, house.service.id)
    assert provision is not None
    days = [
        day
        for first in (MONDAY, MONDAY + WEEK)
        for day in await desk_times.week(db, house.station.id, house.service.id, first, RULES, now)
    ]
    return wait_days.full(timetable, provision, days, RULES, now)


async def on_file(db: AsyncSession, channel: str, phone: str | None = "13800001111") -> int:
    name = f"{channel}-{phone}"
    return (await add_person(db, name, phone=phone, account=(channel, name))).id


async def add_account_of(db: AsyncSession, person_id: int, external_id: str) -> None:
    """Add an account that was bound after a kind was stopped on another."""
    db.add(Address(person_id=person_id, channel="telegram", external_id=external_id, created_at=START))
    await db.flush()
