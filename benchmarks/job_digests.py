"""Digests for many subscriptions at the database: those whose hour has come, and those of new posts, told at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from time import perf_counter
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks import crowd, job_crowd
from benchmarks.figure import Board as Figures
from benchmarks.figure import resident
from core.tick import Pass
from db.engine import Database
from db.jobs import JobTold
from db.migrate import migrate
from db.turns import Outbox
from db.upsert import insert_all_new
from handlers import digest
from services.job_board import Shelf

Work = Callable[[AsyncSession, datetime, Shelf], Awaitable[Pass]]
_BATCH = 200


async def due(figures: Figures, name: str, url: str, posts: int, subscriptions: int) -> None:
    """Measure digests that are due, against writing the same messages and lines of the ledger alone."""
    database = await _prepared(url, posts, subscriptions, "daily", None)
    title = f"job-digest.{name}.{subscriptions} due, {posts} posts"
    seconds = await _drained(figures, title, database, digest.send_due, Shelf())
    made, bare = await _bare(database)
    figures.add(f"{title} vs writing the same alone", made / seconds, "digests/s", made / bare)
    figures.add(f"{title} made", made, "digests")
    await database.close()


async def at_once(figures: Figures, name: str, url: str, posts: int, subscriptions: int) -> None:
    """Measure new posts that are matched with at-once subscriptions, and the digests that come of it."""
    database = await _prepared(url, posts, subscriptions, "now", 0)
    title = f"job-at-once.{name}.{posts} new posts, {subscriptions} subscriptions"
    seconds = await _drained(figures, title, database, digest.send_at_once, Shelf())
    made, _ = await _bare(database)
    figures.add(title, posts * subscriptions / seconds, "pairs/s")
    figures.add(f"{title} digests", made / seconds, "digests/s")
    await database.close()


async def _prepared(
    url: str, posts: int, subscriptions: int, cadence: Literal["now", "daily"], matched_to: int | None
) -> Database:
    database, names = Database(url), job_crowd.kinds()
    await migrate(database)
    await crowd.settle(database, subscriptions)
    await job_crowd.put_up(database, job_crowd.posts(posts, names), matched_to)
    await job_crowd.subscribe(database, job_crowd.wishes(subscriptions, names), cadence)
    return database


async def _drained(figures: Figures, title: str, database: Database, work: Work, shelf: Shelf) -> float:
    """Do it all; print the longest transaction, and how memory grew after the first tenth."""
    held: list[float] = []

    async def watched(db: AsyncSession, now: datetime) -> Pass:
        held.append(resident())
        return await work(db, now, shelf)

    async with database.snapshot() as db:  # read once, whoever has how many subscriptions
        await shelf.board(db)
    seconds, passes = await crowd.drain(database, watched)
    figures.add(f"{title} longest transaction", max(passes) * 1000, "ms")
    figures.add(f"{title} memory", held[-1], "MiB", held[-(-len(held) // 10)], "ratio<=1.1")
    return seconds


async def _bare(database: Database) -> tuple[int, float]:
    """Write the same messages and lines of the ledger once more; return how many messages, and the seconds."""
    kept = [column for column in Outbox.__table__.c if column.name != "id"]
    async with database.transaction() as db:
        found = (await db.execute(select(*kept).where(Outbox.notice == "jobs"))).mappings()
        messages = [row | {"dedupe_key": f"again:{row['dedupe_key']}"} for row in map(dict, found)]
        lines = [dict(row) for row in (await db.execute(select(*JobTold.__table__.c))).mappings()]
        await db.execute(delete(JobTold))
    batches = range(-(-len(messages) // _BATCH))
    began = perf_counter()
    for number in batches:
        async with database.transaction() as db:
            await insert_all_new(db, Outbox, messages[number :: len(batches)])
            await insert_all_new(db, JobTold, lines[number :: len(batches)])
    return len(messages), perf_counter() - began
