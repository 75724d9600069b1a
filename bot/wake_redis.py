"""Wake-ups across processes by Redis pub/sub; when Redis is away, waiters fall back to their own polling."""

from collections.abc import Iterable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.wake import Wake

_CHANNEL = "yizhan:wake"
_PATIENCE_SECONDS = 1.0
"""A turn is answered after its wake-up: a Redis that hangs may not hold it longer than polling would."""

log = structlog.get_logger()


class RedisWake(Wake):
    """A wake that also tells the other processes."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = Redis.from_url(url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS)

    async def announce(self, topics: Iterable[str]) -> None:
        """Tell everyone, here at once and elsewhere through Redis."""
        topics = list(topics)
        self.announce_here(topics)
        try:
            await self._redis.publish(_CHANNEL, "\n".join(topics))
        except (RedisError, OSError) as error:
            log.warning("redis not reached, others will poll", error=str(error))

    async def relay(self) -> None:
        """Pass on what other processes announce, until cancelled."""
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(_CHANNEL)
            async for message in subscription.listen():
                if message["type"] == "message":
                    self.announce_here(message["data"].decode().split("\n"))

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
