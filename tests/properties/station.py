"""A station where anything may be asked for in any order, as people, staff and the clock do it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Booking, Slot, StationService, Ticket, Waiting
from db.engine import Database
from services import bookings, closures, deaths, tickets, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Who, Wish
from services.who import BY_STAFF
from tests.fakes.clock import SettableClock
from tests.fakes.eventhall import add_account
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, add_service, add_station, at, offer

DAYS = (MONDAY, MONDAY + timedelta(days=1))
TIMES = tuple(at(day, hour) for day in DAYS for hour in (8, 10, 14, 16))
"""Two hours each: all there are on the two days."""


class Station:
    """One station with two services, and people of every kind: unknown, on file, named by family, written down by staff."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SettableClock()
        self.houses: list[House] = []
        self.people: list[Who] = []
        self.staff_id = self.person_id = 0

    async def open(self) -> None:
        """Build it all."""
        async with self.database.transaction() as db:
            station = await add_station(db)
            for name, capacity in (("优待证申领", 2), ("政策咨询", 1)):
                service = await add_service(db, name, minutes=120, capacity=capacity)
                self.houses.append(await offer(db, station, service, capacity=capacity))
            self.staff_id = (await add_boss(db)).id
            self.person_id = (await add_person(db, "王建国", account=("telegram", "wang"))).id
            accounts = [await add_account(db, name) for name in ("a", "b", "c")]
        self.people = [
            *(Who(account) for account in accounts), Who(person_id=self.person_id),
            Who(accounts[0], name="李秀英", phone="13987654321", made_by="家人"),
            Who(name="赵前进", phone="13800000001", made_by=BY_STAFF, staff_id=self.staff_id),
        ]  # fmt: skip

    async def do(self, step: tuple[Any, ...]) -> str:
        """Let one thing happen, in a transaction of its own; a refusal is said to somebody, so all before it stays."""
        name, *args = step
        if name == "time":
            self.clock.advance(60 * args[0])
            return "done"
        async with self.database.transaction() as db:
            try:
                await getattr(self, name)(db, self.clock(), *args)
            except Refusal as refusal:
                return str(refusal)
        return "done"

    async def reserve(self, db: AsyncSession, now: datetime, who: int, what: int, when: int) -> None:
        house = self.houses[what]
        wish = Wish(house.station.id, house.service.id, TIMES[when], "", self.people[who])
        await bookings.reserve(db, VAULT, RULES, wish, now)

    async def move(self, db: AsyncSession, now: datetime, which: int, when: int) -> None:
        await bookings.move(
            db, RULES, await _pick(db, Booking, which), self.houses[0].station.id, TIMES[when], "本人", now
        )

    async def cancel(self, db: AsyncSession, now: datetime, which: int) -> None:
        await bookings.cancel(db, RULES, await _pick(db, Booking, which), "本人", now, "下雨")

    async def mark(self, db: AsyncSession, now: datetime, which: int, status: Any) -> None:
        await bookings.mark(db, await _pick(db, Booking, which), status, now)

    async def arrive(self, db: AsyncSession, now: datetime, which: int) -> None:
        await tickets.arrive(db, await _pick(db, Booking, which), now)

    async def unarrive(self, db: AsyncSession, _: datetime, which: int) -> None:
        """Take back a tick at the desk where it was given."""
        ticket = await db.get(Ticket, await _pick(db, Ticket, which))
        if ticket is not None:
            await tickets.unarrive(db, ticket.id, ticket.station_id)

    async def join(self, db: AsyncSession, now: datetime, who: int, what: int, day: int, half: Any) -> None:
        house = self.houses[what]
        await waits.join(
            db, VAULT, RULES, house.station.id, house.service.id, DAYS[day], half, self.people[who], "", now
        )

    async def leave(self, db: AsyncSession, now: datetime, which: int) -> None:
        await waits.leave(db, RULES, await _pick(db, Waiting, which), now)

    async def accept(self, db: AsyncSession, now: datetime, which: int) -> None:
        await waits.accept(db, RULES, await _pick(db, Waiting, which), now)

    async def decline(self, db: AsyncSession, now: datetime, which: int) -> None:
        await waits.decline(db, RULES, await _pick(db, Waiting, which), now)

    async def tick(self, db: AsyncSession, now: datetime) -> None:
        await waits.run_out(db, RULES, now, 100)
        await waits.end_days(db, now)

    async def keep(self, db: AsyncSession, now: datetime) -> None:
        """Let the clock keep what could not be offered when it became free: who waits had something else at that hour."""
        await waits.refill_all(db, RULES, now)

    async def close(self, db: AsyncSession, now: datetime, day: int) -> None:
        await closures.close(db, self.houses[0].station.id, DAYS[day], "停电检修", self.staff_id, now)

    async def reopen(self, db: AsyncSession, _: datetime, day: int) -> None:
        await closures.reopen(db, self.houses[0].station.id, DAYS[day])

    async def help(self, db: AsyncSession, now: datetime, day: int) -> None:
        """Cancel what is booked on a day, as staff do who have closed it."""
        for visit in await closures.booked(db, self.houses[0].station.id, DAYS[day], now):
            await bookings.cancel(db, RULES, visit.booking.id, BY_STAFF, now, "停电检修")

    async def grow(self, db: AsyncSession, now: datetime, what: int, capacity: int) -> None:
        """Serve more, or fewer, at the same time."""
        house = self.houses[what]
        (await db.get_one(StationService, (house.station.id, house.service.id))).capacity = capacity
        await db.flush()
        await waits.refill(db, RULES, [(house.station.id, house.service.id)], now)

    async def die(self, db: AsyncSession, now: datetime) -> None:
        await deaths.report(db, VAULT, self.person_id, now)


async def _pick(db: AsyncSession, table: type[Booking | Waiting | Ticket], which: int) -> int:
    """Return one of the rows there are, 0 where there is none."""
    ids: Sequence[int] = (await db.scalars(select(table.id).order_by(table.id.desc()))).all()
    return ids[which % len(ids)] if ids else 0


async def open_bookings(db: AsyncSession) -> dict[int, tuple[int, int]]:
    """Return of every open booking in which slot it is and how often it was changed."""
    rows = await db.execute(select(Booking.id, Booking.slot_id, Booking.sequence).where(Booking.status == "booked"))
    return {id_: (slot_id, sequence) for id_, slot_id, sequence in rows}


async def check_line(db: AsyncSession) -> None:
    """Check that who came to what they booked stands in the line of that station for that time, and nobody else does."""
    rows = await db.execute(
        select(Ticket, Slot, Booking.status)
        .join(Booking, Booking.id == Ticket.booking_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Ticket.status == "waiting")
    )
    for ticket, slot, status in rows:
        assert status not in {"booked", "cancelled"}
        assert (ticket.station_id, ticket.turn_at) == (slot.station_id, slot.starts_at)
