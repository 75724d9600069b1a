"""Which message goes when, one at a time where a repeat would be seen, and what becomes of each."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.channels.base import Message, PauseChannelError, RejectedError, UnavailableError, UnreachableError
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.wake import DELIVER, Wake
from bot.workers.deliver import Deliverer
from core.reply import Choice, Lane, Reply
from db.engine import Database
from db.people import Address, Conversation
from db.turns import Outbox
from services import browser_rows, cases, outbox, people
from services.calendar import read_calendar
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_staff

LEASE = timedelta(seconds=30)
DONE = Choice("已办理", "cert-done:1")


@dataclass
class Line:
    """The other side of a channel: what it has seen, what it refuses, and a door that may be kept shut."""

    name: str = "telegram"
    seen: list[str] = field(default_factory=list)
    refuses: dict[str, Exception] = field(default_factory=dict)
    shut_for: Lane | None = None
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    on_send: Callable[[Message], Any] | None = None

    async def send(self, message: Message) -> str:
        self.reached.set()
        if self.on_send is not None:
            await self.on_send(message)
        if message.lane is self.shut_for:
            await self.opened.wait()
        if message.recipient in self.refuses:
            raise self.refuses[message.recipient]
        self.seen.append(message.text)
        return f"{len(self.seen)}"


class Post:
    """Writes messages for people who have an address and a conversation."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self._database, self._clock = database, clock

    async def __call__(self, lane: Lane, text: str, to: str = "", *choices: Choice, **values: Any) -> int:
        async with self._database.transaction() as db:
            who = to or text
            conversation = await people.open_conversation(db, "telegram", who, self._clock())
            recipient = outbox.Recipient("telegram", who, conversation.address_id, 4096)
            (row_id,) = await outbox.post(db, recipient, Reply(text, choices), self._clock(), lane=lane)
            notice = None if lane is Lane.REPLY else "news"
            await db.execute(update(Outbox).where(Outbox.id == row_id).values({"notice": notice} | values))
        return row_id

    async def many(self, lane: Lane, count: int) -> None:
        """Write to so many strangers."""
        rows = [
            {
                "channel": "telegram", "recipient": f"b{n}", "lane": int(lane), "at": self._clock(), "attempts": 0,
                "available_at": self._clock(), "status": "ready", "payload": {"text": f"b{n}", "choices": []},
                "notice": "news",
            }
            for n in range(count)
        ]  # fmt: skip
        async with self._database.transaction() as db:
            await db.run_sync(lambda session: session.bulk_insert_mappings(Outbox.__mapper__, rows))


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def post(database: Database, clock: SettableClock) -> Post:
    return Post(database, clock)


@pytest.fixture
def wake() -> Wake:
    return Wake()


@pytest.fixture
def deliverer(database: Database, clock: SettableClock, line: Line, wake: Wake) -> Deliverer:
    return Deliverer(database, {"telegram": line}, wake, Metrics(), clock, LEASE, Path)


@pytest.fixture
async def running(database: Database, deliverer: Deliverer) -> AsyncIterator[Nursery]:
    """Run both loops."""
    nursery = Nursery(database)
    nursery.start("deliver", deliverer.run_replies)
    nursery.start("notices", deliverer.run_notices)
    yield nursery
    await nursery.close()


async def row_of(database: Database, row_id: int) -> Outbox:
    async with database.snapshot() as db:
        return await db.get_one(Outbox, row_id)


async def statuses(database: Database) -> dict[str, int]:
    async with database.snapshot() as db:
        found = await db.execute(select(Outbox.status, func.count()).group_by(Outbox.status))
        return dict(found.all())  # type: ignore[arg-type]


async def drain(deliverer: Deliverer) -> None:
    while await deliverer.deliver_once():
        pass


async def test_answers_then_notices_then_broadcasts(deliverer: Deliverer, post: Post, line: Line) -> None:
    for lane in (Lane.BROADCAST, Lane.NOTICE, Lane.REPLY):
        for number in range(3):
            await post(lane, f"{lane.name}{number}")
    await drain(deliverer)
    assert [text[:-1] for text in line.seen] == ["REPLY"] * 3 + ["NOTICE"] * 3 + ["BROADCAST"] * 3


async def test_an_answer_does_not_wait_behind_a_thousand_broadcasts(
    running: Nursery, post: Post, line: Line, wake: Wake, database: Database
) -> None:
    line.shut_for = Lane.BROADCAST
    await post.many(Lane.BROADCAST, 1000)
    async with asyncio.timeout(20):
        await line.reached.wait()  # the first of them is on its way, and the network hangs
        line.reached.clear()
        await post(Lane.REPLY, "答")
        await wake.announce([DELIVER])
        await line.reached.wait()
    assert line.seen == ["答"]
    line.opened.set()


