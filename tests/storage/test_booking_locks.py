"""Two things happen to a station or a person in the same moment: one waits for the other, and sees what it did."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Booking
from db.engine import Database
from services import bindings, bookings, closures
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Who
from tests.fakes.clock import START
from tests.fakes.examroom import add_person
from tests.fakes.stationhouse import MONDAY, House, add_station, at, book, check_slots, offer, open_house, somebody
from tests.storage.bureau import add_staff

pytestmark = pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
NINE = at(MONDAY, 9)
T = TypeVar("T")
STUCK = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def _begin(db: AsyncSession, other: Awaitable[T]) -> asyncio.Future[T]:
    """Begin another thing beside a transaction, and return it once it is done or waits for that one."""
    begun = asyncio.ensure_future(other)
    while not begun.done() and not await db.scalar(STUCK):
        pass
    return begun


async def _close(database: Database, house: House, staff_id: int) -> list[int]:
    async with database.transaction() as db:
        found = await closures.close(db, house.station.id, MONDAY, "停电", staff_id, START)
        return [one.booking.id for one in found]


@pytest.mark.parametrize("how", ["books", "moves"])
async def test_who_closes_a_day_is_told_of_whoever_comes_in_that_moment(database: Database, how: str) -> None:
    async with database.transaction() as db:
        boss, house = await add_staff(db, START, "lead"), await open_house(db)
        north = await offer(db, await add_station(db, "北街服务站"), house.service)
        who = await somebody(db, "li")
        before = await book(db, north, NINE, who) if how == "moves" else None
    async with database.transaction() as db:
        if before is None:
            booked = (await book(db, house, NINE, who)).booking.id
        else:
            booked = before.booking.id
            await bookings.move(db, RULES, booked, house.station.id, NINE, "本人", START)
        closing = await _begin(db, _close(database, house, boss.id))
    assert await closing == [booked]


async def test_who_books_a_day_that_is_closed_in_that_moment_comes_too_late(database: Database) -> None:
    async with database.transaction() as db:
        boss, house = await add_staff(db, START, "lead"), await open_house(db)

    async def reserve() -> None:
        async with database.transaction() as db:
            await book(db, house, NINE, "li")

    async with database.transaction() as db:
        await closures.close(db, house.station.id, MONDAY, "停电", boss.id, START)
        booking = await _begin(db, reserve())
    with pytest.raises(Refusal, match="停电"):
        await booking


async def test_an_account_is_bound_while_its_person_books_what_it_has_booked(database: Database) -> None:
    async with database.transaction() as db:
        house, person = await open_house(db), await add_person(db, "王建国")
        li = await somebody(db, "li")
        await book(db, house, NINE, li)
    assert li.address_id is not None

    async def bind() -> None:
        async with database.transaction() as db:
            await bindings.bind(db, li.address_id or 0, person.id)

    async with database.transaction() as db:
        await book(db, house, at(MONDAY, 10), Who(person_id=person.id))
        binding = await _begin(db, bind())
    await binding
    async with database.transaction() as db:
        assert sorted(await db.scalars(select(Booking.who_key))) == [f"a:{li.address_id}", f"p:{person.id}"]
        await check_slots(db)
