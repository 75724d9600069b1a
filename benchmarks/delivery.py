"""Messages a second from the outbox to a Bot API that answers at once, against bare aiogram loops on the same server."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

from benchmarks import crowd
from benchmarks.bot_api import Remote, child, said, tell
from benchmarks.figure import Board
from db.engine import Database
from db.migrate import migrate

_ASIDE, _TAIL = 0.2, 0.1
"""Shares of the messages before all processes are at work, and after the first may have run out of it."""


async def measure(board: Board, name: str, url: str, api: Remote, processes: int, count: int) -> None:
    """Measure so many processes; each bare loop sends its share of as many messages."""
    database = Database(url)
    await migrate(database)
    before = await _bare(api, processes, count)
    rate = await _ours(database, url, api, processes, count)
    after = await _bare(api, processes, count)
    board.add(
        f"delivery.{name}.{processes} processes vs as many bare loops",
        rate,
        "messages/s",
        (before + after) / 2,
        "ratio>=0.6",
    )
    await database.close()


async def _ours(database: Database, url: str, api: Remote, processes: int, count: int) -> float:
    async with AsyncExitStack() as stack:
        for _ in range(processes):
            started = await stack.enter_async_context(child("benchmarks.senders", "ours", url, api.url))
            await said(started)
        await crowd.ready_notices(database, count)
        await api.wait_for(count)
        times, _ = await api.told()
    if len(times) != count:
        raise RuntimeError(f"{len(times)} sent, not {count}")
    return _rate(times)


async def _bare(api: Remote, processes: int, count: int) -> float:
    share = count // processes
    async with AsyncExitStack() as stack:
        started = [
            await stack.enter_async_context(child("benchmarks.senders", "bare", api.url, str(n * share), str(share)))
            for n in range(processes)
        ]
        for one in started:
            await said(one)
        for one in started:
            tell(one, "go")
        await api.wait_for(share * processes)
        times, _ = await api.told()
    return _rate(times)


def _rate(times: Sequence[float]) -> float:
    """Return messages a second in the middle, where all are at work."""
    first, last = int(len(times) * _ASIDE), int(len(times) * (1 - _TAIL)) - 1
    return (last - first) / (times[last] - times[first])
