"""Bookings as the databases keep them: nobody twice, no place twice, moved without losing it, given back when cancelled."""

import asyncio
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.bookings import Booking, Slot, Waiting
from db.engine import Database
from db.turns import Outbox
from services import bookings, notices, waits
from services.booking_moments import moments
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.booking_rules import BookingRules
from services.bookings import FullError, HasOneError, Visit, Who
from services.calendar import DEFAULT_WEEK
from services.notices import Notice
from services.office_hours import set_week
from tests.fakes.clock import START
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import (
    MONDAY,
    House,
    add_service,
    add_station,
    at,
    book,
    check_slots,
    offer,
    open_house,
    somebody,
    wait_for,
)

TUESDAY = MONDAY + timedelta(days=1)
STAFF = Who(name="张大爷", phone="13800001111", made_by=bookings.BY_STAFF)


async def stand(db: AsyncSession, visit: Visit) -> Booking:
    return await db.get_one(Booking, visit.booking.id, populate_existing=True)


async def test_a_visit_keeps_what_it_was_made_with_and_seals_who_it_is(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        who = await somebody(db, "li", name="李秀英", phone="13800002222", made_by="女儿")
        visit = await book(db, house, at(MONDAY, 9), who)
        row = visit.booking
        assert (visit.station, visit.service) == (house.station, house.service)
        assert (visit.slot.starts_at, visit.slot.ends_at) == (at(MONDAY, 9), at(MONDAY, 9, 30))
        assert (visit.slot.taken, visit.slot.capacity) == (1, 2)
        assert (row.status, row.sequence, row.made_by, row.address_id) == ("booked", 0, "女儿", who.address_id)
        assert row.code.startswith("YY-")
        assert row.remind_at == moments(at(MONDAY, 9))[0]
        assert row.name is not None
        assert row.phone is not None
        assert (VAULT.decrypt(row.name), VAULT.decrypt(row.phone)) == ("李秀英", "13800002222")
        assert "李秀英" not in row.who_key


@pytest.mark.parametrize("first", [True, False])
async def test_a_booking_takes_no_more_than_ten_statements(database: Database, *, first: bool) -> None:
    """For somebody on file, who is locked first; whether the time is wanted for the first time or not."""
    async with database.transaction() as db:
        house, person = await open_house(db), await add_person(db, "王建国")
        await set_week(db, DEFAULT_WEEK)
        if not first:
            await book(db, house, at(MONDAY, 9), "li")
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    async with database.transaction() as db:
        await book(db, house, at(MONDAY, 9), Who(person_id=person.id))
    assert len([one for one in asked if not one.startswith("BEGIN")]) == 10


async def test_two_taps_are_one_booking(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        first = await book(db, house, at(MONDAY, 9), "li")
    async with database.transaction() as db:
        again = await book(db, house, at(MONDAY, 9), "li")
        assert again.booking.id == first.booking.id
        assert await check_slots(db) == {first.slot.id: 1}


async def test_one_open_booking_of_a_service_and_it_is_shown(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        first = await book(db, house, at(MONDAY, 9), "li")
        with pytest.raises(HasOneError) as no:
            await book(db, house, at(TUESDAY, 9), "li")
        assert no.value.visit.booking.id == first.booking.id
        other = await offer(db, house.station, await add_service(db, "政策咨询"))
        await book(db, other, at(TUESDAY, 9), "li")
        await bookings.cancel(db, RULES, first.booking.id, "本人", START)
        await book(db, house, at(TUESDAY, 10), "li")
        assert sorted((await check_slots(db)).values()) == [0, 1, 1]


async def test_whoever_comes_too_late_is_told_and_takes_nothing(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 9), "li")
        for who in ("wang", STAFF):
            with pytest.raises(FullError):
                await book(db, house, at(MONDAY, 9), who)
        assert await check_slots(db) == {visit.slot.id: 1}


async def test_a_day_has_a_limit_and_nobody_is_at_two_places_at_once(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, minutes=60)
        others = [await offer(db, house.station, await add_service(db, f"事项{number}")) for number in range(4)]
        await book(db, house, at(MONDAY, 9), "li")
        with pytest.raises(Refusal, match="已经有别的预约"):
            await book(db, others[0], at(MONDAY, 9, 30), "li")
        await book(db, others[0], at(MONDAY, 10), "li")
        with pytest.raises(Refusal, match="一天最多约 2 次"):
            await book(db, others[1], at(MONDAY, 14), "li")
        await book(db, others[1], at(TUESDAY, 14), "li")
        await book(db, others[1], at(MONDAY, 14), "wang")
        by_staff = Who(person_id=(await add_person(db, "王建国")).id, made_by=bookings.BY_STAFF)
        for one, hour in zip(others, (9, 10, 14), strict=False):
            await book(db, one, at(MONDAY, hour), by_staff)
        with pytest.raises(Refusal, match="已经有别的预约"):
            await book(db, others[3], at(MONDAY, 14), by_staff)
        await check_slots(db)


async def test_a_family_member_is_somebody_else(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        own = await somebody(db, "li")
        mother, father = (
            Who(address_id=own.address_id, name=name, phone="13800002222", made_by="女儿")
            for name in ("王桂花", "李大山")
        )
        await book(db, house, at(MONDAY, 9), own)
        first = await book(db, house, at(MONDAY, 9), mother)
        await book(db, house, at(MONDAY, 10), father)
        assert (await book(db, house, at(MONDAY, 9), mother)).booking.id == first.booking.id
        with pytest.raises(HasOneError):
            await book(db, house, at(MONDAY, 11), mother)
        await check_slots(db)


async def test_a_person_on_file_is_the_same_on_every_account(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        person = await add_person(db, "王建国")
        by_hand = Who(person_id=person.id)
        by_child = Who((await somebody(db, "child")).address_id, person.id, made_by="女儿")
        await book(db, house, at(MONDAY, 9), by_hand)
        with pytest.raises(HasOneError):
            await book(db, house, at(MONDAY, 10), by_child)
        person.deceased_at = START
        await db.flush()
        other = await offer(db, house.station, await add_service(db, "政策咨询"))
        for gone in (by_child, Who(person_id=404)):
            with pytest.raises(Refusal, match="找工作人员核对"):
                await book(db, other, at(MONDAY, 10), gone)


async def test_staff_pass_notice_and_horizon_but_not_the_end(database: Database) -> None:
    now, rules = at(MONDAY, 9, 10), BookingRules(notice_minutes=60, horizon_days=3)
    far = MONDAY + timedelta(days=10)
    async with database.transaction() as db:
        house = await open_house(db)
        for moment in (at(MONDAY, 9), at(MONDAY, 9, 30), at(far, 9)):
            with pytest.raises(Refusal):
                await book(db, house, moment, "li", now, rules)
        for number, moment in enumerate((at(MONDAY, 9), at(MONDAY, 9, 30), at(far, 9))):
            await book(db, house, moment, Who(name=f"张{number}", made_by=bookings.BY_STAFF), now, rules)
        with pytest.raises(Refusal, match="已经过了"):
            await book(db, house, at(MONDAY, 8, 30), STAFF, now, rules)
        with pytest.raises(Refusal, match="姓名或电话"):
            await book(db, house, at(MONDAY, 10), Who(made_by=bookings.BY_STAFF), now, rules)
        with pytest.raises(HasOneError):
            await book(db, house, at(MONDAY, 11), Who(name="张0", made_by=bookings.BY_STAFF), at(MONDAY, 8), rules)


async def test_what_a_station_does_not_do_cannot_be_booked(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        other = House(await add_station(db, "北街服务站"), house.service)
        with pytest.raises(Refusal, match="不办这件事"):
            await book(db, other, at(MONDAY, 9), "li")
        for bad in (at(MONDAY, 12), at(MONDAY - timedelta(days=1), 9), at(MONDAY - timedelta(days=4), 9)):
            with pytest.raises(Refusal):
                await book(db, house, bad, "li")
        assert (await db.scalars(select(Slot))).all() == []


async def test_moving_keeps_the_code_and_starts_the_reminders_anew(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        north = await offer(db, await add_station(db, "北街服务站"), house.service)
        visit = await book(db, house, at(MONDAY, 9), "li")
        moved = await bookings.move(
            db, RULES, visit.booking.id, north.station.id, at(TUESDAY, 15), "工作人员", START, "停电"
        )
        row = moved.after.booking
        assert moved.before.slot.starts_at == at(MONDAY, 9)
        assert (moved.after.station.name, moved.after.slot.starts_at) == ("北街服务站", at(TUESDAY, 15))
        assert (row.code, row.sequence, row.changed_by, row.reason) == (visit.booking.code, 1, "工作人员", "停电")
        assert row.remind_at == moments(at(TUESDAY, 15))[0]
        same = await bookings.move(db, RULES, row.id, north.station.id, at(TUESDAY, 15), "本人", START)
        assert (same.after.booking.sequence, same.after.booking.changed_by) == (1, "工作人员")
        assert await check_slots(db) == {visit.slot.id: 0, moved.after.slot.id: 1}


async def test_a_move_that_cannot_be_leaves_the_old_place(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 9), "li")
        await book(db, house, at(MONDAY, 10), "wang")
        other = await offer(db, house.station, await add_service(db, "政策咨询", capacity=1))
        await book(db, other, at(TUESDAY, 9), "li")
        to: list[tuple[Any, str]] = [
            (at(MONDAY, 10), "约满"), (at(MONDAY, 13), "没有这个时间"), (START, "已经过了"), (at(TUESDAY, 9), "别的预约"),
        ]  # fmt: skip
        for moment, said in to:
            with pytest.raises(Refusal, match=said):
                await bookings.move(db, RULES, visit.booking.id, house.station.id, moment, "本人", START)
        for booking_id, now, said in (
            (404, START, "没有找到这个预约"),
            (visit.booking.id, at(MONDAY, 9, 30), "已经过了"),
        ):
            with pytest.raises(Refusal, match=said):
                await bookings.move(db, RULES, booking_id, house.station.id, at(TUESDAY, 15), "本人", now)
        row = await stand(db, visit)
        assert (row.slot_id, row.sequence, row.status) == (visit.slot.id, 0, "booked")
        assert (await check_slots(db))[visit.slot.id] == 1


async def test_moving_on_the_same_day_is_no_further_visit(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, at(MONDAY, 9), "li", rules=BookingRules(per_day=1))
        one = BookingRules(per_day=1)
        await bookings.move(db, one, visit.booking.id, house.station.id, at(MONDAY, 9, 30), "本人", START)
        await check_slots(db)


async def test_cancelling_says_who_and_why_and_gives_the_place_back_once(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 9), "li")
        row = (await bookings.cancel(db, RULES, visit.booking.id, "工作人员", START, "停电")).booking
        assert (row.status, row.sequence, row.changed_by, row.reason) == ("cancelled", 1, "工作人员", "停电")
        assert (row.remind_at, row.ended_at) == (None, START)
        assert await check_slots(db) == {visit.slot.id: 0}
        for booking_id in (visit.booking.id, 404):
            with pytest.raises(Refusal, match="没有找到这个预约"):
                await bookings.cancel(db, RULES, booking_id, "本人", START)
        await book(db, house, at(MONDAY, 9), "wang")
        assert await check_slots(db) == {visit.slot.id: 1}


@pytest.mark.parametrize("how", ["move", "cancel", "came"])
async def test_what_was_said_of_the_old_time_but_is_not_out_is_taken_back(database: Database, how: str) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit, other = await book(db, house, at(MONDAY, 9), "li"), await book(db, house, at(MONDAY, 9), "wang")
        for one in (visit, other):
            key = f"visit:{one.booking.id}:remind:1"
            await notices.post(db, [Notice("visit", "telegram", "7", one.booking.address_id, "明天有预约", key)], START)
        if how == "move":
            await bookings.move(db, RULES, visit.booking.id, house.station.id, at(TUESDAY, 9), "本人", START)
        elif how == "cancel":
            await bookings.cancel(db, RULES, visit.booking.id, "本人", START)
        else:
            await bookings.mark(db, visit.booking.id, "came", START)
        found = (await db.execute(select(Outbox.dedupe_key, Outbox.status))).all()
        assert {key.split(":")[1]: status for key, status in found} == {
            str(visit.booking.id): "cancelled", str(other.booking.id): "held"
        }  # fmt: skip


@pytest.mark.parametrize("how", ["move", "cancel"])
async def test_a_freed_place_is_kept_for_the_first_who_waits(database: Database, how: str) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 9), "li")
        first, second = await wait_for(db, house, MONDAY, "wang"), await wait_for(db, house, MONDAY, "zhao")
        if how == "move":
            await bookings.move(db, RULES, visit.booking.id, house.station.id, at(TUESDAY, 9), "本人", START)
        else:
            await bookings.cancel(db, RULES, visit.booking.id, "本人", START)
        rows = {row.id: row.status for row in await db.scalars(select(Waiting))}
        assert rows == {first: "offered", second: "waiting"}
        assert (await check_slots(db))[visit.slot.id] == 1
        with pytest.raises(FullError):
            await book(db, house, at(MONDAY, 9), "sun")


async def test_whoever_gets_such_a_time_as_they_waited_for_waits_no_more(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        rows = [await wait_for(db, house, MONDAY, "li", half) for half in ("am",)]
        morning = await book(db, house, at(MONDAY, 15), "li")
        assert [row.status for row in await db.scalars(select(Waiting))] == ["waiting"]
        await bookings.move(db, RULES, morning.booking.id, house.station.id, at(MONDAY, 9), "本人", START)
        ended = await db.get_one(Waiting, rows[0], populate_existing=True)
        assert (ended.status, ended.ended_at) == ("left", START)


async def test_who_came_and_who_did_not(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, at(MONDAY, 9), "li")
        with pytest.raises(Refusal, match="还没到约定的时间"):
            await bookings.mark(db, visit.booking.id, "no_show", at(MONDAY, 8, 59))
        row = (await bookings.mark(db, visit.booking.id, "no_show", at(MONDAY, 9, 30))).booking
        assert (row.status, row.remind_at) == ("no_show", None)
        key = row.who_key
        assert await bookings.no_shows(db, key, at(MONDAY, 10)) == 1
        assert await bookings.no_shows(db, key, at(MONDAY, 10) + timedelta(days=91)) == 0
        assert (await bookings.mark(db, visit.booking.id, "came", at(MONDAY, 9, 40))).booking.status == "came"
        assert await bookings.no_shows(db, key, at(MONDAY, 10)) == 0
        assert await check_slots(db) == {visit.slot.id: 1}  # the place was used up
        other = await book(db, house, at(TUESDAY, 9), "li")
        await bookings.cancel(db, RULES, other.booking.id, "本人", START)
        with pytest.raises(Refusal, match="没有找到这个预约"):
            await bookings.mark(db, other.booking.id, "came", at(TUESDAY, 9))


async def test_a_visit_that_nobody_said_a_word_of_is_in_nobodys_way(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit = await book(db, house, at(MONDAY, 9), "li")
        with pytest.raises(HasOneError):
            await book(db, house, at(TUESDAY, 9), "li", at(MONDAY, 9, 29))
        await book(db, house, at(TUESDAY, 9), "li", at(MONDAY, 9, 30))
        assert (await stand(db, visit)).status == "over"  # nobody saw them come, and nobody says that they did not
        assert await bookings.no_shows(db, visit.booking.who_key, at(MONDAY, 10)) == 0
        with pytest.raises(Refusal):
            await bookings.cancel(db, RULES, visit.booking.id, "本人", at(MONDAY, 10))
        await check_slots(db)


async def fate(database: Database, house: House, moment: Any, who: Who) -> str:
    try:
        async with database.transaction() as db:
            await book(db, house, moment, who)
    except FullError:
        return "full"
    except HasOneError:
        return "has one"
    except Refusal:
        return "no"
    return "booked"


async def test_at_the_same_moment_nobody_gets_what_another_has(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=3)
        people = [await somebody(db, f"p{number}") for number in range(9)]
    fates = await asyncio.gather(*(fate(database, house, at(MONDAY, 9), who) for who in people))
    assert sorted(fates) == ["booked"] * 3 + ["full"] * 6
    async with database.snapshot() as db:
        assert list((await check_slots(db)).values()) == [3]


async def test_two_accounts_at_the_same_moment_book_once_for_one_person(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        others = [await offer(db, house.station, await add_service(db, f"事项{number}")) for number in range(3)]
        person = (await add_person(db, "王建国")).id
        accounts = [(await somebody(db, f"a{number}")).address_id for number in range(3)]
    whose = [Who(account, person, made_by="女儿") for account in accounts]
    fates = await asyncio.gather(*(fate(database, house, at(MONDAY, 9 + n), who) for n, who in enumerate(whose)))
    assert sorted(fates) == ["booked", "has one", "has one"]
    fates = await asyncio.gather(
        *(fate(database, one, at(TUESDAY, 9), who) for one, who in zip(others, whose, strict=True))
    )
    assert sorted(fates) == ["booked", "no", "no"]
    async with database.snapshot() as db:
        assert [taken for taken in (await check_slots(db)).values() if taken] == [1, 1]


async def test_those_who_change_places_with_each_other_do_not_wait_in_a_circle(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=4)
        early = [await book(db, house, at(MONDAY, 9), f"e{number}") for number in range(3)]
        late = [await book(db, house, at(MONDAY, 10), f"l{number}") for number in range(3)]

    async def go(visit: Visit, hour: int) -> None:
        async with database.transaction() as db:
            try:
                await bookings.move(db, RULES, visit.booking.id, house.station.id, at(MONDAY, hour), "本人", START)
            except FullError:
                return

    await asyncio.gather(*(go(visit, 10) for visit in early), *(go(visit, 9) for visit in late))
    async with database.snapshot() as db:
        assert sum((await check_slots(db)).values()) == 6
        statuses = (await db.scalars(select(Booking.status))).all()
        assert set(statuses) == {"booked"}


async def test_times_are_utc_in_the_table_and_china_on_the_screen(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, week={"5": [["00:30", "02:30"]]})
        night = at(MONDAY + timedelta(days=5), 0, 30)  # Friday in UTC
        visit = await book(db, house, night, "li")
        assert visit.slot.starts_at.tzinfo is UTC
        assert (visit.slot.starts_at.day, visit.slot.starts_at.astimezone(CHINA).day) == (27, 28)
        other = await offer(db, house.station, await add_service(db, "政策咨询"))
        with pytest.raises(Refusal, match="一天最多约 1 次"):  # counted by China's day
            await book(db, other, night + timedelta(hours=1), "li", rules=BookingRules(per_day=1))


@pytest.mark.parametrize("how", ["book", "move"])
async def test_who_chooses_the_time_that_is_kept_for_them_gets_that_place(database: Database, how: str) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 9), "li")
        own = await book(db, house, at(TUESDAY, 9), "wang") if how == "move" else None
        waiting = await wait_for(db, house, MONDAY, "wang")
        await bookings.cancel(db, RULES, visit.booking.id, "本人", START)
        if own is None:
            got = await book(db, house, at(MONDAY, 9), "wang")
        else:
            moved = await bookings.move(db, RULES, own.booking.id, house.station.id, at(MONDAY, 9), "本人", START)
            got = moved.after
            assert (moved.before.slot.starts_at, got.booking.id) == (at(TUESDAY, 9), own.booking.id)
        assert got.slot.id == visit.slot.id
        assert (await db.get_one(Waiting, waiting, populate_existing=True)).status == "taken"
        assert [taken for taken in (await check_slots(db)).values() if taken] == [1]


async def test_a_visit_that_takes_longer_now_moves_into_the_time_it_has_itself(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1)
        visit = await book(db, house, at(MONDAY, 8, 30), "a")
        house.service.minutes = 60
        await db.flush()
        with pytest.raises(FullError):
            await book(db, house, at(MONDAY, 8), "b")
        await bookings.move(db, RULES, visit.booking.id, house.station.id, at(MONDAY, 8), "本人", START)
        assert list((await check_slots(db)).values()) == [0, 1]
        with pytest.raises(FullError):
            await book(db, house, at(MONDAY, 8), "b")


async def test_what_is_left_of_a_longer_time_is_not_kept_for_another_beside_who_moved_within_it(
    database: Database,
) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=1, minutes=60, week={"0": [["08:00", "09:00"]]})
        visit = await book(db, house, at(MONDAY, 8), "a")
        await wait_for(db, house, MONDAY, "b")
        house.service.minutes = 30
        await db.flush()
        await bookings.move(db, RULES, visit.booking.id, house.station.id, at(MONDAY, 8, 30), "本人", START)
        assert list((await check_slots(db)).values()) == [0, 1]
        assert await waits.refill_all(db, RULES, START) == 1
        kept = await db.get_one(Slot, visit.slot.id, populate_existing=True)
        assert (kept.taken, kept.ends_at) == (1, at(MONDAY, 8, 30))
