"""A county in which people bind accounts and let their family act, and short ways to talk as one of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.engine import Database
from db.people import Address, Person
from db.proxies import Proxy
from db.staff import Audit
from db.turns import Inbox, Outbox
from services import bindings
from services.person_cards import id_tail_key
from tests.fakes.clock import SettableClock
from tests.fakes.county import OPENS, County, nine
from tests.fakes.sealed import VAULT
from tests.journeys.world import Visitor


@dataclass
class Family:
    """The county and its people."""

    database: Database
    clock: SettableClock
    county: County = field(init=False)
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    async def build(self) -> None:
        self.county = County(self.database, self.clock)
        await self.county.build()

    def visitor(self, name: str, channel: str = "telegram") -> Visitor:
        """Give somebody by the account's own name."""
        known = self.visitors.get((channel, name)) or Visitor(
            self.database, channel=channel, name=name, clock=self.clock
        )
        return self.visitors.setdefault((channel, name), known)

    async def on_file(self, name: str = "王建国", tail: str | None = "123X", **values: Any) -> Person:
        """Put somebody on file who has no account."""
        if tail is not None:
            values["id_tail_key"] = id_tail_key(VAULT, tail)
        async with self.database.transaction() as db:
            return await self.county.person(db, name, None, listed=False, **values)

    async def at_home(self, name: str = "王建国", **values: Any) -> tuple[Person, Visitor]:
        """Put somebody on file, and on the list of a campaign if there is one, with a Telegram account."""
        async with self.database.transaction() as db:
            person = await self.county.person(db, name, **values)
            own = (await db.scalars(select(Address.external_id).where(Address.person_id == person.id))).one()
        return person, self.visitor(own)

    async def code(self, person: Person) -> str:
        """Print a code."""
        async with self.database.transaction() as db:
            made = await bindings.make_codes(db, VAULT, self.county.lead, [person.id], self.clock())
        return made[person.id]

    async def relative(self, person: Person, relation: str = "女儿", **values: Any) -> Visitor:
        """Let a relative act for somebody."""
        async with self.database.transaction() as db:
            address = await self.county.proxy(db, person, relation, **values)
        return self.visitor(address.external_id)

    async def remind(self) -> None:
        """Start this year's campaign over those on file, and let its first day come."""
        await self.county.start()
        await self.county.goes(nine(OPENS))

    async def reminded(self, moment: datetime) -> list[str]:
        """Let time pass until a moment; return the accounts that were reminded at it."""
        return [row.recipient for row in await self.county.goes(moment) if row.reminder_id is not None]

    async def person_of(self, visitor: Visitor) -> int | None:
        """Return whom an account is bound to."""
        async with self.database.snapshot() as db:
            mine = select(Address.person_id).where(
                Address.channel == visitor.channel, Address.external_id == visitor.name
            )
            return await db.scalar(mine)

    async def proxies(self) -> list[Proxy]:
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Proxy).order_by(Proxy.id)))

    async def notices_to(self, visitor: Visitor) -> list[str]:
        """Return what was said unasked to an account, and not taken back."""
        async with self.database.snapshot() as db:
            rows = select(Outbox.payload).where(
                Outbox.recipient == visitor.name, Outbox.notice.is_not(None), Outbox.status != "cancelled"
            )
            return [payload["text"] for payload in await db.scalars(rows.order_by(Outbox.id))]

    async def heard(self) -> list[str]:
        """Return what the transcript keeps of everybody's words."""
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Inbox.text)))

    async def audited(self, action: str) -> list[dict[str, Any]]:
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Audit.detail).where(Audit.action == action).order_by(Audit.id)))
