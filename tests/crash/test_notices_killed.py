"""Notices and broadcasts: whatever dies, restarts or jumps, none is lost, and none comes twice but once a kill."""

import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.clock import utc_now
from core.reply import Choice, Lane, Reply
from db.engine import Database
from db.people import Conversation
from db.turns import Outbox
from services import outbox, people
from tests.crash import notice_driver as driver
from tests.crash.driver import LEASE
from tests.servers import Postgres

pytestmark = pytest.mark.crash

MESSAGES, GENERATIONS = 80, 3
DONE = Choice("已办理", "cert-done:1")


async def _post(database: Database, count: int) -> list[str]:
    """Write notices that offer something, and broadcasts that do not: they are settled in different ways."""
    texts = [f"第{number}条" for number in range(count)]
    async with database.transaction() as db:
        for number, text in enumerate(texts):
            who, notice = str(number % (count * 3 // 4 or 1)), number % 2 == 0
            conversation = await people.open_conversation(db, "telegram", who, utc_now())
            to = outbox.Recipient("telegram", who, conversation.address_id, 4096)
            reply = Reply(text, (DONE,) if notice else ())
            await outbox.post(db, to, reply, utc_now(), lane=Lane.NOTICE if notice else Lane.BROADCAST)
        await db.execute(update(Outbox).values(notice="news"))
    return texts


async def _left(database: Database) -> int:
    async with database.snapshot() as db:
        return await db.scalar(select(func.count()).where(Outbox.status != "sent")) or 0


def _seen(path: Path) -> Counter[str]:
    return Counter(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("workers", [1, 4])
async def test_killed_at_random(
    workers: int, spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    chance, path, kills = random.Random(workers), tmp_path / "seen", 0
    wanted = await _post(database, MESSAGES)
    for generation in range(GENERATIONS):
        running = [
            spawn(driver.notify, database_url, str(path), generation * LEASE, generation * 10 + n, progress.writing)
            for n in range(workers)
        ]
        progress.wait_for(chance.randrange(3, 15))
        for process in running:
            process.kill()
            process.join()
            kills += process.exitcode == -signal.SIGKILL
    last = spawn(driver.notify, database_url, str(path), GENERATIONS * LEASE, 99, progress.writing)
    last.join()
    assert last.exitcode == 0
    seen = _seen(path)
    assert set(seen) == set(wanted)
    assert await _left(database) == 0
    assert sum(seen.values()) - MESSAGES <= kills


@pytest.mark.parametrize("offers", [True, False])
async def test_killed_at_every_step(
    offers: bool,  # noqa: FBT001
    spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path,
) -> None:  # fmt: skip
    """One notice, and a process that dies one step later each time, until one lives."""
    path, kills = tmp_path / "seen", 0
    wanted = (await _post(database, 2))[0 if offers else 1]
    async with database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.payload["text"].as_string() != wanted).values(status="sent"))
    for step in range(60):
        process = spawn(driver.notify_one, database_url, str(path), step, step, progress.writing)
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
    else:
        pytest.fail("never got through")
    assert kills > 4
    seen = _seen(path)
    assert set(seen) == {wanted}
    assert seen[wanted] <= 1 + kills
    assert await _left(database) == 0
    if offers:
        async with database.snapshot() as db:
            menus = list(await db.scalars(select(Conversation.menu)))
        assert [{"label": "已办理", "action": "cert-done:1"}] in menus


@pytest.mark.parametrize("days", [1, -1])
async def test_the_clock_jumps_by_a_day(
    days: int, spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    """A process is killed, and the next finds leases and moments of a day ahead, or of long ago."""
    path = tmp_path / "seen"
    wanted = await _post(database, 30)
    before, after = (timedelta(0), timedelta(days=1)) if days > 0 else (timedelta(days=1), timedelta(0))
    first = spawn(driver.notify, database_url, str(path), before, 1, progress.writing)
    progress.wait_for(5)
    first.kill()
    first.join()
    second = spawn(driver.notify, database_url, str(path), after, 2, progress.writing)
    second.join()
    assert second.exitcode == 0
    seen = _seen(path)
    assert set(seen) == set(wanted)
    assert sum(seen.values()) - len(wanted) <= 1
    assert await _left(database) == 0


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_the_database_is_restarted_under_load(
    spawn: Any, progress: Any, postgres: Postgres, database_url: str, database: Database, tmp_path: Path
) -> None:
    """Nobody dies, so nothing comes twice: what was sent is settled when the database is back."""
    path = tmp_path / "seen"
    wanted = await _post(database, 200)
    await database.close()
    for seed in range(4):
        spawn(driver.notify_for_ever, database_url, str(path), seed, progress.writing)
    progress.wait_for(20)
    postgres.restart()
    progress.wait_for(20)
    postgres.restart()
    progress.wait_for(len(wanted) - sum(_seen(path).values()))
    assert _seen(path) == Counter(wanted)
