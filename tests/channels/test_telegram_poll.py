"""The long poll confirms an update only once it is recorded, and only one process polls."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.channels.telegram.feed import build_dispatcher
from bot.channels.telegram.poll import LEASE, LEASE_LIFE, Poller
from core.turn import Inbound
from db.engine import Database
from db.leases import Lease
from services.turns import Taken
from tests.fakes.bot_api import BotApi, message_update, telegram
from tests.fakes.doors import never_too_large, unedited

DOWN = OperationalError("BEGIN IMMEDIATE", {}, Exception("disk I/O error"))


@dataclass
class World:
    """Telegram, a database, and an intake that fails when told to."""

    api: BotApi
    database: Database
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    taken: list[str] = field(default_factory=list)
    errors: list[Exception | None] = field(default_factory=list)
    third: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to let the lease's next renewal come."""
    resting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the lease's keeper waits for its next renewal."""
    poller: Poller = field(init=False)

    async def receive(self, inbound: Inbound) -> Taken:
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.taken.append(inbound.event_id)
        return Taken([])

    async def sleep(self, seconds: float) -> None:
        if seconds == LEASE_LIFE.total_seconds() / 3:
            self.resting.set()
            await self.third.wait()
            self.third.clear()

    async def holder(self) -> str | None:
        async with self.database.snapshot() as db:
            return await db.scalar(select(Lease.holder).where(Lease.name == LEASE))


async def change_schema(database: Database, change: Callable[[Connection], None]) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(change)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    await change_schema(database, Lease.metadata.create_all)
    async with telegram() as (api, bot):
        world = World(api, database)
        world.poller = Poller(
            bot,
            build_dispatcher(world.receive, unedited, never_too_large),
            database,
            lambda: world.now,
            "here",
            sleep=world.sleep,
        )
        yield world
    await database.close()


def offsets(api: BotApi) -> list[int | None]:
    return [params.get("offset") for params in api.called("getUpdates")]


async def test_offset_moves_only_after_the_update_is_taken(world: World) -> None:
    await world.poller.renew_once()
    await world.api.push(message_update(10, text="一"), message_update(11, text="二"))
    assert await world.poller.poll_once() == 0
    assert world.taken == ["10", "11"]
    await world.api.push(message_update(12, text="三"))
    assert await world.poller.poll_once() == 0
    assert offsets(world.api) == [None, 12]
    assert world.taken == ["10", "11", "12"]
    call = world.api.called("getUpdates")[0]
    assert call["timeout"] == 25
    assert call["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_database_down_keeps_the_offset_and_loses_nothing(world: World) -> None:
    await world.poller.renew_once()
    await world.api.push(*(message_update(n, text="问") for n in (10, 11, 12)))
    world.errors = [None, DOWN]
    assert await world.poller.poll_once() == 1
    assert world.taken == ["10"]
    world.errors = [DOWN]
    assert await world.poller.poll_once() == 2
    assert await world.poller.poll_once() == 0
    assert world.taken == ["10", "11", "12"]
    assert offsets(world.api) == [None, 11, 11]


async def test_a_fault_of_ours_does_not_stop_the_others(world: World) -> None:
    await world.poller.renew_once()
    await world.api.push(message_update(10, text="一"), message_update(11, text="二"))
    world.errors = [ZeroDivisionError()]
    with capture_logs() as logs:
        assert await world.poller.poll_once() == 0
    assert "update failed" in [entry["event"] for entry in logs]
    assert world.taken == ["11"]


async def test_unconfirmed_update_comes_again_to_the_next_process_under_the_same_id(world: World) -> None:
    await world.poller.renew_once()
    await world.api.push(message_update(10, text="一"))
    await world.poller.poll_once()
    world.poller._offset = None  # as after kill -9
    await world.poller.poll_once()
    assert world.taken == ["10", "10"]


async def test_update_of_unknown_shape_or_type_hides_no_other(world: World) -> None:
    await world.poller.renew_once()
    broken = {"update_id": 11, "message": {"message_id": "x"}}
    await world.api.push(
        message_update(10, text="一"), broken, {"update_id": 12, "new": {}}, message_update(13, text="二")
    )
    assert await world.poller.poll_once() == 0
    assert world.taken == ["10", "13"]
    await world.api.stop_waiting()
    assert await world.poller.poll_once() == 0
    assert offsets(world.api) == [None, 14]


async def test_ids_may_begin_anew_after_a_quiet_week(world: World) -> None:
    await world.poller.renew_once()
    await world.api.push(message_update(900, text="一"))
    await world.poller.poll_once()
    await world.api.stop_waiting()
    await world.poller.poll_once()
    await world.api.push(message_update(20, text="二"))
    await world.poller.poll_once()
    assert world.taken == ["900", "20"]


async def test_a_webhook_is_deleted_first_and_nothing_dropped(world: World) -> None:
    world.api.webhook = "https://old.example"
    await world.poller.renew_once()
    await world.api.push(message_update(10, text="一"))
    assert await world.poller.poll_once() == 0
    assert [call.method for call in world.api.calls] == ["deleteWebhook", "getUpdates"]
    assert world.api.called("deleteWebhook")[0].get("drop_pending_updates", False) is False


async def test_conflict_is_told_and_waited_out(world: World) -> None:
    await world.poller.renew_once()
    world.api.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=2)
    await world.api.push(message_update(10, text="一"))
    with capture_logs() as logs:
        assert [await world.poller.poll_once() for _ in range(3)] == [1, 2, 0]
    assert "另有进程" in logs[0]["event"]
    assert world.taken == ["10"]


