"""A station's day as its desk sees it: who is still to come, who waits in which order, who is where, who is done."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Service, Ticket
from db.places import Station
from db.staff import Staff
from services import booking_lists, ticket_line, visitors
from services.booking_rows import Visit
from services.scope import near
from services.ticket_line import label
from services.tickets import LATE
from services.vault import Vault

NOT_YOURS = "没有找到这个服务站，或者不是您的站。"
ENDED = ("done", "gone", "no_show", "came", "over")
_SHORTEST_TAIL = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One who booked, or who stands in line, or both."""

    visit: Visit | None
    ticket: Ticket | None
    name: str
    phone: str
    service: str
    late: bool
    """Booked, not there, and so late that they may be noted as not come; who said they will be late has so long."""

    @property
    def number(self) -> str:
        """Return the number they were given, "" before they came."""
        return label(self.ticket) if self.ticket is not None and self.state != "booked" else ""

    @property
    def code(self) -> str:
        """Return the code of the booking, "" for who just came."""
        return self.visit.booking.code if self.visit is not None else ""

    @property
    def said_late(self) -> int | None:
        """Return by how many minutes who is not there yet said they will be late, 0 when they did not say how many."""
        return (
            self.visit.booking.late_minutes if self.visit is not None and self.state in ("booked", "no_show") else None
        )

    @property
    def state(self) -> str:
        """Return booked, waiting, called, done, gone, came (without a number), no_show or over (nobody noted which)."""
        if self.visit is not None and self.visit.booking.status in ("booked", "no_show", "over"):
            return self.visit.booking.status
        return self.ticket.status if self.ticket is not None else "came"


@dataclass(frozen=True, slots=True)
class Board:
    """The day."""

    station: Station
    day: date
    to_come: Sequence[Line]
    """Booked and not there, the soonest first."""
    waiting: Sequence[Line]
    """As they will be called."""
    called: Sequence[Line]
    ended: Sequence[Line]

    @property
    def lines(self) -> list[Line]:
        """Return all of them."""
        return [*self.called, *self.waiting, *self.to_come, *self.ended]

    @property
    def booked(self) -> int:
        """Return how many visits were booked for the day."""
        return sum(line.visit is not None for line in self.lines)

    @property
    def came(self) -> int:
        """Return how many of them came."""
        return sum(line.visit is not None and line.visit.booking.status == "came" for line in self.lines)

    def count(self, state: str) -> int:
        """Return how many are in a state."""
        return sum(line.state == state for line in self.lines)

    def at(self, window: str) -> Line | None:
        """Return who is at a window."""
        return next((one for one in self.called if one.ticket is not None and one.ticket.window == window), None)


async def stations(db: AsyncSession, staff: Staff, today: date) -> list[Station]:
    """Return the stations whose desk a person of staff may use."""
    open_ = Station.closed_on.is_(None) | (Station.closed_on > today)
    return list(await db.scalars(select(Station).where(near(staff, Station.id), open_).order_by(Station.id)))


async def station_of(db: AsyncSession, staff: Staff, station_id: int) -> Station:
    """Return a station whose desk a person of staff may use.

    Raises:
        Refusal: there is none with this id, or not for these eyes.
    """
    found = await db.scalar(select(Station).where(Station.id == station_id, near(staff, Station.id)))
    if found is None:
        raise Refusal(NOT_YOURS)
    return found


async def read(db: AsyncSession, vault: Vault, station: Station, now: datetime, *, full: bool = False) -> Board:
    """Read a day; names and phones are masked but for a search that shows none of what it did not find."""
    day = day_of(now)
    visits = await booking_lists.on_day(db, station.id, day)
    who = await visitors.read(db, vault, visits, full=full)
    rows = await db.execute(
        select(Ticket, Service.name)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .where(Ticket.station_id == station.id, Ticket.day == day)
        .order_by(Ticket.called_at, Ticket.id)
        .execution_options(populate_existing=True)
    )
    given = [(ticket, service or "") for ticket, service in rows]
    by_booking = {ticket.booking_id: ticket for ticket, _ in given if ticket.booking_id is not None}
    found = [
        Line(visit, by_booking.get(visit.booking.id), *who[visit.booking.id], visit.service.name,
             visit.booking.status == "booked" and now >= _missed_at(visit))
        for visit in visits
    ]  # fmt: skip
    found += [Line(None, ticket, "", "", service, late=False) for ticket, service in given if ticket.booking_id is None]
    order = {ticket.id: place for place, ticket in enumerate(await ticket_line.line(db, station.id, now))}
    waiting = sorted(_in(found, "waiting"), key=lambda line: order.get(line.ticket.id if line.ticket else 0, 0))
    called = sorted(_in(found, "called"), key=lambda line: (line.ticket and line.ticket.window) or "")
    return Board(station, day, _in(found, "booked"), waiting, called, _in(found, *ENDED))


def search(board: Board, words: str) -> set[int | str]:
    """Return the keys of those whom a number, a name or the end of a phone belongs to; the board was read in full."""
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", words).upper() if sign.isalnum())
    return {key(line) for line in board.lines if typed and _is_called(line, typed)}


def key(line: Line) -> int | str:
    """Return by what a line is found again: the code of the booking, else the number's id."""
    return line.code or (line.ticket.id if line.ticket is not None else 0)


def _missed_at(visit: Visit) -> datetime:
    return visit.slot.starts_at + max(LATE, timedelta(minutes=visit.booking.late_minutes or 0))


def _is_called(line: Line, typed: str) -> bool:
    by_phone = typed.isdigit() and len(typed) >= _SHORTEST_TAIL and line.phone.endswith(typed)
    by_name = len(typed) > 1 and not typed.isdigit() and typed in line.name.upper()
    return by_phone or by_name or typed == line.number


def _in(lines: Iterable[Line], *states: str) -> list[Line]:
    return [line for line in lines if line.state in states]
