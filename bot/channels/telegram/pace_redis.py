"""One pace for all processes of a bot, kept in Redis by its own clock; while Redis is away each keeps to its share."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.channels.base import NotYetError, PauseChannelError
from bot.channels.telegram.pace import LONGEST_WAIT, SPARE, OwnPace, Rates
from core.reply import Lane

_PATIENCE_SECONDS = 1.0
_AWAY_SECONDS = 5.0
"""So long a Redis that failed is not asked again."""
_BEAT_SECONDS, _GONE_SECONDS = 10, 35

_SILENCE = """
local asked, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if asked and left > 0 and left <= tonumber(asked) then return {'silent', left} end
"""
_TAKE = (
    _SILENCE
    + """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local spare, longest, answers = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'
local function full_at(key, rate, burst)
    local full = tonumber(redis.call('GET', key) or 0)
    if full > now + (burst + 100) / rate then return 0 end -- nobody owes a hundred: the clock was set back
    return full
end
local function missing(full, rate, burst, kept)
    return math.max(0, full - now - (burst - 1 - math.min(kept, burst - 1)) / rate)
end
local rate, burst, chat_rate, chat_burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local all, chat = full_at(KEYS[2], rate, burst), full_at(KEYS[3], chat_rate, chat_burst)
local wait = math.max(missing(all, rate, burst, spare), missing(chat, chat_rate, chat_burst, 0))
local milliseconds = math.ceil(wait * 1000)
if wait > longest then return {'late', milliseconds} end
if wait > 0 and not answers then return {'wait', milliseconds} end
local function owe(key, full, per_second)
    local value = math.max(full, now) + 1 / per_second
    redis.call('SET', key, string.format('%.6f', value), 'PX', math.ceil((value - now) * 1000) + 1000)
end
owe(KEYS[2], all, rate)
owe(KEYS[3], chat, chat_rate)
return {'go', milliseconds}
"""
)
_Answer = tuple[str, float]
_AWAY: _Answer = "away", 0.0
_BEAT = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
"""

log = structlog.get_logger()


class SharedPace:
    """The allowance of all processes together. Who fails to reach Redis goes at its share of what it last saw."""

    def __init__(
        self, url: str, name: str, rates: Rates, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )  # fmt: skip
        self._take, self._silence, self._count = map(self._redis.register_script, (_TAKE, _SILENCE, _BEAT))
        self._prefix, self._rates, self._sleep = f"yizhan:pace:{name}", rates, sleep
        self._me, self._processes = uuid4().hex, 1
        self._away_until, self._own = 0.0, OwnPace(rates, sleep=sleep)

    async def wait(self, chat: str, lane: Lane = Lane.REPLY) -> None:
        """Wait until a message may go to the chat.

        Raises:
            PauseChannelError: Telegram asked for silence; NotYetError: it would be a long wait.
        """
        left = LONGEST_WAIT
        while True:
            word, seconds = await self._ask(partial(self._try, chat, lane, left)) or _AWAY
            if word == "away":
                return await self._own.wait(chat, lane)
            if word == "silent":
                raise PauseChannelError(seconds)
            if word == "late":
                raise NotYetError(seconds)
            if seconds > 0:
                await self._sleep(seconds)
                left -= seconds
                await self._check_silence()
            if word == "go":
                return None

    async def _try(self, chat: str, lane: Lane, longest: float) -> _Answer:
        rate, burst = self._rates.of_chat(chat)
        keys = [f"{self._prefix}:{name}" for name in ("silent", "all", f"chat:{chat}")]
        answers = lane is Lane.REPLY
        limits = [self._rates.all, self._rates.burst_of_all, rate, burst, 0 if answers else SPARE, longest]
        word, milliseconds = await self._take(keys, [*limits, int(answers)])
        return word.decode(), milliseconds / 1000

    async def pause(self, seconds: float) -> None:
        """Let nothing go, in any process, for exactly so long."""
        await self._own.pause(seconds)
        milliseconds = int(seconds * 1000)
        await self._ask(lambda: self._redis.set(f"{self._prefix}:silent", milliseconds, px=milliseconds))

    async def _check_silence(self) -> None:
        """Look again after a wait: somebody may have been told to be silent meanwhile."""
        silent = await self._ask(lambda: self._silence([f"{self._prefix}:silent"]))
        if silent is not None:
            raise PauseChannelError(silent[1] / 1000)

    async def beat(self) -> None:
        """Show oneself again and again, until cancelled."""
        while True:
            await self.show()
            await asyncio.sleep(_BEAT_SECONDS)

    async def show(self) -> None:
        """Show that this process is there, and see how many are."""
        count = await self._ask(lambda: self._count([f"{self._prefix}:processes"], [self._me, _GONE_SECONDS]))
        self._processes = count or self._processes

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """Ask Redis; None while it is away."""
        time = asyncio.get_running_loop().time
        if time() < self._away_until:
            return None
        try:
            return await question()
        except (RedisError, OSError) as error:
            share = self._rates.shared_by(self._processes)
            if self._own.rates != share:
                self._own = OwnPace(share, sleep=self._sleep)
            self._away_until = time() + _AWAY_SECONDS
            log.warning("redis not reached, sending at this process's share", error=str(error), rate=share.all)
            return None

    async def close(self) -> None:
        """Leave, and close the connections."""
        await self._ask(lambda: self._redis.zrem(f"{self._prefix}:processes", self._me))
        await self._redis.aclose()
