"""Notices posted, stopped, resumed, held and let go in any order: the policy holds for each of them, and none vanishes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from db.engine import Database
from db.people import Address, NoticeStop, Person
from db.turns import Outbox
from services import notice_gate, notice_stops, quiet
from services.notice_gate import Rules
from services.notice_kinds import KINDS
from services.notices import Notice, post

pytestmark = pytest.mark.properties

RULES = Rules(per_day=1, quiet_from=20, quiet_until=8)
START = datetime(2026, 11, 21, 2, tzinfo=UTC)
PEOPLE = 3
"""The third account belongs to nobody on file; the fourth is the first person's second one."""
ACCOUNTS = 4
OWNER = {0: 0, 1: 1, 2: None, 3: 0}

account = st.sampled_from([0, 0, 1, 2, 3])
kind = st.sampled_from(["certification", "news", "news", "exam"])
Op = tuple[Any, ...]
one = st.tuples(account, kind, st.integers(0, 9), st.integers(0, 9), st.sampled_from([None, None, None, 6, 30]))
ops = st.one_of(
    st.tuples(st.just("post"), st.lists(one, min_size=2, max_size=6)),
    st.tuples(st.just("post"), st.lists(one, min_size=2, max_size=6)),
    st.tuples(st.just("stop"), account, kind),
    st.tuples(st.just("stop_all"), account),
    st.tuples(st.just("resume"), account),
    st.tuples(st.just("own_hours"), account, st.integers(0, 23), st.integers(0, 23)),
    st.tuples(st.just("wait"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(0, 9)),
    st.tuples(st.just("dies"), st.integers(0, 1)),
)


@dataclass
class Day:
    """The people, and what they got to see, in simulated time."""

    database: Database
    now: datetime = START
    ids: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    stopped: set[tuple[str, str]] = field(default_factory=set)
    hours: dict[str, tuple[int, int]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    posted: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    """Who, kind, urgent by key."""
    sent: list[tuple[datetime, str, Outbox]] = field(default_factory=list)

    def who(self, number: int) -> str:
        owner = OWNER[number]
        return f"account {number}" if owner is None else f"person {owner}"

    async def begin(self) -> None:
        async with self.database.transaction() as db:
            for table in (NoticeStop, Outbox, Address, Person):
                await db.execute(delete(table))
            people = [Person(created_at=START, categories=[]) for _ in range(2)]
            db.add_all(people)
            await db.flush()
            self.people = [person.id for person in people]
            for number in range(ACCOUNTS):
                owner = OWNER[number]
                row = Address(channel="telegram", external_id=str(number), created_at=START)
                row.person_id = None if owner is None else self.people[owner]
                db.add(row)
                await db.flush()
                self.ids.append(row.id)

    async def do(self, op: Op) -> None:
        name, *rest = op
        await getattr(self, name)(*rest)

    async def post(self, several: list[tuple[int, str, int, int, int | None]]) -> None:
        async with self.database.transaction() as db:
            for number, kind, key, urgency, hours in several:
                await self.post_one(db, number, kind, key, hours, urgent=urgency == 0)

    async def post_one(
        self, db: AsyncSession, number: int, kind: str, key: int, hours: int | None, *, urgent: bool
    ) -> None:
        name = f"{number}:{kind}:{key}"
        choices = (Choice("已办理", f"done:{name}"),) if key % 2 else ()
        expires = None if hours is None else self.now + timedelta(hours=hours)
        notice = Notice(
            kind, "telegram", str(number), self.ids[number], f"<{name}>", name, choices, expires, urgent=urgent
        )
        new = await post(db, [notice, notice], self.now)
        assert new == (name not in self.posted)
        self.posted.setdefault(name, (self.who(number), kind, urgent))

    async def stop(self, number: int, kind: str) -> None:
        async with self.database.transaction() as db:
            await notice_stops.stop(db, self.ids[number], [kind], self.now)
        self.stopped.add((self.who(number), kind))

    async def stop_all(self, number: int) -> None:
        for kind, about in KINDS.items():
            if not about.appointment:
                await self.stop(number, kind)

    async def resume(self, number: int) -> None:
        async with self.database.transaction() as db:
            back = await notice_stops.resume(db, self.ids[number])
        assert set(back) == {kind for who, kind in self.stopped if who == self.who(number)}
        self.stopped = {(who, kind) for who, kind in self.stopped if who != self.who(number)}

    async def own_hours(self, number: int, *hours: int) -> None:
        async with self.database.transaction() as db:
            if await quiet.set_hours(db, self.ids[number], (hours[0], hours[1]), self.now):
                self.hours[self.who(number)] = (hours[0], hours[1])

    async def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        await self.tick()

    async def dies(self, owner: int) -> None:
        async with self.database.transaction() as db:
            await db.execute(update(Person).where(Person.id == self.people[owner]).values(deceased_at=self.now))
        self.dead.add(f"person {owner}")

    async def tick(self) -> None:
        """Do what the clock does, and send what may leave."""
        for work in (notice_gate.expire, self._release):
            for _ in range(20):
                async with self.database.transaction() as db:
                    if not (await work(db, self.now)).done:
                        break
            else:
                raise AssertionError("a pass that never ends")
        async with self.database.transaction() as db:
            ready = list(await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id)))
            for row in ready:
                assert row.window_end is None or row.window_end > self.now
                row.status = "sent"
        for row in ready:
            self.sent.append((self.now, self.who(int(row.recipient)), row))
            self.check(self.who(int(row.recipient)), row)

    async def _release(self, db: Any, now: datetime) -> Any:
        return await notice_gate.release(db, now, RULES)

    def check(self, who: str, row: Outbox) -> None:
        assert (who, row.notice) not in self.stopped
        assert who not in self.dead
        assert row.expires_at is None or row.expires_at > self.now
        if not row.payload.get("urgent"):
            begins, ends = self.hours.get(who, (RULES.quiet_from, RULES.quiet_until))
            hour = self.now.astimezone(CHINA).hour
            assert hour not in _quiet(begins, ends), (who, hour)

    async def accounted_for(self) -> None:
        async with self.database.snapshot() as db:
            rows = {row.id: row for row in await db.scalars(select(Outbox))}
        assert {row.dedupe_key for row in rows.values()} == set(self.posted)
        assert len(rows) == len(self.posted)
        said = Counter(key for _, _, row in self.sent for key in self.posted if f"<{key}>" in row.payload["text"])
        for row in rows.values():
            error = row.error or ""
            if error.startswith("merged:"):
                into = rows[int(error.removeprefix("merged:"))]
                assert row.id in [part["id"] for part in into.payload["parts"]]
                assert (row.status, into.status) == ("cancelled", "sent")
            elif row.status == "cancelled":
                assert error in ("expired", "stopped", "deceased")
            else:
                assert row.status in ("held", "sent")
                assert row.status == "sent" or row.available_at > self.now
            assert said[row.dedupe_key or ""] == (row.status == "sent" or error.startswith("merged:"))
        per_day = Counter((who, moment.astimezone(CHINA).date()) for moment, who, row in self.sent if not _exempt(row))
        assert all(count <= RULES.per_day for count in per_day.values())


def _exempt(row: Outbox) -> bool:
    return bool(row.payload.get("urgent")) or KINDS[row.notice or ""].appointment


def _quiet(begins: int, ends: int) -> Sequence[int]:
    return [hour % 24 for hour in range(begins, ends if begins <= ends else ends + 24)]


MANY_STEPS = st.lists(ops, min_size=6, max_size=30)


@pytest.mark.parametrize("_template", ["sqlite"], indirect=True)
@settings(max_examples=10)
@given(MANY_STEPS)
async def test_the_policy_holds(database: Database, steps: list[Op]) -> None:
    await _hold(database, steps)


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
@settings(max_examples=5)
@given(MANY_STEPS)
async def test_the_policy_holds_where_every_statement_takes_longer(database: Database, steps: list[Op]) -> None:
    await _hold(database, steps)


async def _hold(database: Database, steps: list[Op]) -> None:
    day = Day(database)
    await day.begin()
    for step in steps:
        await day.do(step)
    for _ in range(4):
        await day.wait(7)
        await day.accounted_for()
