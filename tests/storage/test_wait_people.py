"""A place in a waiting list goes where its person goes: to another record, into a binding, or away with their death."""

import asyncio

import pytest
from sqlalchemy import select, text

from core.errors import Refusal
from db.bookings import Waiting
from db.engine import Database
from services import bindings, booking_people, booking_rows, bookings, deaths, person_merge, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Who
from tests.fakes.clock import START
from tests.fakes.examroom import add_person
from tests.fakes.stationhouse import MONDAY, add_service, at, book, check_slots, offer, open_house, somebody
from tests.fakes.waitingroom import line, small_house, wait

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)


async def test_who_has_died_waits_no_more_and_what_was_kept_goes_to_the_next(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        person = await add_person(db, "李大爷", account=("web", "li"))
        mine = Who(person_id=person.id, made_by="女儿", address_id=(await somebody(db, "daughter")).address_id)
        own = await book(db, house, NINE, mine)
        has = await book(db, house, THREE, "has")
        first, second = await wait(db, house, mine, "pm"), await wait(db, house, "next")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        await deaths.stop_all(db, person.id, START)
        assert await line(db) == ["left", "offered"]
        assert sorted((await check_slots(db)).values()) == [0, 1]
        kept = await waits.find(db, second.row.id)
        assert kept is not None
        assert kept.slot is not None
        assert kept.slot.starts_at in (NINE, THREE)
        assert [one.row.id for one in await waits.untold(db, 9)] == [second.row.id]
        person.deceased_at = START
        await db.flush()
        with pytest.raises(Refusal, match=booking_rows.NOBODY):
            await wait(db, house, mine)
        with pytest.raises(Refusal):
            await waits.accept(db, RULES, first.row.id, START)
        await db.refresh(own.booking)
        assert own.booking.status == "cancelled"


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_two_deaths_that_free_the_same_lines_never_wait_in_a_circle(database: Database) -> None:
    """Each has the earlier time of one service and the later of the other: freed by time, they would meet crosswise."""
    nine, ten = at(MONDAY, 9), at(MONDAY, 10)
    async with database.transaction() as db:
        one = await open_house(db, week={"0": [["09:00", "09:30"], ["10:00", "10:30"]]}, capacity=1)
        other = await offer(db, one.station, await add_service(db, "政策咨询", capacity=1))
        people = [await add_person(db, name) for name in ("王建国", "李建国")]
        for person, houses in zip(people, ((one, other), (other, one)), strict=True):
            for house, when in zip(houses, (nine, ten), strict=True):
                await book(db, house, when, Who(person_id=person.id))
        for house in (one, other):
            for name in ("a", "b"):
                await wait(db, house, f"{name}{house.service.id}")

    async def die(person_id: int) -> None:
        async with database.transaction() as db:
            await booking_people.cancel_all(db, person_id, START)

    async with database.transaction() as db:
        await db.execute(select(Waiting.id).with_for_update())
        deaths_now = [asyncio.create_task(die(person.id)) for person in people]
        stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while (await db.scalar(stuck) or 0) < len(people):  # both have ended what they had, and are about to free it
            pass
    await asyncio.gather(*deaths_now)
    async with database.transaction() as db:
        assert await line(db) == ["offered"] * 4
        await check_slots(db)


async def test_of_two_records_joined_the_better_place_stays(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        talk = await offer(db, house.station, await add_service(db, "政策咨询", capacity=1))
        for there in (house, talk):
            for moment in (NINE, THREE):
                held = await book(db, there, moment, f"has-{there.service.id}-{moment}")
        keep, other = await add_person(db, "李大爷"), await add_person(db, "李大爷")
        early = await wait(db, house, Who(person_id=keep.id), "am")
        await wait(db, house, Who(person_id=other.id), "pm")
        alone = await wait(db, talk, Who(person_id=other.id))
        await person_merge.move_all(db, keep, other, START)
        assert await line(db) == ["waiting", "left", "waiting"]
        rows = [await db.get_one(Waiting, id_, populate_existing=True) for id_ in (early.row.id, alone.row.id)]
        assert [(row.person_id, row.who_key) for row in rows] == [(keep.id, f"p:{keep.id}")] * 2
        await bookings.cancel(db, RULES, held.booking.id, "本人", START)
        assert await line(db) == [
            "waiting",
            "left",
            "waiting" if held.slot.service_id == house.service.id else "offered",
        ]
        await check_slots(db)


async def test_what_an_account_waits_for_is_its_persons_once_it_is_bound(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        for moment in (NINE, THREE):
            await book(db, house, moment, f"has-{moment}")
        who = await somebody(db, "stranger")
        own = await wait(db, house, who)
        family = await wait(db, house, Who(address_id=who.address_id, name="王大爷", made_by="父亲"))
        person = await add_person(db, "李大爷")
        assert who.address_id is not None
        await bindings.bind(db, who.address_id, person.id)
        found = await wait(db, house, Who(address_id=who.address_id, person_id=person.id))
        assert (found.row.id, found.row.person_id) == (own.row.id, person.id)
        assert family.row.person_id is None
        assert {one.row.id for one in await waits.of(db, who.address_id, [person.id], START)} == {
            own.row.id, family.row.id,
        }  # fmt: skip
