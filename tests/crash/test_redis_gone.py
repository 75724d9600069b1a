"""Redis only wakes: while it is away turns work and messages go out by polling, and when it is back so are the wake-ups."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis.asyncio
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.channels.base import Message
from bot.channels.telegram.pace import Rates
from bot.channels.telegram.pace_redis import SharedPace
from bot.intake import Intake
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.wake import Wake
from bot.wake_redis import RedisWake
from bot.workers.deliver import Deliverer
from core.clock import utc_now
from core.reply import Lane, Reply
from core.turn import Inbound, Turn
from db.engine import Database
from db.turns import Outbox
from knowledge.heard import Heard
from services import outbox
from tests.crash.driver import LEASE
from tests.servers import RedisServer, redis_server

pytestmark = pytest.mark.crash

PATIENCE = 20
"""Seconds for what takes one or two, on a machine that has other things to do."""


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


class QueueChannel:
    """A channel whose other side is a queue."""

    name = "telegram"

    def __init__(self) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, message: Message) -> None:
        await self.sent.put(message.text)


async def _echo(turn: Turn[Any]) -> None:
    turn.say(f"收到 {turn.inbound.event_id}")


@asynccontextmanager
async def _two_processes(database: Database, server: RedisServer) -> AsyncIterator[tuple[Intake, QueueChannel, Any]]:
    """One that takes turns and one that delivers, as far apart as Redis lets them be."""
    taking, delivering = RedisWake(server.url), RedisWake(server.url)
    channel, nursery = QueueChannel(), Nursery(database)
    library: Any = SimpleNamespace(snapshot=SimpleNamespace(nothing_said=lambda: Heard(None)))  # type: ignore[arg-type]
    intake = Intake(database, library, _echo, taking, Metrics(), utc_now, {})
    deliverer = Deliverer(database, {"telegram": channel}, delivering, Metrics(), utc_now, LEASE, Path)
    nursery.start("redis", delivering.relay)
    nursery.start("deliver", deliverer.run_replies)
    try:
        yield intake, channel, delivering
    finally:
        await nursery.close()
        await taking.close()
        await delivering.close()


async def _relayed(taking: RedisWake, delivering: RedisWake, server: RedisServer) -> None:
    """Return when a wake-up of one process reaches the other."""
    async with redis.asyncio.Redis.from_url(server.url) as client:
        while (await client.pubsub_numsub("yizhan:wake"))[0][1] == 0:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0)
    with delivering.listen("topic") as event:
        await taking.announce(["topic"])
        await event.wait()


async def _send(intake: Intake, number: int) -> None:
    taken = await intake.receive(Inbound("telegram", str(number), "7", "action", "hello"))
    assert len(taken.replies) == 1
    assert not taken.repeated


async def test_redis_killed_and_started_again(server: RedisServer, database: Database) -> None:
    async with asyncio.timeout(3 * PATIENCE), _two_processes(database, server) as (intake, channel, delivering):
        await _relayed(intake._wake, delivering, server)
        await _send(intake, 1)
        assert await channel.sent.get() == "收到 1"
        server.stop()
        with capture_logs() as logs:
            await _send(intake, 2)
            assert await channel.sent.get() == "收到 2"
        assert "redis not reached, others will poll" in [entry["event"] for entry in logs]
        server.start()
        await _relayed(intake._wake, delivering, server)
        await _send(intake, 3)
        assert await channel.sent.get() == "收到 3"
        assert channel.sent.empty()


class PacedChannel(QueueChannel):
    """A channel that keeps the pace it shares with other processes."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.pace = SharedPace(url, "42", Rates(200))

    async def send(self, message: Message) -> None:
        await self.pace.wait(message.recipient, message.lane)
        await super().send(message)


async def test_notices_go_on_while_redis_is_stopped_and_started(server: RedisServer, database: Database) -> None:
    count, nursery = 60, Nursery(database)
    channels = [PacedChannel(server.url) for _ in range(2)]
    async with database.transaction() as db:
        for number in range(count):
            to = outbox.Recipient("telegram", str(number), None, 4096)
            await outbox.post(db, to, Reply(f"第{number}条"), utc_now(), lane=Lane.NOTICE)
        await db.execute(update(Outbox).values(notice="news"))
    for channel in channels:
        deliverer = Deliverer(database, {"telegram": channel}, Wake(), Metrics(), utc_now, LEASE, Path)
        nursery.start("notices", deliverer.run_notices)
    sent: list[str] = []

    async def take(until: int) -> None:
        while len(sent) < until:
            sent.extend(channel.sent.get_nowait() for channel in channels for _ in range(channel.sent.qsize()))
            await asyncio.sleep(0.001)

    try:
        async with asyncio.timeout(3 * PATIENCE):
            await take(15)
            server.stop()
            await take(30)
            server.start()
            await take(count)
    finally:
        await nursery.close()
        for channel in channels:
            await channel.pace.close()
    assert sorted(sent) == sorted(f"第{number}条" for number in range(count))
