"""A broadcast from draft to the last name, by the service's own clock and its own way out, in simulated time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.channels.base import Message, UnreachableError
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.clock import Ticker
from bot.workers.deliver import Deliverer
from db.engine import Database
from handlers.casework import Casework
from handlers.ticks import ticks
from services.audience import Audience
from tests.fakes.clock import SettableClock
from tests.fakes.newsroom import HOUR, LEASE, Newsroom
from tests.fakes.population import Account, Soul
from tests.fakes.sealed import VAULT
from tests.journeys.world import Visitor, village

PER_TICK = 30
STEP = 1800
"""Seconds from one tick to the next: every one costs some thirty transactions."""


@dataclass
class Telegram:
    """The other side: some have blocked us."""

    blocked: set[str]
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: set[int] = field(default_factory=set)
    clock: Any = None
    name: str = "telegram"

    async def send(self, message: Message) -> str:
        if message.recipient in self.blocked:
            raise UnreachableError("blocked")
        self.said[message.recipient, message.text] += 1
        self.hours.add((self.clock().hour + 8) % 24)
        return f"{message.recipient}-{sum(self.said.values())}"


async def test_the_whole_path(database: Database, clock: SettableClock) -> None:
    newsroom = await Newsroom(database, clock).open()
    visitor = Visitor(database, channel="telegram", name="laozhang", clock=clock)
    await visitor.says("你好")  # an account of nobody on file
    page = Visitor(database, channel="web", name="laoli", clock=clock)
    await page.says("你好")
    ids = await newsroom.settle_people(
        *[Soul([Account("telegram")])] * 150, *[Soul([Account("web")])] * 5, *[Soul()] * 7, Soul([], deceased=True)
    )
    other_side = Telegram(set(await newsroom.names(ids[:3])), clock=clock)
    deliverer = Deliverer(database, {"telegram": other_side}, Wake(), Metrics(), clock, LEASE, Path)
    casework = Casework(lambda: village().profile, timedelta(minutes=30), {})
    due = ticks(casework, VAULT, crisis_repeat=timedelta(minutes=3), idle=timedelta(hours=48), backlog=PER_TICK)
    clocks = [Ticker(database, due, Wake(), clock, holder) for holder in ("one", "two")]

    async def live(seconds: float) -> None:
        for _ in range(int(seconds // STEP)):
            for ticker in clocks:  # two processes: the one without the lease does nothing
                await ticker.tick_once()
            while await deliverer.deliver_notices():
                pass
            clock.advance(STEP)

    clock.advance(9 * HOUR + 1800)  # half past seven in the evening, half an hour before the quiet hours
    first = await newsroom.let_out(Audience(strangers=True))
    await live(2 * HOUR)
    halfway = await newsroom.counts(first)
    assert 0 < halfway["sent"] < 150
    await live(14 * HOUR)
    assert other_side.hours <= set(range(8, 20))
    assert await newsroom.counts(first) == {
        "first": 6, "sent": 148, "blocked": 3, "never": 7, "deceased": 1,
    }  # fmt: skip
    assert set(other_side.said.values()) == {1}

    await visitor.says("退订")
    second = await newsroom.let_out(Audience(strangers=True), title="又一次", expires_at=clock() + timedelta(hours=5))
    await live(8 * HOUR)
    counts = await newsroom.counts(second)
    assert (counts["stopped"], counts["blocked"], counts["sent"]) == (1, 3, 147)
    assert (await newsroom.read(second)).status == "done"
    assert counts["expired"] == 6  # nobody opened the page
    assert sum(counts.values()) == len(ids) + 2
    assert set(other_side.said.values()) == {1}
