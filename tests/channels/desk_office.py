"""A station with its desk, for the tests of the console: a day on which it is open, and people who booked for it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from core.clock import CHINA
from db.bookings import Booking, Ticket
from services import bookings
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.bookings import BY_STAFF, Visit, Who, Wish
from services.timetable import read_timetable
from tests.channels.console import Office
from tests.fakes.stationhouse import House, add_service, add_station, offer

_numbers = count(1)
_SPOKEN = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Hall:
    """A station on a day to come."""

    office: Office
    house: House
    day: date

    @property
    def path(self) -> str:
        return f"/console/desk/{self.house.station.id}"

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, time(hour, minute), CHINA)

    def begin(self, hour: int = 9, minute: int = 0) -> None:
        """Let it be that time; clerks sign in afterwards, for sessions end overnight."""
        self.office.clock.moment = max(self.office.clock(), self.at(hour, minute))

    async def book(self, name: str, hour: int = 9, minute: int = 0, **values: Any) -> Visit:
        """Book for somebody who is not on file, unless `person_id` is named."""
        values = {"name": None if "person_id" in values else name, "phone": f"1380000{next(_numbers):04}"} | values
        who = Who(made_by=BY_STAFF, **values)
        wish = Wish(self.house.station.id, self.house.service.id, self.at(hour, minute), "", who)
        app = self.office.site.app
        async with app.database.transaction() as db:
            return await bookings.reserve(db, app.vault, DEFAULT_BOOKING_RULES, wish, app.now())

    async def booking(self, visit: Visit) -> Booking:
        async with self.office.site.app.database.snapshot() as db:
            return await db.get_one(Booking, visit.booking.id)

    async def tickets(self) -> list[Ticket]:
        async with self.office.site.app.database.snapshot() as db:
            rows = select(Ticket).where(Ticket.station_id == self.house.station.id, Ticket.day == self.day)
            return list(await db.scalars(rows.order_by(Ticket.id)))


async def open_hall(office: Office, **columns: Any) -> Hall:
    """Make a station, and find the next day after today on which it is open."""
    number = next(_numbers)
    async with office.site.app.database.transaction() as db:
        house = await offer(
            db,
            await add_station(db, f"第{number}服务站", **columns),
            await add_service(db, f"第{number}件事", capacity=4),
        )
        timetable = await read_timetable(db, station_ids=[house.station.id])
    day = office.clock().astimezone(CHINA).date() + timedelta(days=1)
    while not timetable.periods(house.station.id, day):
        day += timedelta(days=1)
    return Hall(office, house, day)


def somebody() -> str:
    """Return a name that no other test uses."""
    number = next(_numbers)
    return f"赵{_SPOKEN[number % 20]}{_SPOKEN[number // 20 % 20]}"
