"""The times that staff can give: a week at a glance, and why a day has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from services.booking_rules import BookingRules
from services.slots import Open, open_slots
from services.timetable import read_timetable

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a station, for one service."""

    day: date
    confirmed: bool
    """It is certain whether the day is worked; for a year beyond the decreed calendar it is not."""
    open: bool
    closure: str | None
    times: Sequence[Open]


async def week(
    db: AsyncSession, station_id: int, service_id: int, first: date, rules: BookingRules, now: datetime
) -> list[Day]:
    """Return the days from one on; [] where the station does not offer the service."""
    timetable = await read_timetable(db, service_id=service_id, station_ids=[station_id])
    provision = timetable.provision(station_id, service_id)
    if provision is None:
        return []
    first = max(first, day_of(now))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    free = await open_slots(db, timetable, [provision], days[0], days[-1], rules, now, by_staff=True)
    return [
        Day(
            day, timetable.confirmed(day), bool(timetable.periods(station_id, day)), timetable.closure(station_id, day),
            [one for one in free if day_of(one.starts_at) == day],
        )
        for day in days
    ]  # fmt: skip
