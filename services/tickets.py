"""Who is there: a number for each who comes, once, and what is noted of who booked."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, day_of
from core.errors import Refusal
from db.bookings import Booking, StationService, Ticket
from db.places import Station
from services import booking_lists, booking_rows, bookings, seats
from services.booking_rows import Visit
from services.ticket_line import BOOKED, WALKED_IN, ahead_of, first, label, next_number, tickets
from services.ticket_rows import CHANGED, UNCALLED, change, ticket_of

LATE = timedelta(minutes=30)
"""Who is so late may be noted as not come."""

NO_BOOKING = "没有找到这个预约，请核对预约码。"
CANCELLED = "{code} 已经取消了。要办事可以取一个现场号。"
ELSEWHERE = "{code} 约的是{station}，不是这里。"
OTHER_DAY = "{code} 约的是{month}月{day}日 {hour}，不是今天。可以先改期，或者取一个现场号。"
SERVED = "{code} 的号 {number} 今天已经办完了。"
NOT_OFFERED = "这个站不办这一项，请重新选。"
TOO_EARLY = "约的时间过了 30 分钟还没来，才能记“没来”。"
BOOKED_AGAIN = "他后来又约了这一项，这个预约不能改回去了。"


async def arrive(db: AsyncSession, which: int | str, now: datetime, *, station_id: int | None = None) -> Ticket:
    """Give who booked a number, by the booking's id or its code; again is the same number, back in its place if it was missed.

    Raises:
        Refusal: there is no such booking, it was cancelled, is for another day or station, or is done with.
    """
    visit = await _visit(db, which, station_id)
    code, starts_at = visit.booking.code, visit.slot.starts_at.astimezone(CHINA)
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
    if (known.station_id, known.turn_at) != (visit.station.id, visit.slot.starts_at):
        return await _anew(db, known, visit, now)
    if known.status == "gone":
        known = await change(db, known, ("gone",), status="waiting", came_at=now, **UNCALLED)
    return known


async def unarrive(db: AsyncSession, ticket_id: int, station_id: int) -> Ticket:
    """Take back that somebody who booked was there, because it was somebody else; the number is kept for when they come.

    Raises:
        Refusal: the number was called meanwhile, or they have booked that service again.
        IntegrityError: who is not on file did so at another station in this very moment.
    """
    ticket = await ticket_of(db, ticket_id, station_id)
    visit = await _visit(db, ticket.booking_id or 0)
    await booking_rows.lock_person(db, visit.booking.person_id)  # so that they do not book anew in the same moment
    await seats.hold(db, Station, [station_id])  # nor does anybody here who is not on file
    if await booking_rows.open_of(db, visit.service.id, visit.booking.who_key) is not None:
        raise Refusal(BOOKED_AGAIN)
    gone = await change(db, ticket, ("waiting",), status="gone")
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


async def no_show(db: AsyncSession, booking_id: int, now: datetime, *, station_id: int) -> Visit:
    """Note that who booked did not come.

    Raises:
        Refusal: it is too early to say so, the booking is not of this station, or they came meanwhile.
    """
    await seats.hold(db, Station, [station_id])  # so that nobody is given a number in the same moment
    visit = await _visit(db, booking_id, station_id)
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


async def _visit(db: AsyncSession, which: int | str, station_id: int | None = None) -> Visit:
    """Return a booking, of this station if one is named; whoever shows a code hears where it is for, an id tells nothing."""
    find = booking_lists.find(db, which) if isinstance(which, int) else booking_lists.by_code(db, which)
    found = await find
    if found is None or (isinstance(which, int) and station_id not in (None, found.station.id)):
        raise Refusal(NO_BOOKING)
    if station_id not in (None, found.station.id):
        raise Refusal(ELSEWHERE.format(code=found.booking.code, station=found.station.name))
    if found.booking.status == "cancelled":
        raise Refusal(CANCELLED.format(code=found.booking.code))
    return found


async def _give(
    db: AsyncSession, station_id: int, letter: str, now: datetime, turn_at: datetime, service_id: int | None,
    booking_id: int | None = None,
) -> Ticket:  # fmt: skip
    """Give the next number; the caller holds the station, so that no two are the same."""
    ticket = Ticket(
        station_id=station_id, day=day_of(now), letter=letter, number=await next_number(db, station_id, letter, now),
        booking_id=booking_id, service_id=service_id, turn_at=turn_at, status="waiting", came_at=now,
    )  # fmt: skip
    db.add(ticket)
    await db.flush()
    return ticket


async def _anew(db: AsyncSession, known: Ticket, visit: Visit, now: datetime) -> Ticket:
    """Give who was ticked by mistake, and moved their visit since, a number of the time and the station it is for now."""
    number = await next_number(db, visit.station.id, BOOKED, now)
    return await change(
        db, known, (known.status,), status="waiting", station_id=visit.station.id, day=day_of(now), number=number,
        turn_at=visit.slot.starts_at, came_at=now, **UNCALLED,
    )  # fmt: skip
