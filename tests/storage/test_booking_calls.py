"""Whom staff could not tell of a change stands in a list of their station until somebody has told them, once."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.engine import Database
from services import booking_calls, bookings
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Visit
from services.who import BY_STAFF, Who
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, House, at, book, open_house
from tests.storage.bureau import add_staff


async def _moved(db: AsyncSession, house: House, one: Visit, hour: int, by: str = BY_STAFF) -> Visit:
    to = at(MONDAY, hour)
    return (await bookings.move(db, RULES, one.booking.id, house.station.id, to, by, START, "停电")).after


async def test_listed_until_told_with_the_time_they_believe_in(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await open_house(db), await add_staff(db, START, "lead")
        one = await book(db, house, at(MONDAY, 9), Who(name="李大山", made_by=BY_STAFF))
        other = await book(db, house, at(MONDAY, 9), Who(name="赵小河", made_by=BY_STAFF))
        for visit, silent in ((one, True), (other, False)):
            after = await _moved(db, house, visit, 10)
            await booking_calls.note(db, after, visit.slot.id, boss.id, silent=silent)
    async with database.transaction() as db:
        (listed,) = await booking_calls.to_ring(db, boss)
        assert (listed.visit.booking.code, listed.believed.starts_at) == (one.booking.code, at(MONDAY, 9))
        assert listed.visit.slot.starts_at == at(MONDAY, 10)
        assert (await booking_calls.count(db, boss), listed.visit.booking.changed_staff_id) == (1, boss.id)
        with pytest.raises(Refusal):  # read before it was moved
            await booking_calls.rung(db, boss, one.booking.id, 0)
        assert await booking_calls.rung(db, boss, one.booking.id, 1) == one.booking.code
        with pytest.raises(Refusal):
            await booking_calls.rung(db, boss, one.booking.id, 1)
        assert await booking_calls.count(db, boss) == 0


async def test_back_at_the_time_they_believe_in_or_changed_by_themselves_nobody_is_to_be_told(
    database: Database,
) -> None:
    async with database.transaction() as db:
        house, boss = await open_house(db), await add_staff(db, START, "lead")
        one = await book(db, house, at(MONDAY, 9), Who(name="李大山", made_by=BY_STAFF))
        believed_id = one.slot.id
        for hour, listed in ((10, 1), (9, 0), (11, 1)):
            after = await _moved(db, house, one, hour)
            await booking_calls.note(db, after, believed_id, boss.id, silent=True)
            assert await booking_calls.count(db, boss) == listed
        after = await _moved(db, house, one, 10, "本人")
        assert (await booking_calls.count(db, boss), after.booking.changed_staff_id) == (0, None)
