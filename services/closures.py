"""A station is closed for a day, or what was booked can be no more for whatever cause: who has to be helped, and who waits in vain."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, day_of, start_of
from core.errors import Refusal
from db.bookings import Booking, Slot, StationClosure, Waiting
from db.places import Station
from db.staff import Staff
from db.upsert import insert_new
from services import seats
from services.booking_rows import Visit, visits
from services.scope import near
from services.timetable import Timetable
from services.wait_rows import end_all

LONGEST_REASON = 60

NO_STATION = "没有找到这个服务站。"
NO_REASON = "请写上停办的原因，预约的人会看到。"
LONG_REASON = "原因太长，最多 {most} 个字。"
PAST = "这一天已经过去了，请换一天。"
TOO_FAR = "这一天太远了，只能选两年以内的日期。"
_FARTHEST = timedelta(days=731)


async def close(
    db: AsyncSession, station_id: int, day: date, reason: str, staff_id: int, now: datetime
) -> list[Visit]:  # fmt: skip
    """Close a station for a day, or say another reason; return who is booked there, of whom nothing was touched yet.

    Whoever waits for that day waits in vain: their line ends, and the next tick tells them.

    Raises:
        Refusal: the day is past or too far, no reason is given, or there is no such station.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal(NO_REASON)
    if len(reason) > LONGEST_REASON:
        raise Refusal(LONG_REASON.format(most=LONGEST_REASON))
    if day < day_of(now):
        raise Refusal(PAST)
    if day > day_of(now) + _FARTHEST:
        raise Refusal(TOO_FAR)
    # Locked: whoever books there at this moment is done before, and told of, or comes too late.
    if await db.get(Station, station_id, with_for_update={"key_share": True}) is None:
        raise Refusal(NO_STATION)
    if not await insert_new(
        db, StationClosure, station_id=station_id, day=day, reason=reason, staff_id=staff_id, at=now
    ):
        row = await db.get_one(StationClosure, (station_id, day), populate_existing=True)
        row.reason, row.staff_id, row.at = reason, staff_id, now
        await db.flush()
    await _end_lines(db, station_id, day, now)
    return await booked(db, station_id, day, now)


async def reopen(db: AsyncSession, station_id: int, day: date) -> None:
    """Let a station be open again as its week and the calendar say."""
    await db.execute(delete(StationClosure).where(StationClosure.station_id == station_id, StationClosure.day == day))


async def reason_of(db: AsyncSession, station_id: int, day: date) -> str | None:
    """Return why a station is closed on a day, None when staff did not close it."""
    which = StationClosure.station_id == station_id, StationClosure.day == day
    return await db.scalar(select(StationClosure.reason).where(*which))


async def booked(db: AsyncSession, station_id: int, day: date, now: datetime) -> list[Visit]:
    """Return who is still to come to a station on a day."""
    return await visits(db, Booking.status == "booked", Slot.starts_at > now, Slot.station_id == station_id, *_of(day))


async def stranded(db: AsyncSession, timetable: Timetable, now: datetime, staff: Staff) -> list[Visit]:
    """Return the bookings to come, near enough for this member of staff, at times that are open no more for any cause."""
    slots = await _stranded_slots(db, timetable, now, staff)
    return await visits(db, Booking.status == "booked", Booking.slot_id.in_(slots))


async def stranded_count(db: AsyncSession, timetable: Timetable, now: datetime, staff: Staff) -> int:
    """Return how many these are."""
    return sum((await _stranded_slots(db, timetable, now, staff)).values())


async def _stranded_slots(db: AsyncSession, timetable: Timetable, now: datetime, staff: Staff) -> dict[int, int]:
    """Return the times that are open no more and how many have booked each: the bookings that stand are never loaded."""
    rows = await db.execute(
        select(Slot.id, Slot.station_id, Slot.service_id, Slot.starts_at, Slot.ends_at, func.count())
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.status == "booked", Slot.starts_at > now, near(staff, Slot.station_id))
        .group_by(Slot.id)
    )
    return {
        slot_id: count
        for slot_id, station_id, service_id, starts_at, ends_at, count in rows
        if not _stands(timetable, station_id, service_id, starts_at, ends_at)
    }


def stands(timetable: Timetable, visit: Visit) -> bool:
    """Tell whether the whole visit is within open hours, at a station that still does what it is for.

    A time that is cut otherwise since it was booked still stands: nobody has to be troubled for that.
    """
    slot = visit.slot
    return _stands(timetable, slot.station_id, slot.service_id, slot.starts_at, slot.ends_at)


def _stands(timetable: Timetable, station_id: int, service_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    begins, ends = starts_at.astimezone(CHINA), ends_at.astimezone(CHINA)
    periods = timetable.periods(station_id, begins.date())
    offered = timetable.provision(station_id, service_id)
    one_day = offered is not None and begins.date() == ends.date()
    return one_day and any(opens <= begins.time() and ends.time() <= closes for opens, closes in periods)


async def _end_lines(db: AsyncSession, station_id: int, day: date, now: datetime) -> None:
    """End what is waited for on a day that is closed; places that were kept are free."""
    ids = (await db.scalars(select(Slot.id).where(Slot.station_id == station_id, *_of(day)))).all()
    await seats.hold(db, Slot, ids)
    for slot_id, kept in (await end_all(db, now, Waiting.station_id == station_id, Waiting.day == day)).items():
        await seats.give_back(db, Slot, slot_id, kept)


def _of(day: date) -> tuple[ColumnElement[bool], ...]:
    midnight = start_of(day)
    return Slot.starts_at >= midnight, Slot.starts_at < midnight + timedelta(days=1)
