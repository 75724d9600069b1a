"""A county with one station, one village and one grid, a campaign in it, and people of every kind of reach."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.campaigns import Campaign, Certification
from db.engine import Database
from db.people import Address, Conversation, Person
from db.places import Grid, Station, Township, Village
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from handlers import remind
from services import campaigns, notice_gate
from services.campaign_steps import default_steps
from services.campaigns import CampaignSheet
from services.notice_gate import DEFAULT_RULES
from services.person_cards import name_key
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT

OPENS, DEADLINE = date(2027, 3, 1), date(2027, 6, 30)
_numbers = count(1)


def nine(day: date) -> datetime:
    """Return nine in the morning of a day in China."""
    return datetime.combine(day, time(9), CHINA)


def before(days: int) -> datetime:
    """Return when the step so many days before the deadline comes."""
    return nine(DEADLINE - timedelta(days=days))


@dataclass
class County:
    """The places and the staff, and short ways to add people and to let time pass."""

    database: Database
    clock: SettableClock
    station_id: int = 0
    village_id: int = 0
    grid_id: int = 0
    lead: int = 0
    worker: int = 0
    campaign_id: int = 0
    sent: list[Outbox] = field(default_factory=list)

    async def build(self) -> None:
        now = self.clock()
        async with self.database.transaction() as db:
            town = Township(name="城关镇")
            station = Station(name="城关镇服务站", level="township", phone="0573-88001234")
            db.add_all([town, station])
            await db.flush()
            village = Village(township_id=town.id, name="东风村", station_id=station.id)
            db.add(village)
            await db.flush()
            grid = Grid(village_id=village.id, name="第一网格", worker_name="赵网格")
            db.add(grid)
            await db.flush()
            self.station_id, self.village_id, self.grid_id = station.id, village.id, grid.id
            staff = [
                Staff(login="lead", name="钱站长", role="lead", station_id=station.id, telegram_id=901, created_at=now),
                Staff(
                    login="grid", name="赵网格", role="grid", station_id=station.id, grid_id=grid.id, telegram_id=902,
                    created_at=now,
                ),
            ]  # fmt: skip
            db.add_all(staff)
            await db.flush()
            self.lead, self.worker = (one.id for one in staff)

    async def person(
        self,
        db: AsyncSession,
        name: str = "王建国",
        channel: str | None = "telegram",
        *,
        listed: bool = True,
        **values: Any,
    ) -> Person:
        """Add somebody, with an account unless the channel is None, and on the list."""
        now = self.clock()
        home = {"station_id": self.station_id, "village_id": self.village_id, "grid_id": self.grid_id}
        person = Person(
            name=VAULT.encrypt(name), name_key=name_key(VAULT, name), created_at=now,
            **({"categories": ["退役军人"]} | home | values),
        )  # fmt: skip
        db.add(person)
        await db.flush()
        if channel is not None:
            await self.account(db, channel, person)
        if listed and self.campaign_id:
            db.add(Certification(campaign_id=self.campaign_id, person_id=person.id))
        await db.flush()
        return person

    async def account(self, db: AsyncSession, channel: str, person: Person | None = None, **values: Any) -> Address:
        """Add an account that has written to us."""
        owner = None if person is None else person.id
        address = Address(
            channel=channel, external_id=f"u{next(_numbers)}", person_id=owner, created_at=self.clock(), **values
        )
        db.add(address)
        await db.flush()
        db.add(Conversation(address_id=address.id, data={}, menu=[]))
        await db.flush()
        return address

    async def proxy(self, db: AsyncSession, person: Person, relation: str = "女儿", **values: Any) -> Address:
        """Let a relative with a Telegram account act for somebody."""
        address = await self.account(db, "telegram")
        made = {"scopes": ["remind"], "status": "active", "ends_on": date(2028, 1, 1)} | values
        db.add(Proxy(person_id=person.id, address_id=address.id, relation=relation, created_at=self.clock(), **made))
        await db.flush()
        return address

    async def draft(self, **values: Any) -> int:
        """Draft this year's campaign."""
        sheet = {
            "title": "2027年生存认证", "year": 2027, "basis": "军人抚恤优待条例第八条", "opens_on": OPENS,
            "deadline": DEADLINE, "steps": default_steps(),
        }  # fmt: skip
        async with self.database.transaction() as db:
            staff = await db.get_one(Staff, self.lead)
            made = await campaigns.create(db, staff, CampaignSheet(**(sheet | values)), self.clock())
        self.campaign_id = made.id
        return made.id

    async def start(self) -> None:
        """Start it."""
        async with self.database.transaction() as db:
            await campaigns.start(db, self.campaign_id, await db.get_one(Staff, self.lead), self.clock())

    async def tick(self) -> int:
        """Remind and let go what may leave, until there is nothing left to do; return how many were reminded."""
        reminded = 0
        while await self._pass(lambda db: remind.send_due(db, self.clock(), VAULT)):
            reminded += 1
        await self.release()
        return reminded

    async def release(self) -> None:
        """Let go what may leave, and play the channels: everything ready is sent."""
        await self._pass(lambda db: notice_gate.expire(db, self.clock()))
        while await self._pass(lambda db: notice_gate.release(db, self.clock(), DEFAULT_RULES)):
            pass
        async with self.database.transaction() as db:
            ready = await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id))
            for row in ready.all():
                if row.channel in ("telegram", "web"):
                    row.status = "sent"
                    self.sent.append(row)

    async def _pass(self, work: Any) -> int:
        async with self.database.transaction() as db:
            done: int = (await work(db)).done
        return done

    async def goes(self, moment: datetime) -> list[Outbox]:
        """Let time pass until a moment; return what was sent at it."""
        self.clock.moment = moment
        first = len(self.sent)
        await self.tick()
        return self.sent[first:]

    async def reminder(self, person: Person) -> Reminder:
        async with self.database.snapshot() as db:
            return (await db.scalars(select(Reminder).where(Reminder.person_id == person.id))).one()

    async def listed(self, person: Person) -> Certification:
        async with self.database.snapshot() as db:
            rows = select(Certification).where(
                Certification.person_id == person.id, Certification.campaign_id == self.campaign_id
            )
            return (await db.scalars(rows)).one()

    async def campaign(self) -> Campaign:
        async with self.database.snapshot() as db:
            return await db.get_one(Campaign, self.campaign_id)