async def test_one_notice_at_a_time_settled_before_the_next(
    deliverer: Deliverer, post: Post, line: Line, database: Database
) -> None:
    await post.many(Lane.BROADCAST, 60)
    settled: list[int] = []

    async def look(_message: Message) -> None:
        settled.append((await statuses(database)).get("sent", 0))

    line.on_send = look
    await drain(deliverer)
    assert settled == list(range(60))
    assert await statuses(database) == {"sent": 60}


async def test_429_stops_the_channel_for_exactly_as_long_as_asked_and_is_no_try(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    line.refuses["甲"] = PauseChannelError(17)
    refused, other = await post(Lane.NOTICE, "甲"), await post(Lane.NOTICE, "乙")
    reply = await post(Lane.REPLY, "丙")
    line.refuses["丙"] = PauseChannelError(17)
    await deliverer.deliver_once()
    del line.refuses["甲"], line.refuses["丙"]
    clock.advance(16.99)
    assert await deliverer.deliver_once() == 0
    assert line.seen == []
    clock.advance(0.02)
    await drain(deliverer)
    assert sorted(line.seen) == sorted(["甲", "乙", "丙"])
    for row_id in (refused, other, reply):
        assert (await row_of(database, row_id)).attempts == 1


async def test_a_clock_set_back_does_not_keep_a_channel_silent(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock
) -> None:
    line.refuses["甲"] = PauseChannelError(17)
    await post(Lane.NOTICE, "甲")
    await deliverer.deliver_once()
    line.refuses.clear()
    clock.advance(-86_400)
    await post(Lane.NOTICE, "乙")
    await drain(deliverer)
    assert line.seen == ["乙"]
    clock.advance(86_400 + 17)
    await drain(deliverer)
    assert line.seen == ["乙", "甲"]


async def test_blocked_and_refused_are_dead_and_visible(
    deliverer: Deliverer, post: Post, line: Line, database: Database
) -> None:
    line.refuses = {"甲": UnreachableError("403 blocked"), "乙": RejectedError("400 too long")}
    blocked, refused = await post(Lane.NOTICE, "甲"), await post(Lane.BROADCAST, "乙")
    await drain(deliverer)
    for row_id, error in ((blocked, "403 blocked"), (refused, "400 too long")):
        row = await row_of(database, row_id)
        assert (row.status, row.error) == ("dead", error)
    async with database.snapshot() as db:
        reachable = dict((await db.execute(select(Address.external_id, Address.reachable))).all())
    assert reachable == {"甲": False, "乙": True}


async def test_a_fault_of_ours_is_tried_again_and_stops_nobody_else(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    line.refuses["甲"] = KeyError("fault")
    poison = await post(Lane.NOTICE, "甲")
    await post(Lane.NOTICE, "乙")
    await drain(deliverer)
    assert line.seen == ["乙"]
    for _ in range(outbox.ATTEMPTS):
        clock.advance(400)
        await drain(deliverer)
    row = await row_of(database, poison)
    assert (row.status, row.error) == ("dead", "KeyError('fault')")


async def test_network_trouble_is_tried_ever_later(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    line.refuses["甲"] = UnavailableError("no network")
    row_id = await post(Lane.NOTICE, "甲")
    waits = []
    for _ in range(3):
        await drain(deliverer)
        waits.append(((await row_of(database, row_id)).available_at - clock()).total_seconds())
        clock.advance(waits[-1])
    assert waits == [1, 2, 4]
    line.refuses.clear()
    await drain(deliverer)
    assert line.seen == ["甲"]


async def test_nothing_goes_out_once_quiet_hours_have_begun(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    begins = clock() + timedelta(minutes=1)
    row_id = await post(Lane.NOTICE, "甲", window_end=begins)
    clock.advance(60)
    await drain(deliverer)
    row = await row_of(database, row_id)
    assert (line.seen, row.status, row.available_at, row.attempts) == ([], "held", begins, 0)


async def test_what_comes_too_late_is_cancelled(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    late = await post(Lane.NOTICE, "甲", expires_at=clock() + timedelta(minutes=1))
    await post(Lane.NOTICE, "乙", expires_at=clock() + timedelta(minutes=2))
    clock.advance(60)
    await drain(deliverer)
    row = await row_of(database, late)
    assert (line.seen, row.status, row.error) == (["乙"], "cancelled", "expired")


async def _menu(database: Database, who: str) -> list[dict[str, str]]:
    async with database.snapshot() as db:
        conversation = await people.read_conversation(db, "telegram", who)
        assert conversation is not None
        return conversation.menu


async def test_a_digit_answers_the_notice_that_came_last(deliverer: Deliverer, post: Post, database: Database) -> None:
    await post(Lane.NOTICE, "该办认证了", "甲", DONE)
    await drain(deliverer)
    assert await _menu(database, "甲") == [{"label": "已办理", "action": "cert-done:1"}]


async def test_a_notice_does_not_take_the_digits_of_somebody_in_the_middle_of_something(
    deliverer: Deliverer, post: Post, database: Database, clock: SettableClock
) -> None:
    before = [{"label": "上午", "action": "slot:1"}]
    async with database.transaction() as db:
        conversation = await people.open_conversation(db, "telegram", "甲", clock())
        conversation.state, conversation.menu = "booking:slot", before
    row_id = await post(Lane.NOTICE, "该办认证了", "甲", DONE)
    await drain(deliverer)
    assert await _menu(database, "甲") == before
    assert (await row_of(database, row_id)).status == "sent"


async def test_a_notice_does_not_take_the_digits_that_answer_staff(
    deliverer: Deliverer, post: Post, database: Database, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        staff = await add_staff(db, clock())
        conversation = await people.open_conversation(db, "telegram", "甲", clock())
        plea = cases.Plea("asked", "benefit", "我的补助")
        case, _ = await cases.open_case(db, conversation, plea, await read_calendar(db), clock())
        await cases.claim(db, case.id, staff, clock(), timedelta(hours=1))
    await post(Lane.NOTICE, "该办认证了", "甲", DONE)
    await drain(deliverer)
    assert await _menu(database, "甲") == []
    async with database.transaction() as db:
        await cases.close(db, case.id, "resolved", clock())
    await post(Lane.NOTICE, "该办认证了", "甲", DONE)
    await drain(deliverer)
    assert [choice["label"] for choice in await _menu(database, "甲")] == ["已办理"]


async def test_a_browser_that_has_a_notice_is_offered_its_digits_too(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        conversation = await people.open_conversation(db, "web", "甲", clock())
        address_id = conversation.address_id
        to = outbox.Recipient("web", "甲", address_id, 4096)
        (row_id,) = await outbox.post(db, to, Reply("该办认证了", (DONE,)), clock(), lane=Lane.NOTICE)
        await db.execute(update(Outbox).where(Outbox.id == row_id).values(notice="certification"))
    async with database.transaction() as db:
        await browser_rows.acknowledge(db, address_id, [row_id])
    async with database.snapshot() as db:
        menu = (await db.get_one(Conversation, address_id)).menu
    assert menu == [{"label": "已办理", "action": "cert-done:1"}]


async def test_a_stopped_broadcast_goes_no_further_than_what_is_under_way(
    running: Nursery, deliverer: Deliverer, post: Post, line: Line, database: Database
) -> None:
    line.shut_for = Lane.BROADCAST
    await post.many(Lane.BROADCAST, 200)
    async with asyncio.timeout(20):
        await line.reached.wait()
        async with database.transaction() as db:
            await db.execute(update(Outbox).where(Outbox.lease_token.is_(None)).values(status="held"))
        line.opened.set()
        await deliverer.finish()
    assert len(line.seen) == 1
    assert await statuses(database) == {"held": 199, "sent": 1}


async def test_a_graceful_stop_settles_what_is_under_way_and_gives_back_the_rest(
    running: Nursery, deliverer: Deliverer, post: Post, line: Line, database: Database, clock: SettableClock
) -> None:
    line.shut_for = Lane.REPLY
    for number in range(20):
        await post(Lane.REPLY, f"答{number}")
    async with asyncio.timeout(20):
        await line.reached.wait()
        stopping = asyncio.gather(deliverer.finish())
        await asyncio.sleep(0)
        line.opened.set()
        await stopping
    async with database.snapshot() as db:
        left = list(await db.scalars(select(Outbox).where(Outbox.status != "sent")))
    assert len(line.seen) + len(left) == 20
    assert all((row.status, row.lease_token, row.attempts) == ("ready", None, 0) for row in left)


async def test_a_send_begins_only_with_half_of_the_lease_left(
    deliverer: Deliverer, post: Post, line: Line, clock: SettableClock, database: Database
) -> None:
    """Else another process could claim it while it is still on its way."""
    for number in range(30):
        await post(Lane.REPLY, f"答{number}")

    async def slowly(_message: Message) -> None:
        clock.advance(4)

    line.on_send = slowly
    await deliverer.deliver_once()
    assert len(line.seen) < 30
    line.on_send = None
    await drain(deliverer)
    assert len(line.seen) == len(set(line.seen)) == 30
