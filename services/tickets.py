"""The line at a station: numbers are given once, called once, and two who call at the same moment get two people."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, day_of
from core.errors import Refusal
from db.bookings import Booking, StationService, Ticket
from db.places import Station
from services import booking_lists, booking_rows, bookings, seats
from services.booking_rows import Visit
from services.ticket_line import BOOKED, WALKED_IN, ahead_of, at_window, first, in_order, label, tickets

LATE = timedelta(minutes=30)
"""Who is so late may be noted as not come."""

NO_BOOKING = "没有找到这个预约，请核对预约码。"
CANCELLED = "{code} 已经取消了。要办事可以取一个现场号。"
ELSEWHERE = "{code} 约的是{station}，不是这里。"
OTHER_DAY = "{code} 约的是{month}月{day}日 {hour}，不是今天。可以先改期，或者取一个现场号。"
SERVED = "{code} 的号 {number} 今天已经办完了。"
NOT_OFFERED = "这个站不办这一项，请重新选。"
NO_TICKET = "没有找到这个号，请看现在的情况。"
CHANGED = "{number} 刚才已经有人处理了，请看现在的情况。"
BUSY = "这个窗口正在办 {number}，先点“办完”或“没人来”，再叫下一位。"
TOO_EARLY = "约的时间过了 30 分钟还没来，才能记“没来”。"
BOOKED_AGAIN = "他后来又约了这一项，这个预约不能改回去了。"


async def arrive(db: AsyncSession, which: int | str, now: datetime, *, station_id: int | None = None) -> Ticket:
    """Give who booked a number, by the booking's id or its code; again is the same number, back in its place if it was missed.

    Raises:
        Refusal: there is no such booking, it was cancelled, is for another day or station, or is done with.
    """
    visit = await _visit(db, which)
    code, starts_at = visit.booking.code, visit.slot.starts_at.astimezone(CHINA)
    if station_id is not None and visit.station.id != station_id:
        raise Refusal(ELSEWHERE.format(code=code, station=visit.station.name))
    if starts_at.date() != day_of(now):
        hour = f"{starts_at:%H:%M}"
        raise Refusal(OTHER_DAY.format(code=code, month=starts_at.month, day=starts_at.day, hour=hour))
    await seats.hold(db, Station, [visit.station.id])
    await bookings.mark(db, visit.booking.id, "came", now)
    known = await first(db, tickets().where(Ticket.booking_id == visit.booking.id))
    if known is None:
        return await _give(db, visit.station.id, BOOKED, now, visit.slot.starts_at, visit.service.id, visit.booking.id)
    if known.status == "done":
        raise Refusal(SERVED.format(code=code, number=label(known)))
    if known.status == "gone":
        known = await _set(db, known, ("gone",), status="waiting", came_at=now, **_UNCALLED)
    return known


async def unarrive(db: AsyncSession, ticket_id: int, station_id: int) -> Ticket:
    """Take back that somebody who booked was there, because it was somebody else; the number is kept for when they come.

    Raises:
        Refusal: the number was called meanwhile, or they have booked that service again.
    """
    ticket = await ticket_of(db, ticket_id, station_id)
    visit = await _visit(db, ticket.booking_id or 0)
    await booking_rows.lock_person(db, visit.booking.person_id)  # so that they do not book anew in the same moment
    if await booking_rows.open_of(db, visit.service.id, visit.booking.who_key) is not None:
        raise Refusal(BOOKED_AGAIN)
    gone = await _set(db, ticket, ("waiting",), status="gone")
    again = update(Booking).where(Booking.id == ticket.booking_id, Booking.status == "came")
    await db.execute(again.values(status="booked", ended_at=None).execution_options(synchronize_session=False))
    return gone


async def walk_in(db: AsyncSession, station_id: int, service_id: int | None, now: datetime) -> Ticket:
    """Give a number to somebody who just came.

    Raises:
        Refusal: the station does not offer that service.
    """
    if service_id is not None and await db.get(StationService, (station_id, service_id)) is None:
        raise Refusal(NOT_OFFERED)
    await seats.hold(db, Station, [station_id])
    return await _give(db, station_id, WALKED_IN, now, now, service_id)


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
    if here is not None and here.staff_id != staff_id:
        raise Refusal(BUSY.format(number=label(here)))
    return here


async def _call(db: AsyncSession, ticket: Ticket, window: str, staff_id: int, now: datetime) -> Ticket:
    return await _set(db, ticket, ("waiting",), status="called", window=window, staff_id=staff_id, called_at=now)


async def call_again(db: AsyncSession, ticket_id: int, station_id: int, now: datetime) -> Ticket:
    """Call a number once more, because nobody came to the window."""
    return await _set(db, await ticket_of(db, ticket_id, station_id), ("called",), called_at=now)


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
    return await _set(db, ticket, ("called", "done", "gone"), status="waiting", **_UNCALLED)


async def no_show(db: AsyncSession, booking_id: int, now: datetime, *, station_id: int) -> Visit:
    """Note that who booked did not come.

    Raises:
        Refusal: it is too early to say so, the booking is not of this station, or they came meanwhile.
    """
    await seats.hold(db, Station, [station_id])  # so that nobody is given a number in the same moment
    visit = await _visit(db, booking_id)
    if visit.station.id != station_id:
        raise Refusal(NO_BOOKING)
    if now < visit.slot.starts_at + LATE:
        raise Refusal(TOO_EARLY)
    given = await first(db, tickets().where(Ticket.booking_id == booking_id))
    if given is not None and visit.booking.status == "came":
        raise Refusal(CHANGED.format(number=label(given)))
    return await bookings.mark(db, booking_id, "no_show", now)


async def ahead(db: AsyncSession, booking_id: int, now: datetime) -> int | None:
    """Return how many are called before somebody who is there, as the line stands; None when they do not wait."""
    mine = await first(db, tickets().where(Ticket.booking_id == booking_id, Ticket.status == "waiting"))
    return None if mine is None else await ahead_of(db, mine, now)


_UNCALLED: dict[str, Any] = {"window": None, "staff_id": None, "called_at": None, "ended_at": None}


async def _visit(db: AsyncSession, which: int | str) -> Visit:
    find = booking_lists.find(db, which) if isinstance(which, int) else booking_lists.by_code(db, which)
    found = await find
    if found is None:
        raise Refusal(NO_BOOKING)
    if found.booking.status == "cancelled":
        raise Refusal(CANCELLED.format(code=found.booking.code))
    return found


async def _give(
    db: AsyncSession, station_id: int, letter: str, now: datetime, turn_at: datetime, service_id: int | None,
    booking_id: int | None = None,
) -> Ticket:  # fmt: skip
    """Give the next number; the caller holds the station, so that no two are the same."""
    own = Ticket.station_id == station_id, Ticket.day == day_of(now), Ticket.letter == letter
    last = await db.scalar(select(func.max(Ticket.number)).where(*own))
    ticket = Ticket(
        station_id=station_id, day=day_of(now), letter=letter, number=(last or 0) + 1, booking_id=booking_id,
        service_id=service_id, turn_at=turn_at, status="waiting", came_at=now,
    )  # fmt: skip
    db.add(ticket)
    await db.flush()
    return ticket


async def ticket_of(db: AsyncSession, ticket_id: int, station_id: int) -> Ticket:
    """Return a number of a station.

    Raises:
        Refusal: there is none with this id.
    """
    found = await first(db, tickets().where(Ticket.id == ticket_id, Ticket.station_id == station_id))
    if found is None:
        raise Refusal(NO_TICKET)
    return found


async def _end(
    db: AsyncSession, ticket_id: int, station_id: int, before: tuple[str, ...], status: str, now: datetime
) -> Ticket:
    ticket = await ticket_of(db, ticket_id, station_id)
    return ticket if ticket.status == status else await _set(db, ticket, before, status=status, ended_at=now)


async def _set(db: AsyncSession, ticket: Ticket, before: tuple[str, ...], **values: Any) -> Ticket:
    """Change a number that is still as it was; who came second is told so."""
    changed = await db.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.status.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount == 0:
        raise Refusal(CHANGED.format(number=label(ticket)))
    return (await db.scalars(tickets().where(Ticket.id == ticket.id))).one()
