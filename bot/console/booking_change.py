"""Staff move or cancel a booking only as their page showed it; whoever cannot be told of it is to be rung up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk_words
from bot.console.desk_words import time_name
from bot.console.visit import Visit
from core.errors import Refusal
from db.bookings import Slot
from handlers import booking_notices
from services import booking_calls, booking_search
from services.booking_outcomes import CHANGED
from services.booking_rows import Visit as Booked


@dataclass(frozen=True, slots=True)
class Change:
    """What a page asks for."""

    booking_id: int
    sequence: int | None
    """Of the booking as the page showed it; None when the page did not say."""
    what: booking_notices.News
    reason: str | None
    asked: bool = False
    """They asked for it themselves, and so know of it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of it."""

    visit: Booked
    believed_at: datetime
    """The time that they have believed in so far."""
    moved: bool
    """False when it was moved to where it is."""
    reached: bool
    """A notice reaches them by itself."""


async def change(
    db: AsyncSession, visit: Visit, wanted: Change, act: Callable[[Booked], Awaitable[object]]
) -> Changed:  # fmt: skip
    """Do it, tell them and note who did it, in the transaction of the caller; to where it is, nothing is moved.

    Raises:
        Refusal: the booking has changed since the page was read, or the act cannot be.
    """
    before = await booking_search.booking_of(db, visit.staff, wanted.booking_id)
    was, known, believed_id = before.booking.sequence, before.slot, before.booking.untold_slot_id or before.slot.id
    if was != wanted.sequence:
        raise Refusal(await _now(db, before))
    await act(before)
    after = await booking_search.booking_of(db, visit.staff, wanted.booking_id)
    believed = await db.get_one(Slot, believed_id)
    if after.booking.sequence == was:
        return Changed(after, believed.starts_at, moved=False, reached=True)
    if after.booking.sequence != was + 1:  # somebody was in between, after it was read above
        raise Refusal(CHANGED)
    reason = wanted.reason
    reached = not await booking_notices.tell(db, visit.console.vault, [after], wanted.what, visit.now, reason)
    silent = not reached and not wanted.asked
    await booking_calls.note(db, after, believed_id, visit.staff.id, silent=silent)
    slots = {"from": known.id, "to": after.slot.id} if wanted.what == "moved" else {}
    await visit.record(db, f"booking_{wanted.what}", f"booking:{wanted.booking_id}", silent=silent, **slots)
    return Changed(after, believed.starts_at, moved=True, reached=reached)


async def _now(db: AsyncSession, one: Booked) -> str:
    """Return what a booking is now, and who made it so."""
    row = one.booking
    names = await booking_search.staff_names(db, row)
    by = names.get(row.changed_staff_id or 0) or row.changed_by or desk_words.A_COLLEAGUE
    if row.status == "cancelled":
        return desk_words.CANCELLED_SINCE.format(by=by)
    return desk_words.CHANGED_SINCE.format(by=by, when=time_name(one.slot.starts_at), station=one.station.name)
