"""What a station has to give in the next days, so that whoever set it up sees at once what people will see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Service
from services.booking_rules import BookingRules
from services.slots import open_slots
from services.station_hours import show_periods
from services.timetable import read_timetable

_DAYS = 10


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """A day: when the station is open, or why not, and how many places are free of each service."""

    day: date
    hours: str
    why: str
    confirmed: bool
    free: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """The services of a station, and its next days."""

    services: Sequence[Service]
    days: Sequence[PreviewDay]


async def preview(db: AsyncSession, station_id: int, rules: BookingRules, now: datetime) -> Preview:
    """Return what can be booked from today on."""
    today = now.astimezone(CHINA).date()
    timetable = await read_timetable(db, station_ids=[station_id], today=today)
    last = today + timedelta(days=_DAYS - 1)
    free: Counter[tuple[date, int]] = Counter()
    for time in await open_slots(db, timetable, timetable.provisions, today, last, rules, now):
        free[time.starts_at.astimezone(CHINA).date(), time.service_id] += time.left
    services = [one.service for one in timetable.provisions]
    days = []
    for number in range(_DAYS):
        day = today + timedelta(days=number)
        hours = show_periods(timetable.periods(station_id, day))
        closure = timetable.closure(station_id, day)
        why = "" if hours else f"停办：{closure}" if closure else timetable.note(day) or "不上班"
        counts = {service.id: free[day, service.id] for service in services}
        days.append(PreviewDay(day, hours, why, timetable.confirmed(day), counts))
    return Preview(services, days)
