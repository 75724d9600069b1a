"""A place that becomes free is kept at once for the first who waits for it, and passed on when they let it run out."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, tuple_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Booking, Slot, Waiting
from services import seats, slots
from services.booking_rules import BookingRules
from services.timetable import Provision, read_timetable
from services.wait_rows import IN_LINE, Wait, change, half_of, line, waits

_TOO_SOON = timedelta(minutes=30)
"""A place for a time that is so near is not offered: who waits could hardly come."""
_TO_ANSWER = timedelta(minutes=30)
"""Nor is one for which nobody is awake so long before the offer runs out: it would only keep others from it."""


async def offer_next(db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime) -> bool:
    """Keep a place of a locked slot, freed but still counted as taken, for the first who waits; False when nobody does.

    The next tick tells them: it is among their `news`. Whoever has a booking at this very time, or of something else at
    the same hour, is not asked.
    """
    half = Waiting.half.in_(("any", half_of(slot.starts_at)))
    mine, theirs = aliased(Booking), aliased(Slot)
    there = exists().where(
        or_(mine.who_key == Waiting.who_key, mine.person_id == Waiting.person_id),
        mine.status == "booked", theirs.id == mine.slot_id,
        theirs.starts_at < slot.ends_at, theirs.ends_at > slot.starts_at,
        or_(mine.service_id != slot.service_id, mine.slot_id == slot.id),
    )  # fmt: skip
    who = select(Waiting.id).where(*line(slot.station_id, slot.service_id, day_of(slot.starts_at)), half, ~there)
    until: datetime | None = None
    while (first := await db.scalar(who.order_by(Waiting.id).limit(1))) is not None:
        until = until or await _until(db, rules, slot, now)
        if until is None:
            return False
        done = await db.execute(
            update(Waiting)
            .where(Waiting.id == first, Waiting.status == "waiting")
            .values(status="offered", slot_id=slot.id, offer_until=until, news="offered")
            .execution_options(synchronize_session=False)
        )
        assert isinstance(done, CursorResult)
        if done.rowcount:  # else they were offered another one, or left, this very moment
            return True
    return False


async def free(db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime) -> None:
    """Let a place of a locked slot that nobody has any more be kept for the next, or be free."""
    if not await offer_next(db, rules, slot, now):
        await seats.give_back(db, Slot, slot.id)


async def free_all(db: AsyncSession, rules: BookingRules, freed: Iterable[Slot], now: datetime) -> None:
    """Do the same for each of several, line by line: so all who do it go the same way, and nobody in a circle."""
    for slot in sorted(freed, key=_order):
        await free(db, rules, slot, now)


def _order(slot: Slot | slots.Open) -> tuple[int, int, datetime]:
    return slot.station_id, slot.service_id, slot.starts_at


async def refill(db: AsyncSession, rules: BookingRules, where: Collection[tuple[int, int]], now: datetime) -> int:
    """Keep free places for those who wait for these services (station and service), which have more than before.

    Return how many were kept. All are named at once: their slots are locked in one order.
    """
    if not where:
        return 0
    return await _fill(db, rules, now, tuple_(Waiting.station_id, Waiting.service_id).in_(where))


async def refill_day(
    db: AsyncSession, rules: BookingRules, station_id: int, service_id: int, day: date, now: datetime
) -> int:  # fmt: skip
    """Do the same for one day of a line, whose slots are locked."""
    return await _fill(
        db, rules, now, Waiting.station_id == station_id, Waiting.service_id == service_id, Waiting.day == day
    )


async def refill_all(db: AsyncSession, rules: BookingRules, now: datetime) -> int:
    """Do the same wherever somebody waits: hours were added, or a closed day is open again, and nobody said so."""
    return await _fill(db, rules, now)


async def _fill(db: AsyncSession, rules: BookingRules, now: datetime, *which: ColumnElement[bool]) -> int:
    in_line = select(Waiting.station_id, Waiting.service_id, Waiting.day, Waiting.half).distinct()
    in_line = in_line.where(IN_LINE, Waiting.status == "waiting", Waiting.day >= day_of(now), *which)
    wanted = {(station, service, day, half) for station, service, day, half in await db.execute(in_line)}
    if not wanted:
        return 0
    timetable = await read_timetable(db, station_ids={station for station, *_ in wanted})
    offered = {(station, service): timetable.provision(station, service) for station, service, *_ in wanted}
    lines = {line: provision for line, provision in offered.items() if provision is not None}
    days = sorted(day for _, _, day, _ in wanted)
    found = await slots.open_slots(db, timetable, list(lines.values()), days[0], days[-1], rules, now)
    fitting = [
        (lines[one.station_id, one.service_id], one.starts_at) for one in sorted(found, key=_order)
        if any((*one[:2], day_of(one.starts_at), half) in wanted for half in ("any", half_of(one.starts_at)))
    ]  # fmt: skip
    ids = await slots.lock(db, fitting)
    return sum([await _keep(db, rules, one[0], id_, now) for one, id_ in zip(fitting, ids, strict=True)])


async def _keep(db: AsyncSession, rules: BookingRules, provision: Provision, slot_id: int, now: datetime) -> int:
    """Offer as many places of a locked slot as are free; return how many."""
    kept = 0
    while (slot := await slots.take(db, provision, slot_id)) is not None:
        if not await offer_next(db, rules, slot, now):
            await seats.give_back(db, Slot, slot_id)
            break
        kept += 1
    return kept


async def run_out(db: AsyncSession, rules: BookingRules, now: datetime, limit: int) -> list[Wait]:
    """Pass places on that were not taken in time; return who let them run out, which is among their `news`."""
    late = IN_LINE, Waiting.status == "offered", Waiting.offer_until <= now
    first = select(Waiting.slot_id).where(*late).order_by(Waiting.offer_until, Waiting.id).limit(limit)
    slot_ids = {id_ for id_ in await db.scalars(first) if id_ is not None}
    await seats.hold(db, Slot, slot_ids)
    found = await waits(db, *late, Waiting.slot_id.in_(slot_ids))
    passed = [one for one in found if await change(db, one.row, "passed", now, news="passed")]
    await free_all(db, rules, [one.slot for one in passed if one.slot is not None], now)
    return passed


async def _until(db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime) -> datetime | None:
    """Return until when a place can be kept for somebody; None when it can be had no more."""
    timetable = await read_timetable(db, service_id=slot.service_id, station_ids=[slot.station_id])
    provision = timetable.provision(slot.station_id, slot.service_id)
    if provision is None or slot.starts_at - now <= _TOO_SOON:
        return None
    try:
        slots.bookable(timetable, provision, slot.starts_at, rules, now)
    except Refusal:
        return None
    if await db.scalar(select(Slot.taken).where(Slot.id == slot.id, Slot.taken > provision.capacity)):
        return None  # the station has fewer places now
    until = min(rules.offer_until(now), slot.starts_at - slots.notice_of(provision, rules))
    return until if rules.awake_for(min(rules.offer, _TO_ANSWER), now) <= until else None
