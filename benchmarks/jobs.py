"""Job alerts at size: posts matched with subscriptions, digests built, and a search among many posts, beside the plain way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import job_digests, job_match, job_search
from benchmarks.figure import Board, quick_asked
from benchmarks.storage import postgres


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    matched: tuple[int, ...]
    """Subscriptions that new posts are matched with, without a database."""
    subscriptions: tuple[int, ...]
    """The same at the databases."""
    open_posts: int
    searches: int


_FULL = Size((1_000, 10_000, 100_000), (1_000, 10_000, 100_000), 20_000, 1_000)
_QUICK = Size((1_000, 10_000), (500,), 20_000, 100)


async def main() -> None:
    """Measure without a database, then on both, and print."""
    quick, board = quick_asked(__doc__), Board()
    size = _QUICK if quick else _FULL
    job_match.measure(board, size.matched)
    for name in ("sqlite", "postgresql"):
        async with _database(name) as url:
            await job_search.measure(board, name, url, size.open_posts, size.searches)
        for subscriptions in size.subscriptions:
            async with _database(name) as url:
                await job_digests.due(board, name, url, size.open_posts, subscriptions)
            async with _database(name) as url:
                await job_digests.at_once(board, name, url, job_match.POSTS, subscriptions)
    board.close()


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[str]:
    """Give a database of its own to each figure, for a grown one slows the next."""
    with TemporaryDirectory() as folder:
        if name == "sqlite":
            yield f"sqlite+aiosqlite:///{Path(folder) / 'jobs.sqlite3'}"
            return
        async with postgres(Path(folder)) as url:
            yield url


if __name__ == "__main__":
    asyncio.run(main())
