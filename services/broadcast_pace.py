"""How fast a broadcast goes and when it will be through, quiet hours included."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services import quiet
from services.notice_gate import Rules

_SPAN = timedelta(minutes=1)


def ends_at(now: datetime, seconds: float, rules: Rules, *, urgent: bool = False) -> datetime:
    """Return when so many seconds of sending are over if they begin now and stop for the night."""
    left = timedelta(seconds=seconds)
    while True:
        opens, closes = (now, None) if urgent else quiet.next_open(now, rules.quiet_from, rules.quiet_until)
        if closes is None or opens + left <= closes:
            return opens + left
        left -= closes - opens
        now = closes


@dataclass(slots=True)
class Speed:
    """Messages a second over the last minute, of what somebody who watches has seen go out."""

    _seen: deque[tuple[datetime, int]] = field(default_factory=deque)

    def note(self, now: datetime, gone: int) -> float | None:
        """Note how many have gone out by now; None until two looks differ in time."""
        self._seen.append((now, gone))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _SPAN:
            self._seen.popleft()
        since, before = self._seen[0]
        seconds = (now - since).total_seconds()
        return max(gone - before, 0) / seconds if seconds > 0 else None
