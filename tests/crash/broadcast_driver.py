"""What runs in the processes that are killed in the middle of a broadcast: the clock's work and the sending of it."""

import asyncio
import os
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from db.engine import Database
from db.turns import Outbox
from services import broadcast_run
from tests.fakes.clock import START, SettableClock
from tests.fakes.newsroom import LEASE, Newsroom

CHUNK, BACKLOG = 5, 8


class _Mortal(Newsroom):
    """Writes down what it sends where it survives."""

    seen: str

    async def send(self, row: Outbox) -> None:
        written = os.open(self.seen, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(written, f"{row.recipient}\n".encode())
        os.close(written)
        await super().send(row)


def run(url: str, seen: str, generation: int, broadcast_id: int, progress: Any) -> None:
    """Work on a broadcast until it is over; report every commit."""
    asyncio.run(_run(url, seen, generation, broadcast_id, progress))


async def _run(url: str, seen: str, generation: int, broadcast_id: int, progress: Any) -> None:
    broadcast_run._CHUNK = dict.fromkeys(broadcast_run._CHUNK, CHUNK)
    database = Database(url)
    event.listen(database.engine.sync_engine, "commit", lambda _: progress.send(1))
    clock = SettableClock(START + generation * (LEASE + timedelta(seconds=1)))  # leases of the dead have run out
    newsroom = _Mortal(database, clock, backlog=BACKLOG)
    newsroom.seen = seen
    while (await newsroom.read(broadcast_id)).status not in ("done", "cancelled"):
        await newsroom.tick()
        await newsroom.deliver(3)
    await database.close()
