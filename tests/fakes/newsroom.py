"""A bureau that broadcasts: two of staff, the ticks that a broadcast needs, and a way out that does as it is told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from core.reply import Lane
from db.broadcasts import Broadcast, BroadcastRecipient
from db.engine import Database
from db.people import Address
from db.staff import Staff
from db.turns import Outbox
from services import (
    broadcast_control,
    broadcast_outcome,
    broadcast_run,
    broadcasts,
    browser_rows,
    notice_gate,
    outbox,
    people,
)
from services.audience import Audience
from services.broadcasts import Sheet
from services.notice_gate import Rules
from tests.fakes.casebook import add_staff
from tests.fakes.clock import SettableClock
from tests.fakes.population import Account, Soul, add_account, add_soul

LEASE = timedelta(seconds=30)
HOUR = 3600


@dataclass
class Newsroom:
    """What a test of broadcasts needs to hand."""

    database: Database
    clock: SettableClock
    rules: Rules = field(default_factory=Rules)
    backlog: int = broadcast_run.BACKLOG
    said: Counter[str] = field(default_factory=Counter)
    """How often each recipient was sent to."""
    mood: Callable[[str], str] = lambda _: "sent"
    """What becomes of a message to a recipient: sent, dead or blocked."""

    async def open(self) -> "Newsroom":
        async with self.database.transaction() as db:
            self.writer = await add_staff(db, self.clock(), "agent")
            self.boss = await add_staff(db, self.clock(), "lead")
        return self

    async def settle_people(self, *souls: Soul, strangers: tuple[Account, ...] = (), **columns: Any) -> list[int]:
        async with self.database.transaction() as db:
            for account in strangers:
                await add_account(db, account, self.clock())
            return [await add_soul(db, soul, self.clock(), **columns) for soul in souls]

    async def draft(self, audience: Audience | None = None, staff: Staff | None = None, **sheet: Any) -> int:
        values = {"title": "慰问演出", "body": "周六上午九点，在县剧院。"} | sheet
        async with self.database.transaction() as db:
            made = await broadcasts.create(
                db, staff or self.writer, Sheet(audience=audience or Audience(), **values), self.clock()
            )
            return made.id

    async def let_out(self, audience: Audience | None = None, **sheet: Any) -> int:
        """Draft, submit and approve."""
        broadcast_id = await self.draft(audience, **sheet)
        await self.approve(broadcast_id)
        return broadcast_id

    async def approve(self, broadcast_id: int) -> None:
        async with self.database.transaction() as db:
            made = await broadcasts.submit(db, broadcast_id, self.clock())
            await broadcasts.approve(db, self.boss, broadcast_id, made.submitted_at, self.clock())

    async def act(self, what: Callable[..., Any], broadcast_id: int) -> None:
        async with self.database.transaction() as db:
            await what(db, broadcast_id, self.clock())

    async def tick(self) -> None:
        """Do what the clock does, each piece of work until nothing is left of it."""
        gate = partial(notice_gate.release, rules=self.rules)
        feed = partial(broadcast_run.feed, rules=self.rules, backlog=self.backlog)
        work: list[Any] = [broadcast_run.start, broadcast_run.freeze, feed, broadcast_control.keep_stopped]
        for one in (*work, notice_gate.expire, gate, broadcast_run.finish):
            for _ in range(100):
                async with self.database.transaction() as db:
                    if not (await one(db, self.clock())).done:
                        break
            else:
                raise AssertionError(f"{one} never ends")

    async def claim(self, limit: int = 50) -> list[Outbox]:
        async with self.database.transaction() as db:
            return await outbox.claim(db, ["telegram"], self.clock(), LEASE, limit, [Lane.NOTICE, Lane.BROADCAST])

    async def deliver(self, most: int = 10_000) -> int:
        """Send what is ready; return how many were sent to."""
        done = 0
        while done < most and (rows := await self.claim(min(50, most - done))):
            for row in rows:
                await self.send(row)
            done += len(rows)
        return done

    async def send(self, row: Outbox) -> None:
        self.said[row.recipient] += 1
        mood = self.mood(row.recipient)
        async with self.database.transaction() as db:
            if mood == "sent":
                await outbox.settle(db, row, f"m{row.id}")
            else:
                await outbox.give_up(db, row, mood)
            if mood == "blocked":
                await people.set_reachable(db, row.channel, row.recipient, reachable=False)

    async def read(self, broadcast_id: int) -> Broadcast:
        async with self.database.snapshot() as db:
            return await broadcasts.read(db, broadcast_id)

    async def counts(self, broadcast_id: int) -> dict[str, int]:
        async with self.database.snapshot() as db:
            return await broadcast_outcome.counts(db, broadcast_id)

    async def frozen(self, broadcast_id: int) -> list[BroadcastRecipient]:
        async with self.database.snapshot() as db:
            of_it = BroadcastRecipient.broadcast_id == broadcast_id
            rows = await db.scalars(select(BroadcastRecipient).where(of_it).order_by(BroadcastRecipient.number))
            return list(rows)

    async def rows(self, broadcast_id: int) -> list[Outbox]:
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Outbox).where(Outbox.broadcast_id == broadcast_id).order_by(Outbox.id)))

    async def see_all_pages(self) -> None:
        """Let everybody with an open message on the web page come and read it."""
        async with self.database.transaction() as db:
            rows = (await db.scalars(select(Outbox).where(Outbox.channel == "web", Outbox.status == "ready"))).all()
            for row in rows:
                assert row.address_id is not None
                await browser_rows.acknowledge(db, row.address_id, [row.id], self.clock())

    async def names(self, person_ids: list[int]) -> list[str]:
        async with self.database.snapshot() as db:
            found = await db.execute(select(Address.person_id, Address.external_id))
            by_person = dict(iter(found))
        return [by_person[id_] for id_ in person_ids]
