"""What the bureau decides about bookings in its settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import CHINA, start_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BookingRules:
    """The limits, where a station has none of its own."""

    per_day: int = 2
    """Visits of one person on one day."""
    notice_minutes: int = 60
    """How long ahead one has to book at the least."""
    horizon_days: int = 14
    """How many days ahead one can book at the most; today is 0."""
    offer: timedelta = timedelta(hours=2)
    """How long a place is kept for the first who waits, in waking hours."""
    wakes: int = 8
    """The hour of China's day at which waking hours begin."""
    sleeps: int = 20
    """The hour at which they end; the same as `wakes` makes every hour a waking one."""

    def offer_until(self, now: datetime) -> datetime:
        """Return when an offer made now runs out: the hours of the night do not count."""
        return self.awake_for(self.offer, now)

    def awake(self, now: datetime) -> bool:
        """Tell whether it is a waking hour."""
        return self.wakes >= self.sleeps or self.wakes <= now.astimezone(CHINA).hour < self.sleeps

    def awake_for(self, left: timedelta, now: datetime) -> datetime:
        """Return when people have been awake so long, from now on."""
        moment = now.astimezone(CHINA)
        if self.wakes >= self.sleeps:
            return now + left
        while True:
            midnight = start_of(moment.date())
            begins = max(moment, midnight + timedelta(hours=self.wakes))
            awake = max(midnight + timedelta(hours=self.sleeps) - begins, timedelta())
            if left <= awake:
                return (begins + left).astimezone(now.tzinfo)
            left, moment = left - awake, midnight + _DAY


DEFAULT_BOOKING_RULES = BookingRules()
