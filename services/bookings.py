"""Who comes to a station when: reserved, moved and cancelled so that no place is ever given twice and none is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Booking, Slot, Waiting
from db.places import Station
from services import booking_rows, seats, slots, wait_offers, waits
from services.booking_outcomes import CHANGED, NO_BOOKING, mark, no_shows, not_over
from services.booking_rows import Visit, visits, who_key
from services.booking_rules import BookingRules
from services.timetable import Provision, read_day
from services.vault import Vault
from services.wait_rows import IN_LINE, change, half_of
from services.who import BY_STAFF, ONESELF, Who

__all__ = [
    "BY_STAFF", "ONESELF", "FullError", "HasOneError", "Moved", "Visit", "Who", "Wish", "cancel", "mark", "move",
    "no_shows", "reserve", "who_key",
]  # fmt: skip

FULL = "这个时间刚刚约满了，请换一个时间，或者排候补。"
HAS_ONE = "这件事已经约好了一次，还没办完，不用再约。"
NOT_OFFERED = "这个服务站现在不办这件事，请换一个服务站。"
OVER = "这个预约的时间已经过了，不能再改。"
NO_CONTACT = "请写上姓名或电话，好联系得上。"


class FullError(Refusal):
    """Nobody can have this time any more, but one can wait for it."""


class HasOneError(Refusal):
    """Whoever it is for has an open booking of this service."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(HAS_ONE)
        self.visit = visit


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like to have."""

    station_id: int
    service_id: int
    starts_at: datetime
    purpose: str
    who: Who


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking as it was and as it is."""

    before: Visit
    after: Visit


async def reserve(db: AsyncSession, vault: Vault, rules: BookingRules, wish: Wish, now: datetime) -> Visit:
    """Give somebody a place; asked again for the same, the same one. Name and phone are sealed here.

    Staff (made_by is BY_STAFF) need not keep notice, horizon and the limit of a day, but never pass the capacity.

    Raises:
        FullError: every place is taken.
        HasOneError: they have one of this service that is not over.
        Refusal: this time, this day or this person cannot be.
    """
    who, by_staff = wish.who, wish.who.made_by == BY_STAFF
    if by_staff and not (who.person_id or who.name or who.phone):
        raise Refusal(NO_CONTACT)
    await booking_rows.lock_person(db, who.person_id)
    station = await _hold_station(db, wish.station_id)
    key = who_key(vault, who)
    theirs = await booking_rows.open_ones(db, key)
    if before := await not_over(db, [one for one in theirs if one.service.id == wish.service_id], now):
        return _same(before, wish)
    provision = await _provision(db, station, wish.service_id, wish.starts_at, rules, now, by_staff=by_staff)
    others = [one for one in theirs if one.service.id != wish.service_id]
    booking_rows.check_others(rules, others, _wanted(provision, wish.starts_at), by_staff=by_staff)
    (slot,) = await slots.lock(db, [(provision, wish.starts_at)])
    line = await _line(db, wish.service_id, key)
    given: dict[str, Any] = {
        "address_id": who.address_id, "person_id": who.person_id, "name": vault.encrypt(who.name) if who.name else None,
        "phone": vault.encrypt(who.phone) if who.phone else None, "purpose": wish.purpose, "made_by": who.made_by,
        "staff_id": who.staff_id,
    }  # fmt: skip
    if line and _is_kept(line, slot, now):
        return await waits.accept(db, rules, line.id, now, by=who.made_by, **given)
    taken = await slots.take(db, provision, slot)
    row = await booking_rows.write(db, slot, now, who_key=key, **given) if taken else None
    if row is None:  # full, or they had one a moment before us: who taps twice at once may have had the last place
        if taken:
            await seats.give_back(db, Slot, slot.id)
        if before := await booking_rows.open_of(db, wish.service_id, key):
            return _same(before, wish)
        raise Refusal(CHANGED) if taken else FullError(FULL)
    await _wait_no_more(db, line, slot, now)
    return Visit(row, slot, provision.station, provision.service)


