"""Digests go on when the clock was wrong, and reach a person on the account that they read."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from db.engine import Database
from db.turns import Outbox
from handlers import digest
from tests.fakes.clock import SettableClock
from tests.fakes.seekers import Seekers, offered

DAY = 86400


@pytest.fixture
def seekers(database: Database, clock: SettableClock) -> Seekers:
    return Seekers(database, clock)


@pytest.mark.parametrize("cadence", ["now", "daily", "weekly"])
async def test_a_clock_that_was_ahead_for_a_while_silences_nobody(seekers: Seekers, cadence: str) -> None:
    account = await seekers.account("web")
    await seekers.wants(account, cadence=cadence)
    await seekers.posts(closes_on=seekers.clock().date() + timedelta(days=600))
    await seekers.tick(sends=False)
    seekers.clock.advance(DAY * 400)
    await seekers.tick(sends=False)
    seekers.clock.advance(-DAY * 400)
    await seekers.deliver()
    await seekers.tick()
    (new,) = await seekers.posts()
    told = list[int]()
    for _ in range(8):
        seekers.clock.advance(DAY)
        told += [job for row in await seekers.tick() for job in offered(row)]
    assert new in told


async def test_of_two_accounts_the_one_we_may_write_to_is_told(seekers: Seekers) -> None:
    """The page in the browser was there first, and nobody opens it."""
    somebody = await seekers.person()
    page, telegram = [await seekers.account(channel, somebody) for channel in ("web", "telegram")]
    for account in (page, telegram):
        await seekers.wants(account)
    (job,) = await seekers.posts()
    for _ in range(9):
        seekers.clock.advance(DAY)
        await seekers.tick(sends=False)
        async with seekers.database.transaction() as db:
            await db.execute(
                update(Outbox).where(Outbox.status == "ready", Outbox.channel == "telegram").values(status="sent")
            )
    assert await seekers.told(telegram) == [job]
    assert await seekers.outbox(Outbox.address_id == page) == []


async def test_many_who_are_due_together_are_seen_to_in_short_passes(seekers: Seekers) -> None:
    """SQLite has one writer: whoever talks meanwhile waits for one pass only."""
    accounts = [await seekers.account() for _ in range(51)]
    for account in accounts:
        await seekers.wants(account)
    await seekers.posts()
    seekers.clock.advance(DAY)
    seen = list[int]()
    for _ in range(3):
        async with seekers.database.transaction() as db:
            seen.append((await digest.send_due(db, seekers.clock(), seekers.shelf)).done)
    assert seen == [50, 1, 0]
