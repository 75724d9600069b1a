"""Whatever moment of a broadcast the processes die at, nobody is left out, and each death repeats one message at most."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from services import broadcast_control
from services.audience import Audience
from tests.crash import broadcast_driver
from tests.fakes.clock import START, SettableClock
from tests.fakes.newsroom import LEASE, Newsroom
from tests.fakes.population import Account, Soul

pytestmark = pytest.mark.crash

PEOPLE, STRANGERS, GENERATIONS, WORKERS = 24, 6, 5, 2


async def _begin(database: Database) -> tuple[Newsroom, int]:
    newsroom = await Newsroom(database, SettableClock(START)).open()
    accounts = (Account("telegram"),) * STRANGERS
    await newsroom.settle_people(*[Soul([Account("telegram")])] * PEOPLE, Soul(), strangers=accounts)
    return newsroom, await newsroom.let_out(Audience(strangers=True), urgent=True)


def _sent(seen: Path) -> Counter[str]:
    return Counter(seen.read_text(encoding="utf-8").split()) if seen.exists() else Counter()


async def test_killed_at_random(
    spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    """Two clocks and two senders at a time, killed between any two commits."""
    newsroom, broadcast_id = await _begin(database)
    chance, seen = random.Random(11), tmp_path / "seen"
    for generation in range(GENERATIONS):
        workers = [
            spawn(broadcast_driver.run, database_url, str(seen), generation, broadcast_id, progress.writing)
            for _ in range(WORKERS)
        ]
        progress.wait_for(chance.randrange(4, 30))
        for worker in workers:
            worker.kill()
            worker.join()
    last = spawn(broadcast_driver.run, database_url, str(seen), GENERATIONS, broadcast_id, progress.writing)
    last.join()
    assert last.exitcode == 0
    assert await newsroom.counts(broadcast_id) == {"sent": PEOPLE + STRANGERS, "never": 1}
    rows = await newsroom.rows(broadcast_id)
    assert len(rows) == len({row.dedupe_key for row in rows}) == PEOPLE + STRANGERS
    sent = _sent(seen)
    assert set(sent) == {row.recipient for row in rows}
    assert sum(sent.values()) - len(sent) <= GENERATIONS * WORKERS


@pytest.mark.parametrize("act", ["pause", "cancel"])
async def test_stopped_while_it_is_being_fed_and_sent(
    act: str, spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    newsroom, broadcast_id = await _begin(database)
    seen = tmp_path / "seen"
    worker = spawn(broadcast_driver.run, database_url, str(seen), 0, broadcast_id, progress.writing)
    while (await newsroom.read(broadcast_id)).status in ("scheduled", "freezing"):
        progress.wait_for(1)
    progress.wait_for(6)
    await newsroom.act(getattr(broadcast_control, act), broadcast_id)
    before = sum(_sent(seen).values())
    if act == "pause":
        progress.wait_for(11)
        worker.kill()
    worker.join()
    assert sum(_sent(seen).values()) - before <= 3  # what was claimed at that moment
    assert sum((await newsroom.counts(broadcast_id)).values()) == PEOPLE + STRANGERS + 1
    if act == "cancel":
        assert {row.status for row in await newsroom.rows(broadcast_id)} <= {"sent", "cancelled"}
        return
    newsroom.clock.advance(LEASE.total_seconds() * 2)
    await newsroom.act(broadcast_control.resume, broadcast_id)
    for _ in range(10):
        await newsroom.tick()
        await newsroom.deliver()
    assert (await newsroom.counts(broadcast_id))["sent"] == PEOPLE + STRANGERS
