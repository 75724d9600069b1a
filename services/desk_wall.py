"""What hangs in the hall: who is called where, and who is next; numbers only, no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from db.bookings import Ticket
from services import booking_lists, ticket_line
from services.ticket_line import label, window_name

_CALLS, _NEXT = 6, 5
"""How many fit, so large that they are read from the last row."""
_PASSED = timedelta(minutes=30)
"""How long it stays on the wall that somebody was called and did not come."""


@dataclass(frozen=True, slots=True)
class Call:
    """A number that is called."""

    number: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wall:
    """The numbers of a moment."""

    calls: Sequence[Call]
    """The newest first."""
    next: Sequence[str]
    waiting: int
    passed: Sequence[str]
    """Who was called and did not come a while ago, the newest first."""


async def read(db: AsyncSession, station_id: int, now: datetime) -> Wall:
    """Read what the wall shows."""
    today = Ticket.station_id == station_id, Ticket.day == day_of(now), Ticket.status == "called"
    newest = ticket_line.tickets().where(*today).order_by(Ticket.called_at.desc(), Ticket.id.desc()).limit(_CALLS)
    calls = [Call(label(row), window_name(row.window), row.called_at or now) for row in await db.scalars(newest)]
    waits = await ticket_line.line(db, station_id, now)
    return Wall(calls, [label(ticket) for ticket in waits[:_NEXT]], len(waits), await _passed(db, station_id, now))


async def _passed(db: AsyncSession, station_id: int, now: datetime) -> list[str]:
    today = Ticket.station_id == station_id, Ticket.day == day_of(now), Ticket.status == "gone"
    called = Ticket.called_at.is_not(None), Ticket.ended_at > now - _PASSED
    newest = (
        ticket_line.tickets().where(*today, *called).order_by(Ticket.ended_at.desc(), Ticket.id.desc()).limit(_NEXT)
    )
    return [label(ticket) for ticket in await db.scalars(newest)]


async def pulse(db: AsyncSession, station_id: int, now: datetime) -> str:
    """Return a mark that differs as soon as anything of the day at a station differs."""
    given = select(Ticket.id, Ticket.status, Ticket.window, Ticket.called_at)
    rows = await db.execute(given.where(Ticket.station_id == station_id, Ticket.day == day_of(now)).order_by(Ticket.id))
    visits = await booking_lists.mark_of_day(db, station_id, day_of(now))
    # The minute is part of it, because who is late and how long somebody waits are shown.
    return sha256(repr((rows.all(), visits, f"{now:%H:%M}")).encode()).hexdigest()[:16]
