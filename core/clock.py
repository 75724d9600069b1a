"""The one place that reads the time, so that tests and replays can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

Clock = Callable[[], datetime]

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one zone and has had no summer time since 1992, so a fixed offset is exact."""


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in China."""
    return moment.astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """Return the first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)
