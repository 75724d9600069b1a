"""What runs in the processes that the notices' crash tests kill: the clock that decides them, and their delivery."""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.base import Message
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.clock import Ticker
from bot.workers.deliver import Deliverer
from core.clock import Clock, utc_now
from core.tick import Pass
from db.engine import Database
from handlers.casework import Casework
from handlers.ticks import Tick, ticks
from knowledge.entry import Profile
from tests.crash.driver import LEASE, _each
from tests.fakes.sealed import VAULT

_FEW = 7
"""What of a broadcast waits in the outbox at a time, so that it is handed over in many steps."""
_REST = 0.005


def line(recipient: str, lane: int) -> str:
    """Return what stands in the file of what was seen."""
    return f"{recipient}:{lane}"


class Screens:
    """A channel whose other side is a file: a line for each message that somebody has seen."""

    name = "telegram"

    def __init__(self, path: str, progress: Any) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._progress, self._number = progress, 0

    async def send(self, message: Message) -> str:
        """Write the line; what follows it may be cut off."""
        self._number += 1
        os.write(self._file, f"{line(message.recipient, message.lane)}\n".encode())
        self._progress.send(message.recipient)
        await asyncio.sleep(0)
        return f"{os.getpid()}-{self._number}"


def shifted(shift: timedelta) -> Clock:
    """Return a clock that is wrong by so much."""

    def now() -> datetime:
        return utc_now() + shift

    return now


def deliverer(database: Database, seen: str, now: Clock, wake: Wake, progress: Any) -> Deliverer:
    """Build a delivery with the settings of the service."""
    return Deliverer(database, {"telegram": Screens(seen, progress)}, wake, Metrics(), now, LEASE, Path)


def ticker(database: Database, now: Clock, wake: Wake, progress: Any) -> Ticker:
    """Build the clock of the service, which tells of each step before it is committed."""
    casework = Casework(Profile, timedelta(minutes=30), {})
    due = ticks(casework, VAULT, crisis_repeat=timedelta(minutes=3), idle=timedelta(hours=48), backlog=_FEW)
    return Ticker(database, [_told(one, progress) for one in due], wake, now, f"{os.getpid()}-{id(due)}")


def _told(tick: Tick, progress: Any) -> Tick:
    async def work(db: Any, now: datetime) -> Pass:
        done = await tick.work(db, now)
        if done.done:
            progress.send(tick.name)
        return done

    return Tick(tick.name, work)


async def _tick_on(database: Database, now: Clock, progress: Any) -> None:
    clock = ticker(database, now, Wake(), progress)
    while True:
        await clock.tick_once()
        progress.send("looked")  # where the clock jumps there may be nothing to do
        await asyncio.sleep(_REST)


async def _deliver_on(database: Database, seen: str, now: Clock, progress: Any) -> None:
    worker = deliverer(database, seen, now, Wake(), progress)
    while True:
        if not await worker.deliver_once():
            await asyncio.sleep(_REST)


def tick(url: str, _seen: str, shift: timedelta, progress: Any) -> None:
    """Decide what is due until killed."""
    database = Database(url)
    asyncio.run(_each(database, lambda: _tick_on(database, shifted(shift), progress)))


def deliver(url: str, seen: str, shift: timedelta, progress: Any) -> None:
    """Send until killed."""
    database = Database(url)
    asyncio.run(_each(database, lambda: _deliver_on(database, seen, shifted(shift), progress)))


def serve(url: str, seen: str, shift: timedelta, progress: Any) -> None:
    """Do both until killed, as the service does that runs on SQLite."""
    database, now = Database(url), shifted(shift)

    async def work() -> None:
        await asyncio.gather(_tick_on(database, now, progress), _deliver_on(database, seen, now, progress))

    asyncio.run(_each(database, work))
