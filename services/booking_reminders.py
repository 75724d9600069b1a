"""Of which visits people are to be reminded now: a clock that was away is late, but never says it after the beginning."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Slot
from services.booking_moments import first, moments
from services.booking_rows import Visit, visits

__all__ = ["advance", "due", "first", "moments", "step"]


async def due(db: AsyncSession, now: datetime, limit: int) -> list[Visit]:
    """Return visits to remind of, locked, the soonest first; whoever reminds of them calls `advance` with them."""
    begun = select(Slot.id).where(Slot.starts_at <= now)
    await db.execute(
        update(Booking)
        .where(Booking.remind_at <= now, Booking.slot_id.in_(begun))
        .values(remind_at=None)
        .execution_options(synchronize_session=False)
    )
    ids = select(Booking.id).where(Booking.status == "booked", Booking.remind_at <= now)
    locked = await db.scalars(
        ids.order_by(Booking.remind_at, Booking.id).limit(limit).with_for_update(skip_locked=True, key_share=True)
    )
    return await visits(db, Booking.id.in_(locked.all()))


def step(visit: Visit, now: datetime) -> Literal["day", "hours"]:
    """Tell which reminder this is: one of the day before that comes within the last two hours is the last one."""
    return "day" if now < moments(visit.slot.starts_at)[1] else "hours"


async def advance(db: AsyncSession, found: Iterable[Visit], now: datetime) -> None:
    """Note that they were reminded, and when they are next."""
    for one in found:
        await db.execute(
            update(Booking)
            .where(Booking.id == one.booking.id)
            .values(remind_at=first(one.slot.starts_at, now))
            .execution_options(synchronize_session=False)
        )
