"""Bookings as they are looked up: one by its code, those of a person, those of a day, and page by page for staff."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of, start_of
from db.bookings import Booking, Slot
from db.places import Station
from db.staff import Staff
from services.booking_rows import CODE_PREFIX, Visit, visits
from services.scope import near
from services.who import theirs

PAGE = 20
_STANDING = Booking.status != "cancelled"


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which bookings staff want to see; None for any. The days are those of China, both of them in it."""

    station_id: int | None = None
    first: date | None = None
    last: date | None = None
    status: str | None = None


async def find(db: AsyncSession, booking_id: int) -> Visit | None:
    """Return a booking, whatever became of it; None when there is none."""
    return next(iter(await visits(db, Booking.id == booking_id)), None)


async def by_code(db: AsyncSession, code: str) -> Visit | None:
    """Return the booking of a code as it is read out, typed or scanned: with its letters before it or without."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
    return next(iter(await visits(db, Booking.code == CODE_PREFIX + signs.removeprefix("YY"))), None)


async def of(db: AsyncSession, address_id: int | None, person_ids: Collection[int], now: datetime) -> list[Visit]:
    """Return what is booked and not over, by an account, also before it was bound, or for persons; the soonest first."""
    return await visits(db, theirs(Booking, address_id, person_ids), Booking.status == "booked", Slot.ends_at > now)


async def expected(
    db: AsyncSession, address_id: int | None, person_ids: Collection[int], now: datetime
) -> list[Visit]:  # fmt: skip
    """Return for whom a desk still waits today, late or noted as not come; what is not over hides what is."""
    mine, today = theirs(Booking, address_id, person_ids), day_of(now)
    found = await visits(db, mine, Booking.status.in_(("booked", "no_show")), *_days(today, today))
    return [one for one in found if one.slot.ends_at > now] or found


async def on_day(db: AsyncSession, station_id: int, day: date) -> list[Visit]:
    """Return who is booked at a station on a day, came or not, the first first; without what was cancelled."""
    return await visits(db, Slot.station_id == station_id, _STANDING, *_days(day, day))


async def mark_of_day(db: AsyncSession, station_id: int, day: date) -> list[tuple[int, str, int, int | None]]:
    """Return of the same what differs when anything changes: status, slot, being late; an open desk asks all the time."""
    rows = select(Booking.id, Booking.status, Booking.slot_id, Booking.late_minutes).join(
        Slot, Slot.id == Booking.slot_id
    )
    of_day = rows.where(Slot.station_id == station_id, _STANDING, *_days(day, day)).order_by(Booking.id)
    return [(id_, status, slot_id, late) for id_, status, slot_id, late in await db.execute(of_day)]


async def page(db: AsyncSession, staff: Staff, sieve: Sieve, number: int) -> tuple[list[Visit], int]:
    """Return a page of what a person of staff may see, the soonest first, and how many there are on all pages."""
    which = _which(staff, sieve)
    rows = select(Booking.id).join(Slot, Slot.id == Booking.slot_id).join(Station, Station.id == Slot.station_id)
    count = await db.scalar(select(func.count()).select_from(rows.where(*which).subquery())) or 0
    ids = rows.where(*which).order_by(Slot.starts_at, Booking.id).limit(PAGE).offset(number * PAGE)
    return await visits(db, Booking.id.in_((await db.scalars(ids)).all())), count


async def by_station(db: AsyncSession, staff: Staff, sieve: Sieve) -> dict[str, int]:
    """Return how many of these each station has, by its name; those that have none are left out."""
    rows = select(Station.name, func.count(Booking.id)).join(Slot, Slot.station_id == Station.id)
    rows = rows.join(Booking, Booking.slot_id == Slot.id).where(*_which(staff, sieve))
    counted = rows.group_by(Station.id, Station.name).order_by(Station.id)
    return dict((await db.execute(counted)).all())


def _which(staff: Staff, sieve: Sieve) -> list[ColumnElement[bool]]:
    found = [near(staff, Station.id), *_days(sieve.first, sieve.last)]
    if sieve.station_id is not None:
        found.append(Slot.station_id == sieve.station_id)
    if sieve.status is not None:
        found.append(Booking.status == sieve.status)
    return found


def _days(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(Slot.starts_at >= start_of(first))
    if last is not None:
        found.append(Slot.starts_at < start_of(last + timedelta(days=1)))
    return found
