"""A digest that is being made when the process dies is made by the next one: not lost, not doubled, never by halves."""

import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.engine import Database
from db.jobs import Job, JobTold
from db.turns import Outbox
from tests.crash import digest_driver as driver
from tests.fakes.clock import START
from tests.fakes.seekers import Seekers, offered

pytestmark = pytest.mark.crash

_STRIDE, _MOST = 3, 240
"""Every third step: the processes die at each place a few steps apart, and each begins where the last one got to."""


async def _whole(seekers: Seekers) -> None:
    """Find each notice in the ledger with its posts, and no post there that no notice tells of."""
    async with seekers.database.snapshot() as db:
        rows = list(await db.scalars(select(Outbox)))
        told = (await db.execute(select(JobTold.key, JobTold.job_id))).all()
    standing = Counter((row.dedupe_key, number) for row in rows for number in offered(row))
    assert standing == Counter((key, number) for key, number in told)


async def test_killed_at_every_third_step(spawn: Any, database_url: str, database: Database) -> None:
    seekers = Seekers(database)
    daily, at_once = [await seekers.account() for _ in range(3)], [await seekers.account() for _ in range(3)]
    for account in daily:
        await seekers.wants(account)
    for account in at_once:
        await seekers.wants(account, cadence="now")
    jobs = await seekers.posts(3)
    moment, kills = START + timedelta(days=1), 0
    for step in range(0, _MOST, _STRIDE):
        process = spawn(driver.make, database_url, moment, step)
        process.join()
        await _whole(seekers)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
    else:
        pytest.fail("never got through")
    assert kills > 10
    await seekers.deliver()
    for account in (*daily, *at_once):
        assert sorted(await seekers.told(account)) == jobs
        assert len(await seekers.outbox(Outbox.address_id == account)) == 1
    async with database.snapshot() as db:
        assert set(await db.scalars(select(Job.matched_to))) == {None}


async def test_two_processes_at_once(spawn: Any, database_url: str, database: Database) -> None:
    """On SQLite they wait for each other; on PostgreSQL each takes accounts that the other has not."""
    seekers = Seekers(database)
    accounts = [await seekers.account() for _ in range(30)]
    for number, account in enumerate(accounts):
        await seekers.wants(account, cadence="now" if number % 2 else "daily")
    jobs = await seekers.posts(4)
    moment = START + timedelta(days=1)
    running = [spawn(driver.make, database_url, moment, 1_000_000) for _ in range(3)]
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0, 0, 0]
    seekers.clock.moment = moment
    await seekers.tick()  # who was locked out while the others were at work
    await _whole(seekers)
    for account in accounts:
        assert sorted(await seekers.told(account)) == jobs
