"""What runs in the processes that the crash tests kill: real intake turns and real deliveries.

It is imported once by multiprocessing's fork server, so that each process starts in milliseconds.
"""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import event

from bot.channels.base import Message
from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import AtOnce, Deliverer
from core.clock import Clock, utc_now
from core.turn import Inbound, Turn
from db.engine import Database
from knowledge.heard import Heard

LEASE = timedelta(seconds=30)
SENDERS, EVENTS = 4, 40


async def _count(turn: Turn[Any]) -> None:
    """Have an effect that shows when it happens twice, and say two things."""
    turn.data["events"] = [*turn.data.get("events", []), turn.inbound.event_id]
    turn.say(f"{turn.inbound.event_id} 收到")
    turn.say(f"{turn.inbound.event_id} 记下了")


def inbound(number: int) -> Inbound:
    """Return one of the events; a button needs no understanding, which is not what crashes here."""
    return Inbound("telegram", str(number), str(number % SENDERS), "action", "count")


def _intake(database: Database) -> Intake:
    library: Any = SimpleNamespace(snapshot=SimpleNamespace(nothing_said=lambda: Heard(None)))  # type: ignore[arg-type]
    return Intake(database, library, _count, Wake(), Metrics(), utc_now, {})


async def _each(database: Database, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    finally:
        await database.close()


def take(url: str, seed: int, progress: Any) -> None:
    """Deliver every event three times in some order, eight at a time; report each that was acknowledged."""
    database = Database(url)
    intake, gate = _intake(database), asyncio.Semaphore(8)
    events = list(range(EVENTS)) * 3
    random.Random(seed).shuffle(events)

    async def one(number: int) -> None:
        async with gate:
            await intake.receive(inbound(number))
            progress.send(number)

    async def work() -> None:
        await asyncio.gather(*map(one, events))

    asyncio.run(_each(database, work))


class FileChannel:
    """A channel whose other side is a file: what is in it has been seen by the person."""

    name = "telegram"

    def __init__(self, path: str, progress: Any, seed: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._progress, self._random = progress, random.Random(seed)

    async def send(self, message: Message) -> str:
        """Take as long as a fast network, then write one line."""
        await asyncio.sleep(self._random.uniform(0, 0.01))
        os.write(self._file, f"{message.text}\n".encode())
        self._progress.send(message.text)
        return f"{message.text}-{os.getpid()}-{self._random.random()}"


def _later(generations: int) -> Clock:
    """Return a clock past the leases of earlier generations, so that nobody has to wait for their end."""

    def now() -> datetime:
        return utc_now() + generations * LEASE

    return now


def deliver(url: str, path: str, generation: int, seed: int, at_once: int, progress: Any) -> None:
    """Deliver until nothing is due."""
    database = Database(url)
    channel = FileChannel(path, progress, seed)
    deliverer = Deliverer(
        database, {"telegram": channel}, Wake(), Metrics(), _later(generation), LEASE, Path, AtOnce(at_once)
    )

    async def work() -> None:
        while await deliverer.deliver_once():
            pass

    asyncio.run(_each(database, work))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(database: Database, step: int) -> Callable[..., None]:
    """Kill this process at the n-th step of the database: before a statement, before a commit, or after one.

    What is returned counts one step more.
    """
    left = [step]

    def count(*_args: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            _die()

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    event.listen(database.engine.sync_engine, "commit", count)
    event.listen(database.engine.sync_engine, "checkin", count)
    return count


def take_one(url: str, step: int) -> None:
    """Take one event and die on the way; at last, when the step is behind the end, live."""
    database = Database(url)
    die_at(database, step)

    async def work() -> None:
        await _intake(database).receive(inbound(0))

    asyncio.run(_each(database, work))


def deliver_one(url: str, path: str, generation: int, step: int, progress: Any) -> None:
    """Deliver and die on the way."""
    database = Database(url)
    die_at(database, step)
    channel = FileChannel(path, progress, step)
    deliverer = Deliverer(database, {"telegram": channel}, Wake(), Metrics(), _later(generation), LEASE, Path)
    asyncio.run(_each(database, deliverer.deliver_once))  # type: ignore[arg-type]
