"""How late the event loop comes to its work while questions are understood in threads."""

import asyncio
from collections.abc import Awaitable, Sequence
from time import perf_counter

from knowledge.heard import Context
from knowledge.index import Snapshot

_ASKERS = 8
_IDLE_SECONDS = 1.0


async def lateness(snapshot: Snapshot, asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds by which a task that wakes each millisecond was late: idle, and under questions."""
    idle = await _watch(asyncio.sleep(_IDLE_SECONDS))
    waiting = iter(asked)

    async def ask() -> None:
        for question in waiting:
            await asyncio.to_thread(snapshot.hear, question, Context())

    return idle, await _watch(asyncio.gather(*(ask() for _ in range(_ASKERS))))


async def _watch(work: Awaitable[object]) -> list[float]:
    task = asyncio.ensure_future(work)
    late: list[float] = []
    while not task.done():
        due = perf_counter() + 0.001
        await asyncio.sleep(0.001)
        late.append((perf_counter() - due) * 1000)
    await task
    return late
