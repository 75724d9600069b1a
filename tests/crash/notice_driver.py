"""What runs in the processes that the notices' crash tests kill: the delivery loop, into a file that is the other side."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.base import Message
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from core.clock import Clock, utc_now
from db.engine import Database
from tests.crash.driver import LEASE, FileChannel, _each, die_at


def _deliverer(database: Database, channel: FileChannel, now: Clock) -> Deliverer:
    return Deliverer(database, {"telegram": channel}, Wake(), Metrics(), now, LEASE, Path)


def ahead(by: timedelta) -> Clock:
    """Return a clock that goes wrong by so much."""

    def now() -> datetime:
        return utc_now() + by

    return now


def notify(url: str, path: str, by: timedelta, seed: int, progress: Any) -> None:
    """Deliver until nothing is due, by a clock that may be wrong."""
    database = Database(url)
    deliverer = _deliverer(database, FileChannel(path, progress, seed), ahead(by))

    async def work() -> None:
        while await deliverer.deliver_notices():
            pass

    asyncio.run(_each(database, work))


def notify_for_ever(url: str, path: str, seed: int, progress: Any) -> None:
    """Deliver as the service does, until killed; a loaded machine may take longer over a restart than a lease lasts."""
    database = Database(url)
    channels = {"telegram": FileChannel(path, progress, seed)}
    deliverer = Deliverer(database, channels, Wake(), Metrics(), utc_now, 1.5 * LEASE, Path)
    asyncio.run(_each(database, deliverer.run_notices))


class MortalChannel(FileChannel):
    """A channel whose process may die just before or just after a message is on the screen."""

    def __init__(self, path: str, progress: Any, seed: int, step: Callable[[], None]) -> None:
        super().__init__(path, progress, seed)
        self._step = step

    async def send(self, message: Message) -> str:
        self._step()
        sent = await super().send(message)
        self._step()
        return sent


def notify_one(url: str, path: str, generation: int, step: int, progress: Any) -> None:
    """Deliver and die on the way, by a clock past the leases of those who died before."""
    database = Database(url)
    count = die_at(database, step)
    channel = MortalChannel(path, progress, step, count)
    deliverer = _deliverer(database, channel, ahead(generation * LEASE))

    async def work() -> None:
        await deliverer.deliver_notices()
        count()

    asyncio.run(_each(database, work))
