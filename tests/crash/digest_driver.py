"""What runs in the processes that die while they make digests."""

import asyncio
from datetime import datetime
from typing import Any

from db.engine import Database
from handlers import digest
from services import notice_gate
from services.job_board import Shelf
from services.notice_gate import DEFAULT_RULES
from tests.crash.driver import _each, die_at


def make(url: str, moment: datetime, step: int) -> None:
    """Make all digests that are due and let them go; die at a step on the way."""
    database = Database(url)
    count = die_at(database, step)
    shelf = Shelf()

    async def one(work: Any, **more: Any) -> int:
        async with database.transaction() as db:
            done: int = (await work(db, moment, **more)).done
        count()
        return done

    async def work() -> None:
        while await one(digest.send_at_once, shelf=shelf):
            pass
        while await one(digest.send_due, shelf=shelf):
            pass
        async with database.transaction() as db:
            await notice_gate.release(db, moment, DEFAULT_RULES)
        count()

    asyncio.run(_each(database, work))
