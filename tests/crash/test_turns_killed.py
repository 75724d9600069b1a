"""Whatever moment a process dies at, every event is handled once: one inbox row, one effect, its replies once."""

import random
import signal
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from db.engine import Database
from db.people import Conversation
from db.turns import Inbox, Outbox
from tests.crash import driver

pytestmark = pytest.mark.crash

KILLS = 5


async def _check(database: Database, events: int) -> None:
    async with database.snapshot() as db:
        inbox = list(await db.scalars(select(Inbox)))
        said = [payload["text"] for payload in await db.scalars(select(Outbox.payload).order_by(Outbox.id))]
        effects = [e for data in await db.scalars(select(Conversation.data)) for e in data["events"]]
    wanted = {str(number) for number in range(events)}
    assert {row.event_id for row in inbox} == wanted
    assert len(inbox) == events
    assert all(row.error is None and row.address_id for row in inbox)
    assert Counter(effects) == Counter(wanted)
    assert Counter(said) == Counter([*(f"{e} 收到" for e in wanted), *(f"{e} 记下了" for e in wanted)])


async def test_killed_at_random(spawn: Any, progress: Any, database_url: str, database: Database) -> None:
    chance = random.Random(20261121)
    for number in range(KILLS):
        pair = [spawn(driver.take, database_url, number * 2 + n, progress.writing) for n in range(2)]
        progress.wait_for(chance.randrange(1, 30))
        for process in pair:
            process.kill()
            process.join()
    async with database.snapshot() as db:
        done = await db.scalar(select(func.count()).select_from(Inbox))
    assert done > 0
    last = spawn(driver.take, database_url, 99, progress.writing)
    last.join()
    assert last.exitcode == 0
    await _check(database, driver.EVENTS)


async def test_killed_at_every_step(spawn: Any, database_url: str, database: Database) -> None:
    """One event, redelivered to a process that dies one step later each time, until one lives."""
    for step in range(60):
        process = spawn(driver.take_one, database_url, step)
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        async with database.snapshot() as db:
            rows = await db.scalar(select(func.count()).select_from(Inbox))
            replies = await db.scalar(select(func.count()).select_from(Outbox))
        assert (rows, replies) in ((0, 0), (1, 2))
    else:
        pytest.fail("never got through")
    assert step > 8
    await _check(database, 1)
