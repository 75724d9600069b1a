"""When a visit is reminded of: at nine on the day before, and two hours before."""

from datetime import datetime, time, timedelta

from core.clock import CHINA

_AT = time(9)
_DAY = timedelta(days=1)
_SHORTLY = timedelta(hours=2)


def moments(starts_at: datetime) -> tuple[datetime, datetime]:
    """Return both moments, the earlier first."""
    return datetime.combine(starts_at.astimezone(CHINA).date() - _DAY, _AT, CHINA), starts_at - _SHORTLY


def first(starts_at: datetime, now: datetime) -> datetime | None:
    """Return the next moment that is still to come, None when both are past."""
    return next((moment for moment in moments(starts_at) if moment > now), None)
