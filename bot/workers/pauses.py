"""How long a channel has asked us to be silent; each channel for itself, so that one's 429 stops no other."""

from datetime import datetime, timedelta

from core.clock import Clock


class Pauses:
    """The pauses of this process's channels."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._pauses: dict[str, tuple[datetime, datetime]] = {}

    def begin(self, channel: str, seconds: float) -> datetime:
        """Keep silent for exactly so long; return until when."""
        now = self._now()
        self._pauses[channel] = now, now + timedelta(seconds=seconds)
        return self._pauses[channel][1]

    def lasts(self, channel: str) -> bool:
        """Tell whether a channel is silent; a clock set back behind the beginning ends it."""
        if channel not in self._pauses:
            return False
        began, until = self._pauses[channel]
        return began <= self._now() < until
