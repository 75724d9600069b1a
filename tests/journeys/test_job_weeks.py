"""Three months of digests: posts come, change, close and come again, and nobody hears of one twice or waits in vain."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clock import CHINA
from db.engine import Database
from db.jobs import Job
from db.people import Address
from db.turns import Outbox
from handlers import routes
from knowledge.job_wish import Wish
from services import job_board, people
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.fakes.seekers import Seekers, offered
from tests.journeys.world import Visitor

MONDAY, DAYS = date(2026, 11, 23), 91
KINDS = ("保安", "司机", "保洁", "厨师")
WISHES = {
    "weekly": Wish(kinds=("保安", "司机")),
    "daily": Wish(kinds=("保洁",)),
    "now": Wish(pay_from=8000),
    "stops": Wish(),
    "web": Wish(kinds=("厨师",)),
}


@dataclass
class Quarter:
    """A bureau through three months, with what came to each account."""

    seekers: Seekers
    accounts: dict[str, int] = field(default_factory=dict)
    subscriptions: dict[str, int] = field(default_factory=dict)
    seen: dict[str, list[tuple[datetime, list[int]]]] = field(default_factory=dict)
    random: Random = field(default_factory=lambda: Random(5))

    def visitor(self, name: str) -> Visitor:
        """Return the person as one who talks."""
        clock, route = self.seekers.clock, routes(VAULT, shelf=self.seekers.shelf).route
        return Visitor(self.seekers.database, route=route, channel=_channel(name), name=name, clock=clock)

    async def settle(self) -> None:
        for name, wish in WISHES.items():
            async with self.seekers.database.transaction() as db:
                talk = await people.open_conversation(db, _channel(name), name, self.seekers.clock())
            cadence = name if name in ("daily", "now") else "weekly"
            self.accounts[name], self.seen[name] = talk.address_id, []
            self.subscriptions[name] = await self.seekers.wants(talk.address_id, wish, cadence)

    async def day(self, day: date) -> None:
        """Let staff work, the clock tick, and people read, in the morning and at night."""
        for hour in (9, 21):
            self.seekers.clock.moment = datetime.combine(day, time(hour), CHINA)
            if day.weekday() < 6:
                await self.staff_work()
            await self.hear(await self.seekers.tick(sends=False))

    async def hear(self, _rows: Any) -> None:
        """Deliver: to those on Telegram at once, to the page when it is opened, on Sundays."""
        now = self.seekers.clock()
        async with self.seekers.database.transaction() as db:
            rows = list(await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id)))
            rows = [row for row in rows if row.channel == "telegram" or now.astimezone(CHINA).weekday() == 6]
            ids = [row.id for row in rows]
            await db.execute(update(Outbox).where(Outbox.id.in_(ids)).values(status="sent", attempts=1))
        names = {id_: name for name, id_ in self.accounts.items()}
        for row in rows:
            if row.notice == "jobs":
                self.seen[names[row.address_id or 0]].append((now, offered(row)))

    async def staff_work(self) -> None:
        """Post some, and edit, close or reopen some others."""
        kind = self.random.choice(KINDS)
        if self.random.random() < 0.5:
            closes = self.seekers.clock().date() + timedelta(days=self.random.randrange(1, 60))
            first = await self.seekers.posts(
                kind=kind, title=kind, pay_to=self.random.choice([6000, 9000]), closes_on=closes
            )
            if self.random.random() < 0.3:  # the same one in another list
                await self.seekers.posts(kind=kind, title=kind, pay_to=9000, group_id=first[0], closes_on=closes)
        changes: list[dict[str, Any]] = [{"title": f"{kind}（急招）"}, {"status": "closed"}, {"status": "open"}]
        async with self.seekers.database.transaction() as db:
            await job_board.bump(db)
            ids = list(await db.scalars(select(Job.id)))
            for id_ in self.random.sample(ids, min(len(ids), 2)):
                values = self.random.choice(changes) | {"matched_to": 0, "changed_at": self.seekers.clock()}
                await db.execute(update(Job).where(Job.id == id_).values(**values))


def _channel(name: str) -> str:
    return "web" if name == "web" else "telegram"


@pytest.fixture
async def quarter(database: Database) -> Quarter:
    made = Quarter(Seekers(database, SettableClock(datetime.combine(MONDAY - timedelta(days=1), time(12), CHINA))))
    await made.settle()
    return made


async def test_three_months(quarter: Quarter) -> None:
    stopped_at, asked = None, list[int]()
    for number in range(DAYS):
        today = MONDAY + timedelta(days=number)
        await quarter.day(today)
        if number == 34:  # a Sunday evening; one second before Monday's digest would do as well
            quarter.seekers.clock.moment = datetime.combine(today + timedelta(days=1), time(8, 59, 59), CHINA)
            said = await quarter.visitor("stops").presses(f"sub-stop:{quarter.subscriptions['stops']}")
            stopped_at = quarter.seekers.clock()
            assert "不再发" in said.text
        if number == 48:
            said = await quarter.visitor("weekly").says("更多")
            asked = [number for row in said.rows for number in offered(row)]

    async with quarter.seekers.database.snapshot() as db:
        groups = dict((await db.execute(select(Job.id, Job.group_id))).all())
        jobs = {job.id: job for job in await db.scalars(select(Job))}
        assert await db.scalar(select(Address.id).where(Address.id == quarter.accounts["weekly"]))
    for name, messages in quarter.seen.items():
        assert messages, name
        heard = Counter(groups[number] for _, numbers in messages for number in numbers)
        assert set(heard.values()) == {1}, name
        assert all(1 <= len(numbers) <= 5 for _, numbers in messages), name
    weekly = {at.astimezone(CHINA).strftime("%a %H") for at, _ in quarter.seen["weekly"]}
    daily = {at.astimezone(CHINA).hour for at, _ in quarter.seen["daily"]}
    assert (weekly, daily) == ({"Mon 09"}, {9})
    assert 8 <= len(quarter.seen["weekly"]) <= 13
    assert {at.astimezone(CHINA).hour for at, _ in quarter.seen["now"]} == {9}  # never at nine in the evening
    assert {at.astimezone(CHINA).strftime("%a") for at, _ in quarter.seen["web"]} == {"Sun"}
    assert stopped_at is not None
    assert max(at for at, _ in quarter.seen["stops"]) < stopped_at
    told = {groups[number] for _, numbers in quarter.seen["weekly"] for number in numbers}
    assert not told & {groups[number] for number in asked}
    for name in ("weekly", "daily", "now", "web"):
        wish = WISHES[name]
        for _, numbers in quarter.seen[name]:
            assert not wish.kinds or {jobs[number].kind for number in numbers} <= set(wish.kinds), name


async def test_nothing_that_is_open_for_a_week_is_kept_from_anybody(quarter: Quarter) -> None:
    """At the end no post waits for the one who has room for it in every digest."""
    for number in range(28):
        await quarter.day(MONDAY + timedelta(days=number))
    quarter.seekers.clock.moment += timedelta(days=1)
    async with quarter.seekers.database.transaction() as db:
        board = await quarter.seekers.shelf.board(db)
    today = quarter.seekers.clock().astimezone(CHINA).date()
    open_ones = {post.group for post in board.find(WISHES["daily"], today)}
    before = {post.group for post in board.posts if post.id <= board.posts[0].id - 4}
    heard = {number for _, numbers in quarter.seen["daily"] for number in numbers}
    async with quarter.seekers.database.snapshot() as db:
        groups = dict((await db.execute(select(Job.id, Job.group_id))).all())
    assert open_ones & before <= {groups[number] for number in heard}
    assert open_ones & before
