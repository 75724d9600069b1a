"""Send no faster than Telegram takes it: a refusal with 429 stops the whole channel."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_PER_CHAT, _BURST = 1.0, 3
"""Messages a second to one chat, and how many may come at once (core.telegram.org/bots/faq)."""
_CHATS_KEPT = 1000


@dataclass(slots=True)
class _Bucket:
    """A token bucket kept as one number: the moment at which it would be full again."""

    rate: float
    burst: float
    full_at: float = 0.0

    def take(self, now: float) -> float:
        """Take a token and return the seconds until it is there."""
        wait = max(0.0, self.full_at - now - (self.burst - 1) / self.rate)
        self.full_at = max(self.full_at, now) + 1 / self.rate
        return wait


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


class Pace:
    """The allowance over all chats and for each chat."""

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = _loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._all = _Bucket(rate, max(1.0, rate / 10))
        self._chats: dict[str, _Bucket] = {}
        self._clock, self._sleep = clock, sleep

    async def wait(self, chat: str) -> None:
        """Wait until a message may go to the chat."""
        now = self._clock()
        if len(self._chats) > _CHATS_KEPT:
            self._chats = {name: b for name, b in self._chats.items() if b.full_at > now}
        bucket = self._chats.setdefault(chat, _Bucket(_PER_CHAT, _BURST))
        seconds = max(bucket.take(now), self._all.take(now))
        if seconds > 0:
            await self._sleep(seconds)
