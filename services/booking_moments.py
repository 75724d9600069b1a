"""When a visit is reminded of: at nine on the day before, and two hours before; the evening before where that is too early."""

from datetime import datetime, time, timedelta

from core.clock import CHINA

_AT = time(9)
_EVENING, _WAKES = time(18), time(8)
_DAY = timedelta(days=1)
_SHORTLY = timedelta(hours=2)
_SOON = timedelta(days=1)
"""News of what is nearer than this wakes people."""


def moments(starts_at: datetime) -> tuple[datetime, datetime]:
    """Return both moments, the earlier first."""
    before = starts_at.astimezone(CHINA).date() - _DAY
    last = datetime.combine(before, _EVENING, CHINA) if in_the_evening(starts_at) else starts_at - _SHORTLY
    return datetime.combine(before, _AT, CHINA), last


def in_the_evening(starts_at: datetime) -> bool:
    """Tell whether two hours before is night, when nothing is sent: it would come too late, or never."""
    return (starts_at - _SHORTLY).astimezone(CHINA).time() < _WAKES


def soon(starts_at: datetime, now: datetime) -> bool:
    """Tell whether news of a time are urgent."""
    return starts_at - now <= _SOON


def first(starts_at: datetime, now: datetime) -> datetime | None:
    """Return the next moment that is still to come, None when both are past."""
    return next((moment for moment in moments(starts_at) if moment > now), None)
