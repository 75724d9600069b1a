"""The window and the line: each number is called once, and two clerks who call at the same moment get two people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Ticket
from db.places import Station
from db.staff import Staff
from services import seats
from services.ticket_line import at_window, first, in_order, label
from services.ticket_rows import NO_TICKET, UNCALLED, change, ticket_of

BUSY = "这个窗口正在办 {number}，先点“办完”或“没人来”，再叫下一位。"
COLLEAGUES = "{name}正在这个窗口办 {number}。请换一个窗口；他走开了，可以先点“我来接着办”。"


async def call_next(db: AsyncSession, station_id: int, window: str, staff_id: int, now: datetime) -> Ticket | None:
    """Call the next to a window; None when nobody waits. A second tap of the same person finds whom the first called.

    Raises:
        Refusal: somebody else is at work at this window.
    """
    here = await _at_window(db, station_id, window, staff_id, now)
    if here is not None:
        return here
    ticket = await first(db, in_order(station_id, now).limit(1).with_for_update(skip_locked=True))
    return None if ticket is None else await _call(db, ticket, window, staff_id, now)


async def call_first(
    db: AsyncSession, ticket_id: int, station_id: int, window: str, staff_id: int, now: datetime
) -> Ticket:
    """Call somebody who waits before all others: frail, or in a hurry; a second tap finds them at the window.

    Raises:
        Refusal: somebody else is at this window, they were called meanwhile, or there is no such number today.
    """
    here = await _at_window(db, station_id, window, staff_id, now)
    ticket = await ticket_of(db, ticket_id, station_id)
    if here is not None and here.id != ticket.id:
        raise Refusal(BUSY.format(number=label(here)))
    if ticket.day != day_of(now):
        raise Refusal(NO_TICKET)
    return here or await _call(db, ticket, window, staff_id, now)


async def _at_window(db: AsyncSession, station_id: int, window: str, staff_id: int, now: datetime) -> Ticket | None:
    """Return whom this clerk has at a window, refused to others; two taps at one window come one after the other."""
    await seats.hold(db, Station, [station_id])
    here = await at_window(db, station_id, window, now)
    if here is not None:
        await _check_own(db, here, staff_id)
    return here


async def _check_own(db: AsyncSession, ticket: Ticket, staff_id: int) -> None:
    if ticket.status == "called" and ticket.staff_id not in (None, staff_id):
        name = await db.scalar(select(Staff.name).where(Staff.id == ticket.staff_id))
        raise Refusal(COLLEAGUES.format(name=name, number=label(ticket)))


async def _call(db: AsyncSession, ticket: Ticket, window: str, staff_id: int, now: datetime) -> Ticket:
    return await change(db, ticket, ("waiting",), status="called", window=window, staff_id=staff_id, called_at=now)


async def call_again(db: AsyncSession, ticket_id: int, station_id: int, now: datetime) -> Ticket:
    """Call a number once more, because nobody came to the window."""
    return await change(db, await ticket_of(db, ticket_id, station_id), ("called",), called_at=now)


async def take_over(db: AsyncSession, ticket_id: int, station_id: int, staff_id: int) -> Ticket:
    """Go on with whom a colleague has called, who was called away.

    Raises:
        Refusal: they were served meanwhile, or there is no such number.
    """
    return await change(db, await ticket_of(db, ticket_id, station_id), ("called",), staff_id=staff_id)


async def finish(db: AsyncSession, ticket_id: int, station_id: int, staff_id: int, now: datetime) -> Ticket:
    """Note that a clerk has served somebody and goes on with the next; again is no fault.

    Raises:
        Refusal: a colleague has called them; a page may still show whom somebody else went on with.
    """
    await _check_own(db, await ticket_of(db, ticket_id, station_id), staff_id)
    return await done(db, ticket_id, station_id, now)


async def done(db: AsyncSession, ticket_id: int, station_id: int, now: datetime) -> Ticket:
    """Note that somebody was served; again is no fault."""
    return await _end(db, ticket_id, station_id, ("called",), "done", now)


async def gone(db: AsyncSession, ticket_id: int, station_id: int, now: datetime) -> Ticket:
    """Note that somebody left without being served; again is no fault."""
    return await _end(db, ticket_id, station_id, ("waiting", "called"), "gone", now)


async def back(db: AsyncSession, ticket_id: int, station_id: int) -> Ticket:
    """Let a number wait again in its own place: it was called by mistake, or ended by mistake, or came after all."""
    ticket = await ticket_of(db, ticket_id, station_id)
    if ticket.status == "waiting":
        return ticket
    return await change(db, ticket, ("called", "done", "gone"), status="waiting", **UNCALLED)


async def _end(
    db: AsyncSession, ticket_id: int, station_id: int, before: tuple[str, ...], status: str, now: datetime
) -> Ticket:
    ticket = await ticket_of(db, ticket_id, station_id)
    return ticket if ticket.status == status else await change(db, ticket, before, status=status, ended_at=now)
