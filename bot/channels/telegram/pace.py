"""Send no faster than Telegram takes it, answers first, and not at all while it asks for silence."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.channels.base import NotYetError, PauseChannelError
from core.reply import Lane

_CHATS_KEPT = 1000
_MINUTE = 60.0
_INSTANT = 1e-6
"""Less is the dirt of reckoning with fractions."""
LONGEST_WAIT = 5.0
"""Seconds that a sender waits for its turn; a message that has to wait longer goes back into the outbox."""
SPARE = 1
"""Tokens that what is said unasked leaves in the bucket of all chats, for the next answer."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What Telegram takes (core.telegram.org/bots/faq)."""

    all: float = 30.0
    """Messages a second over all chats."""
    chat: float = 1.0
    """Messages a second to one person."""
    burst: int = 3
    """How many may come to one chat at once."""
    group_minute: int = 20
    """Messages a minute into one group."""

    @property
    def burst_of_all(self) -> float:
        """Return how many may go out at once."""
        return max(1.0, self.all / 10)

    def of_chat(self, chat: str) -> tuple[float, int]:
        """Return messages a second and burst of one chat; a group's together never pass its minute."""
        if not chat.startswith("-"):
            return self.chat, self.burst
        burst = min(self.burst, self.group_minute - 1)
        return (self.group_minute - burst) / _MINUTE, burst

    def shared_by(self, processes: int) -> "Rates":
        """Return the part of one process of several that cannot talk to each other."""
        n = max(1, processes)
        minute = max(2, self.group_minute // n)
        return Rates(self.all / n, self.chat / n, max(1, self.burst // n), minute)


class Pace(Protocol):
    """Whoever says when a message may go."""

    async def wait(self, chat: str, lane: Lane = Lane.REPLY) -> None:
        """Wait until a message may go to the chat.

        Raises:
            PauseChannelError: Telegram asked for silence; NotYetError: it would be a long wait.
        """

    async def pause(self, seconds: float) -> None:
        """Let nothing go for exactly so long."""


@dataclass(slots=True)
class Bucket:
    """A token bucket kept as one number: the moment at which it would be full again."""

    rate: float
    burst: float
    full_at: float = 0.0

    def missing(self, now: float, spare: int = 0) -> float:
        """Return the seconds until there is a token, and `spare` more in the bucket."""
        seconds = self.full_at - now - (self.burst - 1 - min(spare, self.burst - 1)) / self.rate
        return seconds if seconds > _INSTANT else 0.0

    def take(self, now: float) -> None:
        """Take a token, be it there or not: then it is owed."""
        self.full_at = max(self.full_at, now) + 1 / self.rate


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class OwnPace:
    """The allowance of one process, over all chats and for each chat.

    An answer takes its token at once and waits for it; what is said unasked waits until a token is there and another
    besides, which it leaves to the next answer.
    """

    rates: Rates = field(default_factory=Rates)
    clock: Callable[[], float] = _loop_time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        self._all = Bucket(self.rates.all, self.rates.burst_of_all)
        self._chats: dict[str, Bucket] = {}
        self._silent_until = 0.0

    async def wait(self, chat: str, lane: Lane = Lane.REPLY) -> None:
        """Wait until a message may go to the chat.

        Raises:
            PauseChannelError: Telegram asked for silence; NotYetError: it would be a long wait.
        """
        bucket, given_up_at = self._bucket(chat), self.clock() + LONGEST_WAIT
        taken = False
        while True:
            self._check_silence()
            now = self.clock()
            spare = 0 if lane is Lane.REPLY else SPARE
            seconds = 0.0 if taken else max(bucket.missing(now), self._all.missing(now, spare))
            if seconds > 0 and now + seconds > given_up_at:
                raise NotYetError(seconds)
            if not taken and (lane is Lane.REPLY or seconds <= 0):
                bucket.take(now)
                self._all.take(now)
                taken = True
            if seconds <= 0:
                return
            await self.sleep(seconds)

    async def pause(self, seconds: float) -> None:
        """Let nothing go for exactly so long."""
        self._silent_until = self.clock() + seconds

    def _check_silence(self) -> None:
        left = self._silent_until - self.clock()
        if left > 0:
            raise PauseChannelError(left)

    def _bucket(self, chat: str) -> Bucket:
        now = self.clock()
        if len(self._chats) > _CHATS_KEPT:
            self._chats = {name: bucket for name, bucket in self._chats.items() if bucket.full_at > now}
        return self._chats.setdefault(chat, Bucket(*self.rates.of_chat(chat)))
