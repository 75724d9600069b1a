"""Whatever moment a worker dies at, no message is lost; only what was sent and not yet settled is sent once more."""

import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.reply import Reply
from db.engine import Database
from db.turns import Outbox
from services import outbox, people
from tests.crash import driver
from tests.fakes.clock import START

pytestmark = pytest.mark.crash

MESSAGES, RECIPIENTS, GENERATIONS, WORKERS = 80, 40, 3, 2


async def _post(database: Database, count: int) -> list[str]:
    texts = [f"第{number}条" for number in range(count)]
    async with database.transaction() as db:
        for number, text in enumerate(texts):
            who = str(number % RECIPIENTS)
            conversation = await people.open_conversation(db, "telegram", who, START)
            to = outbox.Recipient("telegram", who, conversation.address_id, 4096)
            await outbox.post(db, to, Reply(text), START)
    return texts


async def _statuses(database: Database) -> set[str]:
    async with database.snapshot() as db:
        return set(await db.scalars(select(Outbox.status)))


@pytest.mark.parametrize("at_once", [1, 8])
async def test_killed_at_random(
    at_once: int, spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    chance, seen = random.Random(7), tmp_path / "seen"
    wanted = await _post(database, MESSAGES)
    for generation in range(GENERATIONS):
        workers = [
            spawn(driver.deliver, database_url, str(seen), generation, generation * 10 + n, at_once, progress.writing)
            for n in range(WORKERS)
        ]
        progress.wait_for(chance.randrange(3, 20))
        for worker in workers:
            worker.kill()
            worker.join()
    last = spawn(driver.deliver, database_url, str(seen), GENERATIONS, 99, at_once, progress.writing)
    last.join()
    assert last.exitcode == 0
    sent = Counter(seen.read_text(encoding="utf-8").split())
    assert set(sent) == set(wanted)
    assert await _statuses(database) == {"sent"}
    # What was sent and not yet settled when a worker died: at most as many as it sends at once.
    assert sum(sent.values()) - MESSAGES <= GENERATIONS * WORKERS * at_once


async def test_killed_at_every_step(
    spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    """One message, and a worker that dies one step later each time, until one lives."""
    seen, kills = tmp_path / "seen", 0
    (wanted,) = await _post(database, 1)
    for step in range(40):
        process = spawn(driver.deliver_one, database_url, str(seen), step, step, progress.writing)
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
    else:
        pytest.fail("never got through")
    sent = seen.read_text(encoding="utf-8").split()
    assert set(sent) == {wanted}
    assert len(sent) <= 1 + kills
    assert await _statuses(database) == {"sent"}
