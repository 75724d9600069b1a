"""Let staff say when their bureau is open: single days over the decreed calendar, and the hours of a week."""

from collections.abc import Mapping
from datetime import date, time
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.calendar import CalendarDay, OfficeHours
from services.calendar import DEFAULT_WEEK, Periods, week_of

_LONGEST_NOTE = 60
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


async def mark_day(db: AsyncSession, day: date, note: str, *, working: bool) -> None:
    """Say that a day is worked or free, whatever the calendar says, and why."""
    if len(note) > _LONGEST_NOTE:
        raise Refusal(f"说明太长，最多 {_LONGEST_NOTE} 个字。")
    await db.merge(CalendarDay(day=day, working=working, note=note or None))


async def unmark_day(db: AsyncSession, day: date) -> None:
    """Let the calendar decide about a day again."""
    await db.execute(delete(CalendarDay).where(CalendarDay.day == day))


async def marked_days(db: AsyncSession) -> set[date]:
    """Return the days that staff decided about."""
    return set(await db.scalars(select(CalendarDay.day)))


async def read_week(db: AsyncSession) -> Mapping[int, Periods]:
    """Return the hours of a week, those of the bureau or the shipped ones."""
    return week_of((await db.scalars(select(OfficeHours))).all()) or DEFAULT_WEEK


async def set_week(db: AsyncSession, week: Mapping[int, Periods]) -> None:
    """Set the hours of a week, all at once."""
    for weekday, periods in week.items():
        _check(WEEKDAYS[weekday], periods)
    if not any(week.values()):
        raise Refusal("一周里至少要有一天上班，请填上时间。")
    await db.execute(delete(OfficeHours))
    db.add_all(
        OfficeHours(weekday=weekday, opens=opens, closes=closes)
        for weekday, periods in week.items()
        for opens, closes in periods
    )
    await db.flush()


def _check(name: str, periods: Periods) -> None:
    if any(opens >= closes for opens, closes in periods):
        raise Refusal(f"{name}的下班时间要晚于上班时间，请改一下。")
    if any(before[1] > after[0] for before, after in pairwise(periods)):
        raise Refusal(f"{name}下午的上班时间要晚于上午的下班时间，请改一下。")


def read_time(text: str) -> time | None:
    """Read an hour as a browser or a person writes it; None for nothing.

    Raises:
        Refusal: it is no hour.
    """
    text = text.strip().replace("\uff1a", ":")
    if not text:
        return None
    try:
        found = time.fromisoformat(text.zfill(5))
    except ValueError as error:
        raise Refusal(f"“{text}”不是时间，请写成 08:30 这样。") from error
    return found.replace(second=0, microsecond=0, tzinfo=None)
