"""When the bureau is open, so that every due date is one on which somebody is there to keep it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, day_of
from db.calendar import CalendarDay, OfficeHours

Period = tuple[time, time]
Periods = tuple[Period, ...]

_USUAL: Periods = ((time(8), time(12)), (time(14), time(18)))
DEFAULT_WEEK: Mapping[int, Periods] = dict.fromkeys(range(5), _USUAL)
"""The hours of a bureau that has not set its own, by weekday; 0 is Monday."""
_FIXED_HOLIDAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | {(10, day): "国庆节" for day in (1, 2, 3)}
"""Those of 全国年节及纪念日放假办法 (2024) that need no yearly notice."""
_IN_CHINESE: Mapping[str, str] = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked, whether that is certain, and why if it is no ordinary day."""

    working: bool
    confirmed: bool
    note: str | None


class WorkingCalendar:
    """The bureau's days and hours at one moment; immutable, and without a database."""

    def __init__(self, overrides: Mapping[date, Day], week: Mapping[int, Periods]) -> None:
        """Take what staff decided; a week without any hours is the shipped one, for a bureau must open some time."""
        self._overrides = dict(overrides)
        self._week = {weekday: periods for weekday, periods in week.items() if periods} or DEFAULT_WEEK
        self._known: dict[date, list[tuple[datetime, datetime]]] = {}

    def with_week(self, week: Mapping[int, Periods]) -> "WorkingCalendar":
        """Return the same days for a station that keeps hours of its own."""
        return WorkingCalendar(self._overrides, week)

    def day(self, day: date) -> Day:
        """Tell of a day: what staff decided, else what was decreed, else the weekday, which is a guess.

        An ordinary day is worked when the bureau has hours for its weekday, so Saturday hours open ordinary Saturdays.
        """
        if day in self._overrides:
            return self._overrides[day]
        ordinary = day.weekday() in self._week
        try:
            free, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:  # a year for which the State Council's notice is not out, or not in the library
            holiday = _FIXED_HOLIDAYS.get((day.month, day.day))
            return Day(working=ordinary and holiday is None, confirmed=False, note=holiday)
        if name is None:
            return Day(working=ordinary, confirmed=True, note=None)
        note = _IN_CHINESE.get(name, name) + ("放假" if free else "调休上班")
        return Day(working=not free, confirmed=True, note=note)

    def periods(self, day: date) -> Periods:
        """Return the open hours of a day, in order, China time; none on a free day.

        A make-up workday whose weekday has no hours has those of Monday, or of the first weekday that has any.
        """
        if not self.day(day).working:
            return ()
        return next(self._week[weekday] for weekday in (day.weekday(), *range(7)) if weekday in self._week)

    def _moments(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the same as moments; kept, for a report asks for the same days thousands of times."""
        if day not in self._known:
            self._known[day] = [
                (datetime.combine(day, opens, CHINA), datetime.combine(day, closes, CHINA))
                for opens, closes in self.periods(day)
            ]
        return self._known[day]

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the bureau is open; at the minute of closing it is not."""
        return any(opens <= moment < closes for opens, closes in self._moments(day_of(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """Return when the bureau is open next: the moment itself if it is open."""
        day = day_of(moment)
        while True:
            for opens, closes in self._moments(day):
                if moment < closes:
                    return max(opens, moment).astimezone(moment.tzinfo)
            day += _ONE_DAY

    def add_minutes(self, moment: datetime, minutes: int) -> datetime:
        """Return the moment so many working minutes later; a due time may fall on the very minute of closing."""
        left = timedelta(minutes=minutes)
        day = day_of(moment)
        while True:
            for opens, closes in self._moments(day):
                start = max(opens, moment)
                if start + left <= closes:
                    return (start + left).astimezone(moment.tzinfo)
                left -= max(closes - start, timedelta())
            day += _ONE_DAY

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Return how many whole working minutes lie between; 0 when the end is not after the start."""
        worked = timedelta()
        day = day_of(start)
        while day <= day_of(end):
            for opens, closes in self._moments(day):
                worked += max(min(closes, end) - max(opens, start), timedelta())
            day += _ONE_DAY
        return worked // _ONE_MINUTE


def week_of(rows: Sequence[OfficeHours]) -> Mapping[int, Periods]:
    """Return the hours by weekday."""
    week: dict[int, Periods] = {}
    for row in sorted(rows, key=lambda row: (row.weekday, row.opens)):
        week[row.weekday] = (*week.get(row.weekday, ()), (row.opens, row.closes))
    return week


def calendar_of(days: Iterable[CalendarDay], hours: Sequence[OfficeHours]) -> WorkingCalendar:
    """Return the calendar of what staff decided."""
    overrides = {row.day: Day(working=row.working, confirmed=True, note=row.note) for row in days}
    return WorkingCalendar(overrides, week_of(hours))


async def read_calendar(db: AsyncSession) -> WorkingCalendar:
    """Read the calendar as staff have set it."""
    days, hours = await db.scalars(select(CalendarDay)), await db.scalars(select(OfficeHours))
    return calendar_of(days, hours.all())
