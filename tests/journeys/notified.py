"""Somebody who gets notices: posted, let go by the policy and delivered, on one account or on several."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select

from core.reply import Choice
from db.engine import Database
from db.people import Address, Person
from db.turns import Outbox
from services import notice_gate, people
from services.notice_gate import Rules
from services.notices import Notice, post
from tests.fakes.clock import SettableClock
from tests.journeys.world import Visitor

RULES = Rules()
_keys = count(1)


@dataclass
class Notified:
    """A person on file with some accounts; the first is the one that notices go to unless another is named."""

    database: Database
    clock: SettableClock
    person_id: int
    addresses: list[Address]
    visitors: list[Visitor] = field(default_factory=list)

    @property
    def visitor(self) -> Visitor:
        return self.visitors[0]

    async def gets(self, kind: str, text: str = "该认证了", *choices: Choice, account: int = 0, **more: Any) -> str:
        """Post a notice; return its key."""
        address, key = self.addresses[account], f"k{next(_keys)}"
        values: dict[str, Any] = {"choices": choices} | more
        async with self.database.transaction() as db:
            notice = Notice(kind, address.channel, address.external_id, address.id, text, key, **values)
            await post(db, [notice], self.clock())
        return key

    async def tick(self, *, send: bool = True) -> list[Outbox]:
        """Let go what may leave, and send it; return what was sent."""
        while await self._pass():
            pass
        async with self.database.transaction() as db:
            ready = list(
                await db.scalars(
                    select(Outbox).where(Outbox.notice.is_not(None), Outbox.status == "ready").order_by(Outbox.id)
                )
            )
            for row in ready:
                row.status = "sent" if send else "ready"
        return ready

    async def _pass(self) -> int:
        async with self.database.transaction() as db:
            expired = await notice_gate.expire(db, self.clock())
            return expired.done + (await notice_gate.release(db, self.clock(), RULES)).done

    async def row(self, key: str) -> Outbox:
        async with self.database.snapshot() as db:
            return (await db.scalars(select(Outbox).where(Outbox.dedupe_key == key))).one()


async def enrol(database: Database, clock: SettableClock, *channels: str, **columns: Any) -> Notified:
    """Put somebody on file with an account on each channel."""
    async with database.transaction() as db:
        person = Person(created_at=clock(), categories=[], **columns)
        db.add(person)
        await db.flush()
        addresses = []
        for channel in channels or ("web",):
            conversation = await people.open_conversation(db, channel, f"{channel}-{person.id}", clock())
            address = await db.get_one(Address, conversation.address_id)
            address.person_id = person.id
            addresses.append(address)
    visitors = [Visitor(database, channel=a.channel, name=a.external_id, clock=clock) for a in addresses]
    return Notified(database, clock, person.id, addresses, visitors)