@pytest.mark.parametrize("method", ["deleteWebhook", "getUpdates"])
async def test_trouble_is_waited_out_longer_each_time(world: World, method: str) -> None:
    await world.poller.renew_once()
    world.api.refuse(method, 502, "Bad Gateway", times=7)
    await world.api.push(message_update(10, text="一"))
    assert [await world.poller.poll_once() for _ in range(8)] == [1, 2, 4, 8, 16, 30, 30, 0]
    assert world.taken == ["10"]


async def test_flood_control_is_obeyed(world: World) -> None:
    await world.poller.renew_once()
    world.api.refuse("getUpdates", 429, "Too Many Requests", retry_after=9)
    assert await world.poller.poll_once() == 9


@pytest.mark.parametrize("body", ["<html>", "[]", json.dumps({"ok": True, "result": [{"no": "id"}]})])
async def test_nonsense_is_waited_out(world: World, body: str) -> None:
    await world.poller.renew_once()
    world.api.garble("getUpdates", body)
    assert await world.poller.poll_once() == 1


async def test_dropped_connection_is_waited_out(world: World) -> None:
    await world.poller.renew_once()
    world.api.drop("getUpdates", times=2)
    await world.api.push(message_update(10, text="一"))
    assert await world.poller.poll_once() == 1
    assert world.taken == []


async def test_only_the_holder_of_the_lease_polls(world: World) -> None:
    other = Poller(
        world.poller._bot,
        build_dispatcher(world.receive, unedited, never_too_large),
        world.database,
        lambda: world.now,
        "there",
        sleep=world.sleep,
    )
    assert await other.renew_once()
    assert not await world.poller.renew_once()
    world.now += LEASE_LIFE - timedelta(seconds=1)
    assert not await world.poller.renew_once()
    world.now += timedelta(seconds=1)
    assert await world.poller.renew_once()
    assert not await other.renew_once()


async def test_what_comes_after_the_lease_is_lost_is_left_to_its_holder(world: World) -> None:
    await world.poller.renew_once()
    fetching = asyncio.gather(world.poller.poll_once())
    await world.api.wait_for_call("getUpdates")
    world.now += LEASE_LIFE
    other = Poller(
        world.poller._bot,
        build_dispatcher(world.receive, unedited, never_too_large),
        world.database,
        lambda: world.now,
        "there",
        sleep=world.sleep,
    )
    assert await other.renew_once()
    assert not await world.poller.renew_once()
    await world.api.push(message_update(10, text="一"))
    assert (await fetching)[0] > 0
    assert world.taken == []


async def test_run_takes_renews_and_gives_back(world: World) -> None:
    running = asyncio.gather(world.poller.run())
    await world.api.push(message_update(10, text="一"))
    await world.api.wait_for_call("getUpdates", 2)
    assert world.taken == ["10"]
    assert await world.holder() == "here"
    world.now += LEASE_LIFE / 3
    world.third.set()
    await world.api.push(message_update(11, text="二"))
    await world.api.wait_for_call("getUpdates", 3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert world.taken == ["10", "11"]
    assert await world.holder() is None


async def test_run_waits_while_another_holds_the_lease(world: World) -> None:
    async with world.database.transaction() as db:
        db.add(Lease(name=LEASE, holder="there", until=world.now + LEASE_LIFE))
    running = asyncio.gather(world.poller.run())
    await world.resting.wait()
    assert world.api.calls == []
    world.now += LEASE_LIFE
    world.third.set()
    await world.api.wait_for_call("getUpdates")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_stop_succeeds_with_the_database_gone(world: World) -> None:
    running = asyncio.gather(world.poller.run())
    await world.api.wait_for_call("getUpdates")
    await change_schema(world.database, Lease.metadata.drop_all)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_database_down_at_renewal_stops_polling_not_the_process(world: World) -> None:
    assert await world.poller.renew_once()
    await change_schema(world.database, Lease.metadata.drop_all)
    assert not await world.poller.renew_once()
    await change_schema(world.database, Lease.metadata.create_all)
    assert await world.poller.renew_once()
