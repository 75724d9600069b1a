"""Whether somebody came to what was booked for them, and how often lately they did not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Booking, Slot
from services import booking_rows
from services.booking_rows import Visit, visits

_REMEMBERED = timedelta(days=90)
"""For how long it counts that somebody did not come."""

NO_BOOKING = "没有找到这个预约，可能已经取消了。"
CHANGED = "这个预约刚刚有变动，请再看一次。"
TOO_EARLY = "还没到约定的时间，不能记没来。"


async def mark(db: AsyncSession, booking_id: int, status: Literal["came", "no_show", "over"], now: datetime) -> Visit:
    """Say that somebody came or did not, or that nobody knows, also when another was said before; nothing is reminded of any more.

    Raises:
        Refusal: there is no such booking, or it is too early to say that nobody came.
    """
    before = next(iter(await visits(db, Booking.id == booking_id, Booking.status != "cancelled")), None)
    if before is None:
        raise Refusal(NO_BOOKING)
    if status == "no_show" and now < before.slot.starts_at:
        raise Refusal(TOO_EARLY)
    done = await db.execute(
        update(Booking)
        .where(Booking.id == booking_id, Booking.status != "cancelled")
        .values(status=status, remind_at=None, ended_at=now)
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    )
    if done.first() is None:
        raise Refusal(CHANGED)
    await booking_rows.retract(db, before.booking, now)
    return (await visits(db, Booking.id == booking_id))[0]


async def no_shows(db: AsyncSession, key: str, now: datetime) -> int:
    """Return how often somebody did not come to what was booked for them, lately."""
    rows = select(func.count()).select_from(Booking).join(Slot, Slot.id == Booking.slot_id)
    lately = booking_rows.whose(key), Booking.status == "no_show", Slot.starts_at >= now - _REMEMBERED
    return await db.scalar(rows.where(*lately)) or 0


async def not_over(db: AsyncSession, mine: Iterable[Visit], now: datetime) -> Visit | None:
    """Return the first of open bookings; one whose time is over, and nobody said a word of, is in nobody's way."""
    for before in mine:
        if before.slot.ends_at > now:
            return before
        await mark(db, before.booking.id, "over", now)
    return None
