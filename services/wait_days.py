"""For which days one can wait: those on which something could become free."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, start_of
from core.errors import Refusal
from db.bookings import Slot
from services import slots
from services.booking_rules import BookingRules
from services.desk_times import Day
from services.timetable import Provision, Timetable, read_timetable
from services.wait_rows import half_of

_LAST = time(23, 59)
NOT_OFFERED = "这个服务站现在不办这件事，请换一个服务站。"


async def offered(db: AsyncSession, station_id: int, service_id: int) -> tuple[Timetable, Provision]:
    """Return the hours of a station, and the service as it offers it.

    Raises:
        Refusal: it does not.
    """
    timetable = await read_timetable(db, service_id=service_id, station_ids=[station_id])
    provision = timetable.provision(station_id, service_id)
    if provision is None:
        raise Refusal(NOT_OFFERED)
    return timetable, provision


def check_day(
    timetable: Timetable, provision: Provision, day: date, half: str, rules: BookingRules, now: datetime
) -> None:  # fmt: skip
    """See that something could become free, at the last of the times that would do at the latest.

    Raises:
        Refusal: nothing can, and why.
    """
    wanted = [start for start in timetable.starts(provision, day) if half in ("any", half_of(start))]
    last = wanted[-1] if wanted else datetime.combine(day, _LAST, CHINA)
    slots.bookable(timetable, provision, last, rules, now)


def full(
    timetable: Timetable, provision: Provision, days: Iterable[Day], rules: BookingRules, now: datetime
) -> dict[date, list[str]]:
    """Return the days on which nothing is free, wholly or in one half, with the halves that can be waited for."""
    found = {}
    for day in days:
        free = {half_of(one.starts_at) for one in day.times}
        halves = [
            half for half in ("am", "pm")
            if half not in free and _can_wait(timetable, provision, day.day, half, rules, now)
        ]  # fmt: skip
        if halves:
            found[day.day] = ["any", *halves] if len(halves) == 2 else halves
    return found


def _can_wait(
    timetable: Timetable, provision: Provision, day: date, half: str, rules: BookingRules, now: datetime
) -> bool:
    try:
        check_day(timetable, provision, day, half, rules, now)
    except Refusal:
        return False
    return True


async def slots_of(db: AsyncSession, station_id: int, service_id: int, day: date) -> Sequence[int]:
    """Return the ids of the times of a day that somebody has ever wanted."""
    midnight = start_of(day)
    of_day = Slot.starts_at >= midnight, Slot.starts_at < midnight + timedelta(days=1)
    which = select(Slot.id).where(Slot.station_id == station_id, Slot.service_id == service_id, *of_day)
    return (await db.scalars(which)).all()
