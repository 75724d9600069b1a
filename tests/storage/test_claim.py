"""Who gets which message when: lanes in order, one at a time to each recipient, and never two workers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from core.reply import Lane
from db.engine import Database
from db.turns import Outbox
from services import outbox
from tests.fakes.clock import SettableClock
from tests.storage.conftest import LEASE, Post

Claim = Callable[..., Awaitable[list[Outbox]]]
Read = Callable[[int], Awaitable[Outbox]]


def _ids(rows: list[Outbox]) -> list[int]:
    return [row.id for row in rows]


async def test_lower_lanes_first_then_in_order_of_writing(post: Post, claim: Claim) -> None:
    broadcast = await post(to="1", lane=Lane.BROADCAST)
    notice = await post(to="2", lane=Lane.NOTICE)
    late, later = await post(to="3"), await post(to="4")
    assert _ids(await claim()) == [late, later, notice, broadcast]


async def test_limit_takes_the_first(post: Post, claim: Claim) -> None:
    await post(to="1", lane=Lane.BROADCAST)
    replies = [await post(to=str(n)) for n in range(2, 30)]
    assert _ids(await claim(limit=5)) == replies[:5]
    assert _ids(await claim(limit=5)) == replies[5:10]


async def test_one_per_recipient_and_lane(post: Post, claim: Claim) -> None:
    first, _second = await post(), await post()
    notice, _another = await post(lane=Lane.NOTICE), await post(lane=Lane.NOTICE)
    assert _ids(await claim()) == [first, notice]


async def test_next_one_only_when_the_first_is_settled(post: Post, claim: Claim, database: Database) -> None:
    _first, second = await post(), await post()
    (row,) = await claim()
    assert await claim() == []
    async with database.transaction() as db:
        assert await outbox.settle(db, row, "55")
    assert _ids(await claim()) == [second]


async def test_same_recipient_on_another_channel_is_somebody_else(post: Post, claim: Claim) -> None:
    here, there = await post(), await post(channel="wechat")
    assert _ids(await claim(channels=("telegram", "wechat"))) == [here, there]


async def test_only_the_channels_asked_for(post: Post, claim: Claim) -> None:
    await post(channel="web")
    assert await claim() == []
    assert len(await claim(channels=("web",))) == 1


async def test_leased_is_skipped_and_taken_over_when_the_lease_ends(
    post: Post, claim: Claim, clock: SettableClock
) -> None:
    await post()
    (first,) = await claim()
    assert first.lease_until == clock() + LEASE
    clock.advance(LEASE.total_seconds() - 0.001)
    assert await claim() == []
    clock.advance(0.001)
    (second,) = await claim()
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.lease_token != first.lease_token


async def test_not_before_it_is_due(post: Post, claim: Claim, clock: SettableClock, database: Database) -> None:
    row_id = await post()
    (row,) = await claim()
    async with database.transaction() as db:
        assert await outbox.postpone(db, row, clock() + timedelta(seconds=60), "again")
    clock.advance(59.999)
    assert await claim() == []
    clock.advance(0.001)
    assert _ids(await claim()) == [row_id]


async def test_a_postponed_message_is_not_overtaken(
    post: Post, claim: Claim, clock: SettableClock, database: Database
) -> None:
    first, _second = await post(), await post()
    (row,) = await claim()
    async with database.transaction() as db:
        await outbox.postpone(db, row, clock() + timedelta(seconds=60), "again")
    assert await claim() == []
    clock.advance(60)
    assert _ids(await claim()) == [first]


async def test_only_ready_ones(post: Post, claim: Claim, database: Database) -> None:
    for status in ("held", "sent", "dead", "cancelled"):
        row_id = await post(to=status)
        async with database.transaction() as db:
            (await db.get_one(Outbox, row_id)).status = status
    assert await claim() == []


async def test_two_workers_never_get_the_same(post: Post, database_url: str, clock: SettableClock) -> None:
    wanted = [await post(to=str(n)) for n in range(60)]
    workers = [Database(database_url) for _ in range(3)]

    async def work(database: Database) -> list[int]:
        got: list[int] = []
        while True:
            async with database.transaction() as db:
                rows = await outbox.claim(db, ["telegram"], clock(), LEASE, 4)
            if not rows:
                return got
            got += _ids(rows)

    taken = await asyncio.gather(*map(work, workers))
    await asyncio.gather(*(database.close() for database in workers))
    assert sorted(row for got in taken for row in got) == wanted


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_locked_rows_are_skipped_without_waiting(
    post: Post, database_url: str, database: Database, clock: SettableClock
) -> None:
    first = await post(to="1")
    second = await post(to="2")
    async with database.transaction() as db:
        assert _ids(await outbox.claim(db, ["telegram"], clock(), LEASE, 1)) == [first]
        async with asyncio.timeout(5), database.transaction() as other:
            assert _ids(await outbox.claim(other, ["telegram"], clock(), LEASE, 5)) == [second]


async def test_only_the_lanes_asked_for(post: Post, database: Database, clock: SettableClock) -> None:
    reply, notice = await post(to="1"), await post(to="2", lane=Lane.NOTICE)
    broadcast = await post(to="3", lane=Lane.BROADCAST)
    async with database.transaction() as db:
        unasked = await outbox.claim(db, ["telegram"], clock(), LEASE, 50, (Lane.NOTICE, Lane.BROADCAST))
        asked = await outbox.claim(db, ["telegram"], clock(), LEASE, 50, (Lane.REPLY,))
    assert (_ids(unasked), _ids(asked)) == ([notice, broadcast], [reply])


async def test_many_unread_rows_of_another_channel_are_not_looked_at(database: Database, clock: SettableClock) -> None:
    """Ten thousand notices that wait for browsers must not slow every claim."""
    rows = [
        {
            "channel": channel, "recipient": f"{channel}{number}", "lane": 1, "payload": {}, "at": clock(),
            "available_at": clock(), "status": status, "attempts": 0,
        }
        for channel, status, count in (("web", "ready", 3000), ("telegram", "sent", 3000), ("telegram", "ready", 1))
        for number in range(count)
    ]  # fmt: skip
    async with database.transaction() as db:
        await db.execute(insert(Outbox), rows)
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("ANALYZE outbox")
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE outbox"):
            how = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
            plans.extend(str(line[-1]) for line in connection.exec_driver_sql(f"{how} {statement}", parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", explain)
    async with database.transaction() as db:
        assert len(await outbox.claim(db, ["telegram"], clock(), LEASE)) == 1
    plan = "\n".join(plans)
    assert "ix_outbox_ready" in plan
    assert "SCAN outbox" not in plan
    assert "Seq Scan on outbox outbox_" not in plan  # without a second name it is the table that is updated


async def test_a_clock_set_back_by_a_day_holds_up_nothing(
    post: Post, claim: Claim, clock: SettableClock, database: Database
) -> None:
    """What was written and leased before the jump is of the future now."""
    leased, fresh = await post(to="1"), await post(to="2")
    assert len(await claim(limit=1)) == 1
    clock.advance(-86_400)
    assert _ids(await claim()) == [leased, fresh]


async def test_a_clock_set_forward_ends_leases_and_loses_nothing(
    post: Post, claim: Claim, clock: SettableClock
) -> None:
    row_id = await post()
    await claim()
    clock.advance(86_400)
    (row,) = await claim()
    assert (row.id, row.attempts) == (row_id, 2)
