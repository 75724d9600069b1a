"""No more messages into the staff group than Telegram takes: the rest stays in the outbox, where cards grow together."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channels.base import PauseChannelError
from core.clock import Clock

_BURST, _BURST_SECONDS = 5, 5.0
"""One a second to a chat, short bursts tolerated (core.telegram.org/bots/faq)."""


class GroupPace:
    """Counts what went into the group of late; waiting here would hold up the messages to people, so it refuses."""

    def __init__(self, a_minute: int, now: Clock) -> None:
        self._now = now
        self._limits: Sequence[tuple[int, timedelta]] = (
            (min(_BURST, a_minute), timedelta(seconds=_BURST_SECONDS)),
            (a_minute, timedelta(minutes=1)),
        )
        self._sent: deque[datetime] = deque()

    def enter(self) -> None:
        """Take the room of one message.

        Raises:
            PauseChannelError: the group has had its share; it says when there is room again.
        """
        now = self._now()
        while self._sent and now - self._sent[0] >= self._limits[-1][1]:
            self._sent.popleft()
        waits = [self._room_at(most, span) - now for most, span in self._limits if len(self._sent) >= most]
        longest = max(waits, default=timedelta(0))
        if longest > timedelta(0):
            raise PauseChannelError(longest.total_seconds())
        self.count()

    def count(self) -> None:
        """Note what goes out beside it: a new topic, its card."""
        self._sent.append(self._now())

    def _room_at(self, most: int, span: timedelta) -> datetime:
        return self._sent[-most] + span
