"""Whatever dies on the whole way of a notice, everybody on a campaign's list and a broadcast's hears of it once, by one row."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from bot.nursery import Nursery
from bot.wake import Wake
from bot.wake_redis import RedisWake
from bot.workers.clock import Ticker
from core.clock import utc_now
from core.reply import Lane
from db.broadcasts import Broadcast
from db.engine import Database
from db.people import Address
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import broadcast_outcome, broadcasts
from services.audience import Audience
from services.broadcasts import Sheet
from tests.crash import path_driver as driver
from tests.crash.driver import LEASE
from tests.fakes.clock import START, SettableClock
from tests.fakes.county import County
from tests.servers import Postgres, redis_server

pytestmark = pytest.mark.crash

PEOPLE, GENERATIONS = 60, 3
DAY = timedelta(days=1)
_PASSES = 200
"""Far more than the end takes."""


async def _decide(database: Database) -> int:
    """Start a campaign whose opening is due, and approve a broadcast, both for everybody."""
    county = County(database, SettableClock())
    await county.build()
    await county.draft(year=2026, opens_on=START.date(), deadline=date(2027, 6, 30))
    async with database.transaction() as db:
        for _ in range(PEOPLE):
            await county.person(db)
        drafter, approver = (Staff(login=login, name="李", role="admin", created_at=START) for login in ("a", "b"))
        db.add_all([drafter, approver])
        await db.flush()
        made = await broadcasts.create(db, drafter, Sheet("通知", "周六体检", Audience()), START)
        await broadcasts.submit(db, made.id, START)
        await broadcasts.approve(db, approver, made.id, START, START)
    await county.start()
    return made.id


_SILENT = SimpleNamespace(send=lambda _step: None)


async def _tick_once(database: Database, shift: timedelta) -> None:
    """See that no dead process keeps the others from ticking."""
    assert await driver.ticker(database, driver.shifted(shift), Wake(), _SILENT).tick_once()


async def _finish(database: Database, seen: Path, shift: timedelta) -> None:
    """Do what is left, with nobody dying."""
    now = driver.shifted(shift + LEASE)
    clock = driver.ticker(database, now, Wake(), _SILENT)
    worker = driver.deliverer(database, str(seen), now, Wake(), _SILENT)
    for _ in range(_PASSES):
        assert await clock.tick_once()
        if not await worker.deliver_once() and await _is_done(database):
            return
    pytest.fail("never done")


async def _is_done(database: Database) -> bool:
    async with database.snapshot() as db:
        return set(await db.scalars(select(Broadcast.status))) == {"done"}


async def _check(database: Database, broadcast_id: int, seen: Path, kills: int) -> None:
    """Everybody has one outcome for each of the two, and nobody more screens than kills explain."""
    async with database.snapshot() as db:
        accounts = await db.scalars(select(Address.external_id).where(Address.person_id.is_not(None)))
        wanted = {driver.line(who, lane) for who in accounts for lane in (Lane.NOTICE, Lane.BROADCAST)}
        reminded = await db.execute(
            select(Reminder.person_id, Reminder.step, Outbox.status).outerjoin(
                Outbox, Outbox.reminder_id == Reminder.id
            )
        )
        outcomes = await broadcast_outcome.counts(db, broadcast_id)
        ready = set(await db.scalars(select(Outbox.status)))
        assert [(step, status) for _, step, status in reminded] == [(1, "sent")] * PEOPLE
    assert outcomes == {"sent": PEOPLE}
    assert ready == {"sent"}
    sent = _seen(seen)
    assert set(sent) == wanted
    assert sum(sent.values()) - len(wanted) <= kills


def _seen(path: Path) -> Counter[str]:
    return Counter(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("jump", [timedelta(0), DAY, -DAY], ids=["steady", "a day ahead", "a day back"])
async def test_killed_at_random(
    jump: timedelta, spawn: Any, progress: Any, database_url: str, database: Database, tmp_path: Path
) -> None:
    """The clock that jumps is right again in the end; what it decided while it was ahead may wait for that moment."""
    broadcast_id, seen, chance = await _decide(database), tmp_path / "seen", random.Random(11)
    right = START - utc_now()
    roles = [driver.serve] if database.embedded else [driver.tick] * 2 + [driver.deliver] * 4
    for generation in range(GENERATIONS):
        shift = right + generation * LEASE + jump * (generation % 2)
        killed = [spawn(role, database_url, str(seen), shift, progress.writing) for role in roles]
        progress.wait_for(chance.randrange(8, 40))
        for process in killed:
            process.kill()
            process.join()
    await _tick_once(database, right + GENERATIONS * LEASE)
    await _finish(database, seen, right + GENERATIONS * LEASE + max(jump, timedelta(0)))
    deaths = GENERATIONS * sum(role is not driver.tick for role in roles)
    await _check(database, broadcast_id, seen, deaths)


class Steps:
    """Counts what the workers of this process have done."""

    def __init__(self) -> None:
        self._done = asyncio.Semaphore(0)

    def send(self, _step: str) -> None:
        self._done.release()

    async def wait_for(self, count: int) -> None:
        for _ in range(count):
            await self._done.acquire()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def _tick_on(clock: Ticker) -> None:
    while True:
        await clock._tick()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_redis_and_the_database_go_away_and_come_back(
    postgres: Postgres, database_url: str, tmp_path: Path
) -> None:
    """Two clocks and four deliveries, as far apart as several processes are; nobody is killed, so nothing comes twice."""
    seen, steps, now = tmp_path / "seen", Steps(), driver.shifted(START - utc_now())
    async with _opened(database_url) as database:
        broadcast_id = await _decide(database)
    with redis_server() as redis:
        async with asyncio.timeout(60), AsyncExitStack() as stack:
            for number in range(6):
                own, wake = await stack.enter_async_context(_opened(database_url)), RedisWake(redis.url)
                nursery = Nursery(own)
                stack.push_async_callback(wake.close)
                stack.push_async_callback(nursery.close)
                nursery.start("relay", wake.relay)
                if number < 2:
                    clock = driver.ticker(own, now, wake, steps)
                    nursery.start("clock", partial(_tick_on, clock))
                else:
                    nursery.start("deliver", driver.deliverer(own, str(seen), now, wake, steps).run_notices)
            await steps.wait_for(20)
            redis.stop()
            await steps.wait_for(20)
            await asyncio.to_thread(postgres.restart)
            await steps.wait_for(20)
            redis.start()
            database = await stack.enter_async_context(_opened(database_url))
            while not await _is_done(database):  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.1)
            await _check(database, broadcast_id, seen, 0)