async def move(
    db: AsyncSession, rules: BookingRules, booking_id: int, station_id: int, starts_at: datetime, by: str, now: datetime,
    reason: str | None = None,
) -> Moved:  # fmt: skip
    """Move a booking in one step: the old place is kept until the new one is won. To where it is, it does not move.

    Raises:
        FullError: every place is taken there; the old one stands.
        Refusal: there is no such booking any more, or this time cannot be; the old one stands.
    """
    before = await _open(db, booking_id, now)
    await booking_rows.lock_person(db, before.booking.person_id)
    if (before.station.id, before.slot.starts_at) == (station_id, starts_at):
        return Moved(before, before)
    by_staff = by == BY_STAFF
    station = await _hold_station(db, station_id)
    provision = await _provision(db, station, before.service.id, starts_at, rules, now, by_staff=by_staff)
    key = before.booking.who_key
    wanted = _wanted(provision, starts_at)
    await booking_rows.check_day(db, rules, key, wanted, moved=booking_id, by_staff=by_staff)
    (slot,) = await slots.lock(db, [(provision, starts_at)], [before.slot.id])
    line = await _line(db, before.service.id, key)
    if line and _is_kept(line, slot, now):
        return Moved(before, await waits.accept(db, rules, line.id, now, by, reason, booking_id))
    if not await slots.take(db, provision, slot, before.slot.id):
        raise FullError(FULL)
    if not await booking_rows.shift(db, before, slot, by, now, reason):
        await seats.give_back(db, Slot, slot.id)
        raise Refusal(CHANGED)
    await _wait_no_more(db, line, slot, now)
    if _overlap(before, slot):  # their own seat is beside that place now: the next tick looks what is left of it
        await seats.give_back(db, Slot, before.slot.id)
    else:
        await wait_offers.free(db, rules, before.slot, now)
    return Moved(before, await _visit(db, booking_id))


async def cancel(
    db: AsyncSession, rules: BookingRules, booking_id: int, by: str, now: datetime, reason: str | None = None
) -> Visit:
    """Cancel a booking, once however often it is asked for: its place goes to the first who waits, or is free.

    Raises:
        Refusal: there is no such booking any more, or its time is over.
    """
    before = await _open(db, booking_id, now)
    await seats.hold(db, Slot, (before.slot.id,))
    done = await booking_rows.change(
        db, before, now, status="cancelled", ended_at=now, remind_at=None, changed_by=by, reason=reason
    )
    if not done:
        raise Refusal(CHANGED)
    await wait_offers.free(db, rules, before.slot, now)
    return await _visit(db, booking_id)


def _same(before: Visit, wish: Wish) -> Visit:
    """Return a booking that is what was wished for: somebody tapped twice."""
    if (before.station.id, before.slot.starts_at) != (wish.station_id, wish.starts_at):
        raise HasOneError(before)
    return before


async def _open(db: AsyncSession, booking_id: int, now: datetime) -> Visit:
    before = next(iter(await visits(db, Booking.id == booking_id, Booking.status == "booked")), None)
    if before is None:
        raise Refusal(NO_BOOKING)
    if before.slot.ends_at <= now:
        raise Refusal(OVER)
    return before


async def _visit(db: AsyncSession, booking_id: int) -> Visit:
    return (await visits(db, Booking.id == booking_id))[0]


async def _hold_station(db: AsyncSession, station_id: int) -> Station | None:
    """Keep a station's days from being closed until this is done: who closes one is to be told of every booking there."""
    held = select(Station).where(Station.id == station_id).with_for_update(read=True)
    return await db.scalar(held, execution_options={"populate_existing": True})


async def _provision(
    db: AsyncSession, station: Station | None, service_id: int, starts_at: datetime, rules: BookingRules, now: datetime, *,
    by_staff: bool,
) -> Provision:  # fmt: skip
    """Return what a station offers, once it is certain that one can come for it at this time."""
    found = await read_day(db, station, service_id, day_of(starts_at)) if station else None
    if found is None:
        raise Refusal(NOT_OFFERED)
    timetable, provision = found
    slots.bookable(timetable, provision, starts_at, rules, now, by_staff=by_staff)
    return provision


def _wanted(provision: Provision, starts_at: datetime) -> Slot:
    ends_at = starts_at + timedelta(minutes=provision.minutes)
    return Slot(station_id=provision.station.id, service_id=provision.service.id, starts_at=starts_at, ends_at=ends_at)


def _overlap(before: Visit, slot: Slot) -> bool:
    """Tell whether a visit was at this station in some of the same time: times are cut otherwise since it was booked."""
    was = before.slot
    return was.station_id == slot.station_id and was.starts_at < slot.ends_at and slot.starts_at < was.ends_at


async def _line(db: AsyncSession, service_id: int, key: str) -> Waiting | None:
    """Return where somebody waits for a service, or has a place kept for them."""
    mine = Waiting.service_id == service_id, booking_rows.whose(key, Waiting), IN_LINE
    return await db.scalar(select(Waiting).where(*mine).execution_options(populate_existing=True))


def _is_kept(line: Waiting, slot: Slot, now: datetime) -> bool:
    """Tell whether a place of this very slot is kept for them: whoever chooses that time takes that one."""
    return line.slot_id == slot.id and line.offer_until is not None and line.offer_until > now


async def _wait_no_more(db: AsyncSession, line: Waiting | None, slot: Slot, now: datetime) -> None:
    """End the waiting of whoever now has such a time as they waited for; an offer that stands is left to them."""
    fits = line and (line.station_id, line.day) == (slot.station_id, day_of(slot.starts_at))
    if line and fits and line.status == "waiting" and line.half in ("any", half_of(slot.starts_at)):
        await change(db, line, "left", now)
