"""Who chooses the time of a place that is kept for them takes that very place, with what is said and by whom."""

from db.engine import Database
from services import bookings, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.booking_rules import BookingRules
from services.bookings import Who
from tests.fakes.clock import START
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, at, book, check_slots, somebody
from tests.fakes.waitingroom import line, small_house, wait
from tests.storage.bureau import add_staff

NINE, THREE = at(MONDAY, 9), at(MONDAY, 15)


async def test_staff_move_somebody_into_the_place_kept_for_them_in_their_own_name(database: Database) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        has, own = await book(db, house, NINE, "has"), await book(db, house, THREE, "waits")
        await wait(db, house, "waits", "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        rules = BookingRules(per_day=0)
        moved = await bookings.move(db, rules, own.booking.id, house.station.id, NINE, bookings.BY_STAFF, START, "停电")
        row = moved.after.booking
        assert (row.id, row.changed_by, row.reason) == (own.booking.id, bookings.BY_STAFF, "停电")
        assert moved.after.slot.starts_at == NINE
        assert await line(db) == ["taken"]
        await check_slots(db)


async def test_who_books_the_place_kept_for_them_is_written_down_as_they_say_now(database: Database) -> None:
    async with database.transaction() as db:
        house, clerk = await small_house(db), await add_staff(db, START, "agent")
        has = await book(db, house, NINE, "has")
        person = await add_person(db, "王建国")
        joined = await somebody(db, "waits", person_id=person.id, phone="13800001111")
        await waits.join(db, VAULT, RULES, house.station.id, house.service.id, MONDAY, "am", joined, "补办", START)
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        now_said = Who(person_id=person.id, name="王建国", made_by=bookings.BY_STAFF, staff_id=clerk.id)
        row = (await book(db, house, NINE, now_said)).booking
        assert (row.made_by, row.staff_id, row.purpose) == (bookings.BY_STAFF, clerk.id, "补办")
        assert row.address_id == joined.address_id  # where they hear of it
        assert VAULT.decrypt(row.name or "") == "王建国"
        assert VAULT.decrypt(row.phone or "") == "13800001111"
