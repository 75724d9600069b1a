"""A place that becomes free is kept at once for the first who waits for it, and passed on when they let it run out."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import day_of, start_of
from core.errors import Refusal
from db.bookings import Booking, Slot, Waiting
from services import seats, slots
from services.booking_rules import BookingRules
from services.timetable import Provision, read_timetable
from services.wait_rows import IN_LINE, Wait, change, half_of, line, waits
from services.wait_told import told_at, unheard

_TOO_SOON = timedelta(minutes=30)
"""A place for a time that is so near is not offered: who waits could hardly come."""
_TO_ANSWER = timedelta(minutes=30)
"""Nor is one to somebody who could hear of it only so shortly before the offer runs out: it would only keep others from it."""


async def offer_next(
    db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime, besides: Collection[int] = ()
) -> bool:  # fmt: skip
    """Keep a place of a locked slot, freed but still counted as taken, for the first who waits; False when nobody does.

    The next tick tells them: it is among their `news`. Passed over is who could not take it, and who would hear of it
    too late; they stay in line.
    """
    half = Waiting.half.in_(("any", half_of(slot.starts_at)))
    in_line = *line(slot.station_id, slot.service_id, day_of(slot.starts_at)), half, _can_come(rules, slot)
    over, latest = set(besides), None
    while (first := await _first(db, over, *in_line)) is not None:
        latest = latest or await _latest(db, rules, slot, now)
        if latest is None:
            return False
        heard = await told_at(db, rules, first, slot.starts_at, now)
        if rules.awake_for(min(rules.offer, _TO_ANSWER), heard) <= latest:
            until = min(rules.offer_until(heard), latest)
            done = await db.execute(
                update(Waiting)
                .where(Waiting.id == first.id, Waiting.status == "waiting")
                .values(status="offered", slot_id=slot.id, offer_until=until, news="offered")
                .execution_options(synchronize_session=False)
            )
            assert isinstance(done, CursorResult)
            if done.rowcount:  # else they were offered another one, or left, this very moment
                return True
        over.add(first.id)
    return False


async def _first(db: AsyncSession, over: Collection[int], *which: ColumnElement[bool]) -> Waiting | None:
    rows = select(Waiting).where(*which, Waiting.id.not_in(over)).order_by(Waiting.id).limit(1)
    return await db.scalar(rows.execution_options(populate_existing=True))


def _can_come(rules: BookingRules, slot: Slot) -> ColumnElement[bool]:
    """Tell who waits and could take a place: not who is there then, or elsewhere, or has as many visits that day as one may."""
    mine, theirs = aliased(Booking), aliased(Slot)
    booked = and_(
        or_(mine.who_key == Waiting.who_key, mine.person_id == Waiting.person_id), mine.status == "booked",
        theirs.id == mine.slot_id,
    )  # fmt: skip
    there = exists().where(
        booked, theirs.starts_at < slot.ends_at, theirs.ends_at > slot.starts_at,
        or_(mine.service_id != slot.service_id, mine.slot_id == slot.id),
    )  # fmt: skip
    midnight = start_of(day_of(slot.starts_at))
    that_day = theirs.starts_at >= midnight, theirs.starts_at < midnight + timedelta(days=1)
    others = select(func.count(mine.id)).where(booked, mine.service_id != slot.service_id, *that_day)
    return and_(~there, others.correlate(Waiting).scalar_subquery() < rules.per_day)


async def free(
    db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime, besides: Collection[int] = ()
) -> None:  # fmt: skip
    """Let a place of a locked slot that nobody has any more be kept for the next, or be free."""
    if not await offer_next(db, rules, slot, now, besides):
        await seats.give_back(db, Slot, slot.id)


async def free_all(
    db: AsyncSession, rules: BookingRules, freed: Iterable[Slot], now: datetime, besides: Collection[int] = ()
) -> None:  # fmt: skip
    """Do the same for each of several, line by line: so all who do it go the same way, and nobody in a circle."""
    for slot in sorted(freed, key=_order):
        await free(db, rules, slot, now, besides)


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
    locked = await slots.lock(db, fitting)
    return sum([await _keep(db, rules, one[0], slot, now) for one, slot in zip(fitting, locked, strict=True)])


async def _keep(db: AsyncSession, rules: BookingRules, provision: Provision, slot: Slot, now: datetime) -> int:
    """Offer as many places of a locked slot as are free; return how many."""
    kept = 0
    while await slots.take(db, provision, slot):
        if not await offer_next(db, rules, slot, now):
            await seats.give_back(db, Slot, slot.id)
            break
        kept += 1
    return kept


async def run_out(db: AsyncSession, rules: BookingRules, now: datetime, limit: int) -> list[Wait]:
    """Pass places on that were not taken in time; return who had them, of which those who let them pass are among `news`.

    Whoever never heard of it is not told so, and stays in line.
    """
    late = IN_LINE, Waiting.status == "offered", Waiting.offer_until <= now
    first = select(Waiting.slot_id).where(*late).order_by(Waiting.offer_until, Waiting.id).limit(limit)
    slot_ids = {id_ for id_ in await db.scalars(first) if id_ is not None}
    await seats.hold(db, Slot, slot_ids)
    found = await waits(db, *late, Waiting.slot_id.in_(slot_ids))
    stay = await unheard(db, found)
    over = [one for one in found if await _end_offer(db, one.row, now, heard=one.row.id not in stay)]
    await free_all(db, rules, [one.slot for one in over if one.slot is not None], now, stay)
    return over


async def _end_offer(db: AsyncSession, row: Waiting, now: datetime, *, heard: bool) -> bool:
    if heard:
        return await change(db, row, "passed", now, news="passed")
    if not await change(db, row, "waiting", now):
        return False
    again = update(Waiting).where(Waiting.id == row.id).values(ended_at=None)
    await db.execute(again.execution_options(synchronize_session=False))
    return True


async def _latest(db: AsyncSession, rules: BookingRules, slot: Slot, now: datetime) -> datetime | None:
    """Return until when a place can be kept for anybody; None when it can be had no more."""
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
    return slot.starts_at - slots.notice_of(provision, rules)
