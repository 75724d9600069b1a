"""How a claimed message ends: only its claimer may say so, and only once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from db.engine import Database
from db.turns import Outbox
from services import outbox
from tests.fakes.clock import SettableClock
from tests.storage.conftest import LEASE, Post

Claim = Callable[..., Awaitable[list[Outbox]]]
Read = Callable[[int], Awaitable[Outbox]]
End = Callable[[Database, Outbox, SettableClock], Awaitable[bool]]


async def _settle(database: Database, row: Outbox, _clock: SettableClock) -> bool:
    async with database.transaction() as db:
        return await outbox.settle(db, row, "55")


async def _postpone(database: Database, row: Outbox, clock: SettableClock) -> bool:
    async with database.transaction() as db:
        return await outbox.postpone(db, row, clock() + timedelta(seconds=9), "network")


async def _give_up(database: Database, row: Outbox, _clock: SettableClock) -> bool:
    async with database.transaction() as db:
        return await outbox.give_up(db, row, "blocked")


EVERY_END = pytest.mark.parametrize("end", [_settle, _postpone, _give_up])


async def test_settled(post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock) -> None:
    await post()
    (row,) = await claim()
    assert await _settle(database, row, clock)
    kept = await read(row.id)
    assert (kept.status, kept.external_id, kept.lease_token, kept.lease_until) == ("sent", "55", None, None)


async def test_postponed(post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock) -> None:
    await post()
    (row,) = await claim()
    assert await _postpone(database, row, clock)
    kept = await read(row.id)
    assert (kept.status, kept.error, kept.attempts, kept.lease_token) == ("ready", "network", 1, None)
    assert kept.available_at == clock() + timedelta(seconds=9)


async def test_a_pause_the_channel_asked_for_is_no_try(
    post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (row,) = await claim()
    async with database.transaction() as db:
        assert await outbox.postpone(db, row, clock(), "429", counts=False)
    assert (await read(row.id)).attempts == 0


async def test_given_up(post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock) -> None:
    await post()
    (row,) = await claim()
    assert await _give_up(database, row, clock)
    kept = await read(row.id)
    assert (kept.status, kept.error) == ("dead", "blocked")
    clock.advance(3600)
    assert await claim() == []


@EVERY_END
async def test_not_with_the_token_of_a_lease_that_another_took_over(
    end: End, post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (late,) = await claim()
    clock.advance(LEASE.total_seconds())
    (present,) = await claim()
    assert not await end(database, late, clock)
    kept = await read(late.id)
    assert (kept.status, kept.lease_token, kept.external_id) == ("ready", present.lease_token, None)
    assert await _settle(database, present, clock)


@EVERY_END
async def test_not_a_second_time(
    end: End, post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (row,) = await claim()
    assert await _settle(database, row, clock)
    assert not await end(database, row, clock)
    assert (await read(row.id)).status == "sent"


@pytest.mark.parametrize("end", [_postpone, _give_up])
async def test_not_what_was_cancelled_meanwhile(
    end: End, post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (row,) = await claim()
    async with database.transaction() as db:
        (await db.get_one(Outbox, row.id)).status = "cancelled"
    assert not await end(database, row, clock)
    assert (await read(row.id)).status == "cancelled"


@pytest.mark.parametrize("status", ["held", "cancelled"])
async def test_what_is_on_the_screen_counts_as_sent_whoever_stopped_it_on_its_way(
    status: str, post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (row,) = await claim()
    async with database.transaction() as db:
        stopped = await db.get_one(Outbox, row.id)
        stopped.status, stopped.error = status, "stopped"
    assert await _settle(database, row, clock)
    kept = await read(row.id)
    assert (kept.status, kept.external_id, kept.error) == ("sent", "55", None)


async def test_held_back_for_the_notice_policy(
    post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    await post()
    (row,) = await claim()
    async with database.transaction() as db:
        assert await outbox.hold_back(db, row, clock())
    kept = await read(row.id)
    assert (kept.status, kept.available_at, kept.attempts, kept.lease_token) == ("held", clock(), 0, None)
    assert await claim() == []


async def test_expired(post: Post, claim: Claim, read: Read, database: Database) -> None:
    await post()
    (row,) = await claim()
    async with database.transaction() as db:
        assert await outbox.let_expire(db, row)
    kept = await read(row.id)
    assert (kept.status, kept.error) == ("cancelled", "expired")


async def test_given_back_others_take_it_at_once(
    post: Post, claim: Claim, read: Read, database: Database, clock: SettableClock
) -> None:
    kept_by_us, given = await post(to="1"), await post(to="2")
    first, second = await claim()
    async with database.transaction() as db:
        await outbox.give_back(db, [second])
    assert (await read(given)).attempts == 0
    assert [row.id for row in await claim()] == [given]
    assert (await read(kept_by_us)).lease_token == first.lease_token
