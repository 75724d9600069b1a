"""Bookings looked up, and following their people: bound, joined with another record, or dead."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Waiting
from db.engine import Database
from db.turns import Outbox
from services import bindings, booking_lists, booking_people, bookings, deaths, notices, person_records
from services.booking_lists import Sieve
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import HasOneError, Visit, Who
from services.notices import Notice
from services.person_records import Sheet
from tests.fakes.clock import START
from tests.fakes.eventhall import add_account
from tests.fakes.examroom import add_boss, add_person
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
from tests.storage.bureau import add_case, add_staff

TUESDAY = MONDAY + timedelta(days=1)


async def north_of(db: AsyncSession, house: House) -> House:
    return await offer(db, await add_station(db, "北街服务站"), house.service)


async def statuses(db: AsyncSession) -> dict[int, str]:
    rows = await db.execute(select(Booking.id, Booking.status).order_by(Booking.id))
    return dict(iter(rows))


def ids(found: list[Visit]) -> list[int]:
    return [one.booking.id for one in found]


async def test_a_code_is_found_as_it_is_read_typed_or_scanned(database: Database) -> None:
    async with database.transaction() as db:
        visit = await book(db, await open_house(db), at(MONDAY, 9), "li")
        code = visit.booking.code
        signs = code.removeprefix("YY-")
        for typed in (code, signs, code.lower(), f" {signs[:2]} {signs[2:].lower()}\n", f"ｙｙ－{signs}"):
            assert (await booking_lists.by_code(db, typed)) == visit
        for typed in ("", "YY-", "A", signs[:-1], "ZP-" + signs):
            assert await booking_lists.by_code(db, typed) is None
        assert await booking_lists.find(db, visit.booking.id) == visit
        assert await booking_lists.find(db, 404) is None


async def test_what_is_mine_is_what_is_to_come(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        other = await offer(db, house.station, await add_service(db, "政策咨询"))
        li = await somebody(db, "li")
        mother = Who(address_id=li.address_id, name="王桂花", made_by="女儿")
        late, early = await book(db, house, at(TUESDAY, 9), li), await book(db, house, at(MONDAY, 9), mother)
        dropped = await book(db, other, at(MONDAY, 14), li)
        await bookings.cancel(db, RULES, dropped.booking.id, "本人", START)
        await book(db, house, at(MONDAY, 9), "wang")
        assert ids(await booking_lists.of(db, li.address_id, [], START)) == [early.booking.id, late.booking.id]
        assert ids(await booking_lists.of(db, li.address_id, [], at(MONDAY, 9, 30))) == [late.booking.id]
        assert await booking_lists.of(db, None, [], START) == []
        person = await add_person(db, "王建国")
        by_hand = await book(db, house, at(MONDAY, 10), Who(person_id=person.id, made_by=bookings.BY_STAFF))
        assert ids(await booking_lists.of(db, None, [person.id], START)) == [by_hand.booking.id]


async def test_a_day_of_a_station_is_that_of_china(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, week={"0": [["00:00", "02:00"], ["22:00", "23:59"]], "1": [["00:00", "01:00"]]})
        other = await offer(db, house.station, await add_service(db, "政策咨询"))
        first = await book(db, house, at(MONDAY, 0), "a")
        last = await book(db, house, at(MONDAY, 23), "b")
        came = await book(db, other, at(MONDAY, 1), "b")
        await book(db, house, at(TUESDAY, 0), "c")
        gone = await book(db, house, at(MONDAY, 0), "d")
        await bookings.cancel(db, RULES, gone.booking.id, "本人", START)
        await bookings.mark(db, came.booking.id, "came", at(MONDAY, 1))
        found = await booking_lists.on_day(db, house.station.id, MONDAY)
        assert ids(found) == [first.booking.id, came.booking.id, last.booking.id]
        assert await booking_lists.on_day(db, 404, MONDAY) == []


async def test_staff_see_pages_of_their_own_stations(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db, capacity=30)
        north = await north_of(db, house)
        made = [await book(db, house, at(MONDAY, 9), f"a{number}") for number in range(22)]
        far = await book(db, north, at(TUESDAY, 9), "b")
        await bookings.cancel(db, RULES, made[0].booking.id, "本人", START)
        boss, agent = await add_staff(db, START, "lead"), await add_staff(db, START, "agent", north.station)
        first, count = await booking_lists.page(db, boss, Sieve(), 0)
        second, _ = await booking_lists.page(db, boss, Sieve(), 1)
        assert (count, ids(first + second)) == (23, [*ids(made), far.booking.id])
        assert len(first) == booking_lists.PAGE
        assert ids((await booking_lists.page(db, agent, Sieve(), 0))[0]) == [far.booking.id]
        for sieve, expected in (
            (Sieve(station_id=house.station.id), 22), (Sieve(status="booked"), 22), (Sieve(status="cancelled"), 1),
            (Sieve(first=TUESDAY), 1), (Sieve(last=MONDAY), 22), (Sieve(first=date(2027, 1, 1)), 0),
        ):  # fmt: skip
            assert (await booking_lists.page(db, boss, sieve, 0))[1] == expected


async def test_what_an_account_booked_is_its_owners_once_it_is_bound(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        person = await add_person(db, "王建国")
        account = await add_account(db, "li")
        visit = await book(db, house, at(MONDAY, 9), Who(account))
        mother = await book(db, house, at(MONDAY, 9), Who(account, name="王桂花", made_by="女儿"))
        await bindings.bind(db, account, person.id)
        own, other = [await db.get_one(Booking, one.booking.id, populate_existing=True) for one in (visit, mother)]
        assert (own.person_id, own.who_key) == (person.id, f"p:{person.id}")
        assert (other.person_id, other.who_key) == (None, mother.booking.who_key)
        with pytest.raises(bookings.HasOneError):
            await book(db, house, at(MONDAY, 10), Who(person_id=person.id))


async def test_two_bookings_of_one_service_both_stay_when_an_account_is_bound(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        person, account = await add_person(db, "王建国"), await add_account(db, "li")
        on_file = await book(db, house, at(MONDAY, 9), Who(person_id=person.id))
        unbound = await book(db, house, at(TUESDAY, 9), Who(account))
        await bindings.bind(db, account, person.id)
        found = await booking_lists.of(db, account, [person.id], START)
        assert ids(found) == [on_file.booking.id, unbound.booking.id]
        await check_slots(db)


async def test_the_dead_give_their_places_to_those_who_wait(database: Database) -> None:
    async with database.transaction() as db:
        await add_boss(db)
        house = await open_house(db, capacity=1)
        other = await offer(db, house.station, await add_service(db, "政策咨询", capacity=1))
        third = await offer(db, house.station, await add_service(db, "别的"))
        person = await add_person(db, "王建国", account=("telegram", "li"))
        account = (await somebody(db, "li")).address_id
        child = (await somebody(db, "child")).address_id
        by_child = await book(db, house, at(MONDAY, 9), Who(child, person.id, made_by="女儿"))
        by_himself = await book(db, other, at(TUESDAY, 9), Who(account, person.id))
        for_mother = await book(db, third, at(TUESDAY, 9), Who(account, name="王桂花", made_by="儿子"))
        waiting = await wait_for(db, house, MONDAY, "wang")
        await deaths.report(db, VAULT, person.id, START)
        assert await statuses(db) == {
            by_child.booking.id: "cancelled", by_himself.booking.id: "cancelled", for_mother.booking.id: "booked"
        }  # fmt: skip
        assert (await db.get_one(Waiting, waiting, populate_existing=True)).status == "offered"
        assert sorted((await check_slots(db)).values()) == [0, 1, 1]
        assert await booking_people.cancel_all(db, person.id, START) == 0


async def test_what_is_over_stays_as_it_was_when_somebody_dies(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        person = await add_person(db, "王建国")
        visit = await book(db, house, at(MONDAY, 9), Who(person_id=person.id))
        assert await booking_people.cancel_all(db, person.id, at(MONDAY, 10)) == 0
        assert await statuses(db) == {visit.booking.id: "booked"}


@pytest.mark.parametrize("how", ["link", "create"])
async def test_what_an_account_booked_is_its_person_s_when_staff_put_it_on_file(database: Database, how: str) -> None:
    """Else they could book the same once more, and have two seats of one slot."""
    async with database.transaction() as db:
        boss, house = await add_boss(db), await open_house(db)
        north = await offer(db, house.station, await add_service(db, "政策咨询"))
        li = await somebody(db, "li")
        assert li.address_id is not None
        first, waiting = await book(db, house, at(MONDAY, 9), li), await wait_for(db, north, TUESDAY, "li")
        await add_case(db, START, sender="li")
        if how == "link":
            person = await add_person(db, "李四", phone="13800001234")
            await person_records.link(db, boss, li.address_id, person.id)
        else:
            sheet = Sheet("李四", "13800001234")
            person = await person_records.create(db, VAULT, boss, li.address_id, sheet, START)
        theirs = Who(address_id=li.address_id, person_id=person.id)
        assert (await book(db, house, at(MONDAY, 9), theirs)).booking.id == first.booking.id
        with pytest.raises(HasOneError):
            await book(db, house, at(TUESDAY, 9), theirs)
        row = await db.get_one(Waiting, waiting, populate_existing=True)
        assert (row.person_id, row.who_key) == (person.id, f"p:{person.id}")
        assert sorted((await check_slots(db)).values()) == [1]


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_who_is_put_on_file_while_they_book_has_one_booking(database: Database) -> None:
    """Their booking is under way and not yet seen: it is waited for, and is theirs."""
    async with database.transaction() as db:
        boss, house, li = await add_boss(db), await open_house(db), await somebody(db, "li")
        assert li.address_id is not None
        address_id = li.address_id
        await add_case(db, START, sender="li")
        person = await add_person(db, "李四", phone="13800001234")

    async def link() -> None:
        async with database.transaction() as db:
            await person_records.link(db, boss, address_id, person.id)

    async with database.transaction() as db:
        visit = await book(db, house, at(MONDAY, 9), li)
        linking = asyncio.create_task(link())
        stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not await db.scalar(stuck):
            pass
    await linking
    async with database.snapshot() as db:
        assert await db.scalar(select(Booking.person_id).where(Booking.id == visit.booking.id)) == person.id


async def test_two_records_become_one_and_nobody_comes_in_vain(database: Database) -> None:
    async with database.transaction() as db:
        boss = await add_boss(db)
        house = await open_house(db)
        alone, same_time = [await offer(db, house.station, await add_service(db, name)) for name in ("咨询", "别的")]
        keep, gone = await add_person(db, "王建国"), await add_person(db, "王建国")
        mine, theirs = Who(person_id=keep.id), Who(person_id=gone.id)
        old = await book(db, house, at(MONDAY, 8), theirs)
        await bookings.mark(db, old.booking.id, "no_show", at(MONDAY, 8, 30))
        first, second = await book(db, house, at(MONDAY, 9), mine), await book(db, house, at(TUESDAY, 9), theirs)
        only = await book(db, alone, at(MONDAY, 10), theirs)
        twice = [await book(db, same_time, at(MONDAY, 14), who) for who in (mine, theirs)]
        await person_records.join(db, boss, keep.id, gone.id, START)
        assert await statuses(db) == {
            old.booking.id: "no_show", first.booking.id: "booked", second.booking.id: "booked",
            only.booking.id: "booked", twice[0].booking.id: "booked", twice[1].booking.id: "cancelled",
        }  # fmt: skip
        assert set(await db.scalars(select(Booking.person_id))) == {keep.id}
        assert await bookings.no_shows(db, f"p:{keep.id}", at(MONDAY, 9)) == 1
        assert len(await booking_lists.of(db, None, [keep.id], START)) == 4
        assert sorted((await check_slots(db)).values()) == [1, 1, 1, 1, 1]
        third = await add_person(db, "王建国")
        await person_records.join(db, boss, third.id, keep.id, START)  # and once more, with two of one service
        assert set(await db.scalars(select(Booking.person_id))) == {third.id}
        await check_slots(db)


async def test_an_account_that_is_taken_off_a_record_hears_no_more_of_its_visits(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        boss = await add_boss(db)
        person = await add_person(db, "王建国", account=("telegram", "li"))
        account = (await somebody(db, "li")).address_id
        visit = await book(db, house, at(MONDAY, 9), Who(person_id=person.id))
        assert account is not None
        key = f"visit:{visit.booking.id}:remind:1"
        await notices.post(db, [Notice("visit", "telegram", "li", account, "明天有预约", key)], START)
        await person_records.unlink(db, boss, person.id, account, START)
        assert await notices_left(db) == []


async def notices_left(db: AsyncSession) -> list[str]:
    return list(await db.scalars(select(Outbox.dedupe_key).where(Outbox.status.in_(("held", "ready")))))
