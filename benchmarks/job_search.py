"""Searching among many open posts, as the chat does it, against looking at one post after another."""

from collections.abc import Sequence
from time import perf_counter

from benchmarks import crowd, job_crowd
from benchmarks.figure import Board as Figures
from benchmarks.figure import percentile, resident
from benchmarks.job_crowd import TODAY
from db.engine import Database
from db.migrate import migrate
from knowledge.job_wish import Post, Wish
from services import digests
from services.job_board import Shelf

_ACCOUNTS, _NAIVE = 100, 20
_GOAL = "value<=50"


async def measure(figures: Figures, name: str, url: str, count: int, searches: int) -> None:
    """Measure one database."""
    database, names = Database(url), job_crowd.kinds()
    await migrate(database)
    posts = job_crowd.posts(count, names)
    await crowd.settle(database, _ACCOUNTS)
    await job_crowd.put_up(database, posts)
    await crowd.analyse(database)
    shelf, before = Shelf(), resident()
    async with database.snapshot() as db:
        began = perf_counter()
        await shelf.board(db)
    title = f"job-search.{name}.{count} posts"
    figures.add(f"{title} reading the board anew", (perf_counter() - began) * 1000, "ms")
    figures.add(f"{title} memory of the board", resident() - before, "MiB")
    wishes = list(job_crowd.wishes(searches, names, seed=3))
    times = [await _search(database, shelf, wish, number % _ACCOUNTS + 1) for number, wish in enumerate(wishes)]
    floors = [_loop(posts, wish) for wish in wishes[:_NAIVE]]
    figures.add(f"{title} p50", percentile(times, 50) * 1000, "ms", percentile(floors, 50) * 1000)
    figures.add(f"{title} p95", percentile(times, 95) * 1000, "ms", percentile(floors, 95) * 1000, _GOAL)
    await database.close()


async def _search(database: Database, shelf: Shelf, wish: Wish, address_id: int) -> float:
    began = perf_counter()
    async with database.snapshot() as db:
        await digests.search(db, shelf, wish, crowd.NOW, address_id=address_id)
    return perf_counter() - began


def _loop(posts: Sequence[Post], wish: Wish) -> float:
    began = perf_counter()
    sorted((post for post in posts if job_crowd.allows(wish, post, TODAY)), key=lambda post: post.closes_on)
    return perf_counter() - began
