"""What is said unasked, at size: a broadcast's list, reminders that fall due, delivery, and who waits for an answer meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import delivery, fan_out, reply_wait, sweep
from benchmarks.at_work import LEGAL, UNBOUND
from benchmarks.bot_api import served
from benchmarks.figure import Board, quick_asked
from benchmarks.storage import postgres


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    recipients: dict[str, int]
    pending: int
    messages: int
    audience: int
    seconds: float
    remembered: int


_FULL = Size({"sqlite": 100_000, "postgresql": 1_000_000}, 1_000_000, 10_000, 100_000, 60, 100_000)
_QUICK = Size({"sqlite": 10_000, "postgresql": 50_000}, 50_000, 1_000, 10_000, 10, 5_000)
_PROCESSES = {"sqlite": (1,), "postgresql": (1, 2, 4)}
"""Of SQLite only one process may deliver."""


async def main() -> None:
    """Measure both databases and print."""
    quick, board = quick_asked(__doc__), Board()
    size = _QUICK if quick else _FULL
    for name, recipients in size.recipients.items():
        async with _database(name) as url:
            await fan_out.measure(board, name, url, recipients)
        async with _database(name) as url:
            await sweep.measure(board, name, url, size.pending)
        async with served() as api:
            for processes in _PROCESSES[name]:
                async with _database(name) as url:
                    await delivery.measure(board, name, url, api, processes, size.messages)
            for rate in (LEGAL, UNBOUND):
                async with _database(name) as url:
                    await reply_wait.measure(board, name, url, api, rate, size.audience, size.seconds)
            async with _database(name) as url:
                await reply_wait.memory(board, name, url, api, UNBOUND, size.remembered)
    board.close()


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[str]:
    """Give a database of its own to each figure, for a grown one slows the next."""
    with TemporaryDirectory() as folder:
        if name == "sqlite":
            yield f"sqlite+aiosqlite:///{Path(folder) / 'notices.sqlite3'}"
            return
        async with postgres(Path(folder)) as url:
            yield url


if __name__ == "__main__":
    asyncio.run(main())
