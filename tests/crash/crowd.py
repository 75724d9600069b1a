"""A crowd that reaches for the same thing at one moment, from several processes: each takes its share of what is done."""

import asyncio
import multiprocessing
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.engine import Database

Act = tuple[str, int, int]
"""What is done, by or to which row, and where (0 where it needs none)."""
Do = Callable[[AsyncSession, Act], Awaitable[str]]
"""Does one act in a transaction of its own; returns what came of it."""

_PROCESSES = multiprocessing.get_context("forkserver")
_PATIENCE = 240
"""Seconds; a loaded machine takes its time."""
_AT_ONCE = 10


def let_loose(spawn: Any, url: str, do: Do, shares: list[list[Act]]) -> list[tuple[Act, str]]:
    """Start a process a share, and give the word; on SQLite, which has one writer, a single one does it all."""
    if url.startswith("sqlite"):
        shares = [[act for share in shares for act in share]]
    go = _PROCESSES.Event()
    pipes = []
    for seed, share in enumerate(shares):
        reading, writing = _PROCESSES.Pipe(duplex=False)
        spawn(_rush, url, do, share, seed, go, writing)
        pipes.append(reading)
    go.set()
    found = []
    for reading in pipes:
        assert reading.poll(_PATIENCE), "no process got anywhere"
        found += reading.recv()
    return found


def _rush(url: str, do: Do, acts: Sequence[Act], seed: int, go: Any, results: Any) -> None:
    """Do all acts, some at a time and in an order of its own, once the word is given; tell what became of each."""
    acts = random.Random(seed).sample(acts, len(acts))

    async def one(database: Database, act: Act, gate: asyncio.Semaphore) -> tuple[Act, str]:
        async with gate:
            try:
                async with database.transaction() as db:
                    return act, await do(db, act)
            except Refusal as refusal:
                return act, str(refusal)

    async def work() -> None:
        database = Database(url)
        try:
            gate = asyncio.Semaphore(_AT_ONCE)
            go.wait()
            results.send(await asyncio.gather(*(one(database, act, gate) for act in acts)))
        finally:
            await database.close()

    asyncio.run(work())
