"""Somebody says that they will be late for a visit: the desk reads it beside their name and waits so long for them."""

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking

LONGEST = 600
"""Minutes; whoever is later than that comes on another day."""


async def note(db: AsyncSession, booking_id: int, minutes: int) -> bool:
    """Keep how late somebody will be, 0 when they did not say; False when they are not waited for any more."""
    done = await db.execute(
        update(Booking)
        .where(Booking.id == booking_id, Booking.status.in_(("booked", "no_show")))
        .values(late_minutes=minutes)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
