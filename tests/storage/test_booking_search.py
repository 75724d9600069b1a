"""A name that is only written down for a visit is found by opening names; how far that reached is said, never passed over."""

from datetime import timedelta

from sqlalchemy import insert, select

from db.bookings import Booking
from db.engine import Database
from services import booking_search
from services.booking_search import MOST
from services.who import BY_STAFF, Who
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, at, book, open_house
from tests.storage.bureau import add_staff


async def test_a_name_beyond_those_that_are_opened_is_not_silently_missed(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await open_house(db), await add_staff(db, START, "lead")
        first = await book(db, house, at(MONDAY, 9), Who(name="李大山", made_by=BY_STAFF))
        late = at(MONDAY + timedelta(days=1), 9)
        last = await book(db, house, late, Who(name="赵小河", made_by=BY_STAFF))
        assert await booking_search.find(db, VAULT, boss, "赵小河", START) == ([last], True)
        sealed = await db.scalar(select(Booking.name).where(Booking.id == first.booking.id))
        more = {
            "slot_id": first.slot.id, "service_id": house.service.id, "name": sealed, "purpose": "",
            "made_by": BY_STAFF, "status": "booked", "created_at": START,
        }  # fmt: skip
        rows = [{"code": f"YY-{number}", "who_key": f"n:{number}", **more} for number in range(MOST)]
        await db.execute(insert(Booking), rows)
        assert await booking_search.find(db, VAULT, boss, "赵小河", START) == ([], False)
        found = await booking_search.find(db, VAULT, boss, "李大山", START)
        assert (len(found.visits), found.whole) == (MOST, False)
