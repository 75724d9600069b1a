"""Whose visit staff changed without reaching them: they stand in a list until somebody has rung them up."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.errors import Refusal
from db.bookings import Booking, Service, Slot
from db.places import Station
from db.staff import Staff
from services.booking_rows import Visit
from services.scope import near

PAGE = 50
RUNG = "这一位已经有人打过电话了，或者预约又变了。请看现在的情况。"
_BELIEVED = aliased(Slot)


@dataclass(frozen=True, slots=True)
class Untold:
    """A visit as it is now, and the time that they still believe in."""

    visit: Visit
    believed: Slot


async def note(db: AsyncSession, after: Visit, believed_id: int, staff_id: int, *, silent: bool) -> None:
    """Note who of staff changed a booking, and whether the person, who believes in another time, has to be rung up.

    Call it in the transaction of the change, which took back whatever was noted before.
    """
    unknown = silent and (after.booking.status == "cancelled" or after.slot.id != believed_id)
    await db.execute(
        update(Booking)
        .where(Booking.id == after.booking.id)
        .values(changed_staff_id=staff_id, untold_slot_id=believed_id if unknown else None)
        .execution_options(synchronize_session=False)
    )


async def to_ring(db: AsyncSession, staff: Staff) -> list[Untold]:
    """Return those near enough for a person of staff, whose time is the soonest first; a page of them."""
    rows = await db.execute(
        select(Booking, Slot, Station, Service, _BELIEVED)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Station, Station.id == Slot.station_id)
        .join(Service, Service.id == Booking.service_id)
        .join(_BELIEVED, _BELIEVED.id == Booking.untold_slot_id)
        .where(*_open(staff))
        .order_by(_BELIEVED.starts_at, Booking.id)
        .limit(PAGE)
        .execution_options(populate_existing=True)
    )
    return [Untold(Visit(*row[:4]), row[4]) for row in rows.all()]


async def count(db: AsyncSession, staff: Staff) -> int:
    """Return how many there are on all pages."""
    rows = select(func.count()).select_from(Booking).join(Slot, Slot.id == Booking.slot_id)
    return await db.scalar(rows.where(*_open(staff))) or 0


async def rung(db: AsyncSession, staff: Staff, booking_id: int, sequence: int | None) -> str:
    """Take somebody off the list who was told all that there is to tell; return the code.

    Raises:
        Refusal: a colleague was quicker, or the booking has changed since the list was read.
    """
    here = select(Slot.id).where(near(staff, Slot.station_id))
    code = await db.scalar(
        update(Booking)
        .where(Booking.id == booking_id, Booking.sequence == sequence)
        .where(Booking.untold_slot_id.is_not(None), Booking.slot_id.in_(here))
        .values(untold_slot_id=None)
        .returning(Booking.code)
        .execution_options(synchronize_session=False)
    )
    if code is None:
        raise Refusal(RUNG)
    return code


def _open(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    """Return the condition; whoever came, or did not, needs no call about the time any more."""
    standing = Booking.status.in_(("booked", "cancelled"))
    return Booking.untold_slot_id.is_not(None), standing, near(staff, Slot.station_id)
