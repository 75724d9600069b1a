"""The lines of those who wait for a visit: nobody waits in them while a place is free that would do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Slot, Waiting
from services import slots
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.timetable import read_timetable
from services.wait_rows import half_of

_TO_ANSWER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Stood:
    """Who stands in a line, and for whom a place is kept where."""

    waiting: frozenset[int]
    offered: frozenset[tuple[int, int]]
    """Of (row, slot)."""


async def stood(db: AsyncSession) -> Stood:
    """Return who stands where just now."""
    rows = (await db.scalars(select(Waiting).execution_options(populate_existing=True))).all()
    kept = frozenset((row.id, row.slot_id) for row in rows if row.slot_id is not None)
    return Stood(frozenset(row.id for row in rows if row.status == "waiting"), kept)


async def check_nobody_waits_for_nothing(
    db: AsyncSession, now: datetime, rules: BookingRules = DEFAULT_BOOKING_RULES
) -> None:
    """Check that whoever still waits could have no place now, but where they have one themselves at that time.

    A place for which nobody is awake half an hour before it can be had no more is offered to nobody.
    """
    timetable = await read_timetable(db)
    for row in (await db.scalars(select(Waiting).where(Waiting.status == "waiting"))).all():
        provision = timetable.provision(row.station_id, row.service_id)
        if provision is None:
            continue
        free = await slots.open_slots(db, timetable, [provision], row.day, row.day, rules, now)
        latest = rules.awake_for(_TO_ANSWER, now) + slots.notice_of(provision, rules)
        would_do = {one.starts_at for one in free if row.half in ("any", half_of(one.starts_at))}
        would_do = {starts_at for starts_at in would_do if starts_at >= latest}
        assert would_do <= await _own_times(db, row), (row.id, row.who_key)


async def check_order(db: AsyncSession, before: Stood) -> None:
    """Check that whoever was offered a place since then stood first in line for it."""
    after = await stood(db)
    rows = {row.id: row for row in await db.scalars(select(Waiting))}
    for row_id, slot_id in after.offered - before.offered:
        row, slot = rows[row_id], await db.get_one(Slot, slot_id)
        for other_id in before.waiting & after.waiting:
            other = rows[other_id]
            same_line = (other.station_id, other.service_id, other.day) == (row.station_id, row.service_id, row.day)
            if other_id < row_id and same_line and other.half in ("any", half_of(slot.starts_at)):
                assert slot.starts_at in await _own_times(db, other), (other_id, row_id)


async def _own_times(db: AsyncSession, row: Waiting) -> set[datetime]:
    mine = select(Slot.starts_at).join(Booking, Booking.slot_id == Slot.id)
    mine = mine.where(Booking.who_key == row.who_key, Booking.status == "booked")
    return set(await db.scalars(mine))
