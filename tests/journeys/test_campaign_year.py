"""A year of one campaign for a thousand people (300 on PostgreSQL): at its end every single one of them is accounted for."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Certification
from db.cases import SupportCase
from db.engine import Database
from db.people import Address, Conversation, NoticeStop, Person
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from handlers import remind
from services import campaigns, certifications, cohort, deaths, notice_gate, progress, reminders, visit_sheet
from services.certifications import Done
from services.notice_gate import DEFAULT_RULES
from services.person_cards import name_key
from tests.fakes.clock import SettableClock
from tests.fakes.county import DEADLINE, OPENS, County, nine
from tests.fakes.sealed import VAULT

PEOPLE = {"sqlite": 1000, "postgresql": 300}
KINDS = ("telegram", "telegram", "telegram", "web", "family", "both", "blocked", "stopped", "never", "never")
WAYS = (
    Done("self", "本人", "身份证", None),
    Done("proxy", "女儿", "优待证或残疾军人证", None),
    Done("visit", "本人", "现场见面", None),
    Done("online", "本人", "小程序结果", None),
)


@dataclass
class Year:
    """The county through the months of the campaign, with what was sent to whom and when."""

    county: County
    kinds: dict[int, str] = field(default_factory=dict)
    sent: list[tuple[datetime, Outbox]] = field(default_factory=list)
    ended: dict[int, datetime] = field(default_factory=dict)
    """Since when a reminder has nothing more to say."""
    recorded: dict[int, Done] = field(default_factory=dict)
    """What staff type in at the end of the day."""
    put_off: set[int] = field(default_factory=set)
    will_block: set[str] = field(default_factory=set)

    @property
    def people(self) -> int:
        """Return how many there are: a thousand where that is quick."""
        return PEOPLE[self.county.database.engine.dialect.name]

    async def settle(self) -> None:
        """Put people on the list, a tenth of them of each kind."""
        county, now = self.county, self.county.clock()
        home = {"station_id": county.station_id, "village_id": county.village_id, "grid_id": county.grid_id}
        async with county.database.transaction() as db:
            people = [
                Person(
                    name=VAULT.encrypt(f"王{n}"), name_key=name_key(VAULT, f"王{n}"), categories=["三属"],
                    created_at=now, **home,
                )
                for n in range(self.people)
            ]  # fmt: skip
            db.add_all(people)
            await db.flush()
            self.kinds = {one.id: KINDS[n % len(KINDS)] for n, one in enumerate(people)}
            own = [one for one in people if self.kinds[one.id] not in ("family", "never")]
            accounts = [
                Address(
                    channel="web" if self.kinds[one.id] == "web" else "telegram", external_id=f"p{one.id}",
                    person_id=one.id, created_at=now, reachable=self.kinds[one.id] != "blocked",
                )
                for one in own
            ]  # fmt: skip
            families = [
                (one, Address(channel="telegram", external_id=f"f{one.id}", created_at=now))
                for one in people
                if self.kinds[one.id] in ("family", "both")
            ]
            db.add_all([*accounts, *(address for _, address in families)])
            await db.flush()
            db.add_all(
                Conversation(address_id=address.id, data={}, menu=[])
                for address in (*accounts, *(relative for _, relative in families))
            )
            db.add_all(
                NoticeStop(address_id=account.id, kind="certification", at=now)
                for account in accounts
                if self.kinds[account.person_id or 0] == "stopped"
            )
            db.add_all(
                Proxy(
                    person_id=one.id, address_id=address.id, relation="女儿", scopes=["remind"], status="active",
                    ends_on=date(2029, 1, 1), created_at=now,
                )
                for one, address in families
            )  # fmt: skip
        self.will_block = {account.external_id for account in accounts[:20]}
        await county.draft()
        async with county.database.transaction() as db:
            assert await cohort.add_by_category(db, county.campaign_id, ["三属"]) == self.people
            assert await cohort.add_by_category(db, county.campaign_id, ["三属"]) == 0
        await county.start()

    async def live_through(self, day: date) -> None:
        """Let a day pass: two clocks tick, the channels deliver, and then people do what people do."""
        self.county.clock.moment = nine(day)
        while sum(await asyncio.gather(self._remind(), self._remind())):
            pass
        told = await self._deliver()
        self.county.clock.moment = nine(day) + timedelta(hours=2)
        async with self.county.database.transaction() as db:
            for reminder_id in told:
                await self._answer(db, reminder_id, Random(f"{day} {reminder_id}"))  # whoever is told first
            await certifications.certify_all(db, self.recorded, self.county.clock())
            self.recorded = {}

    async def _remind(self) -> int:
        async with self.county.database.transaction() as db:
            return (await remind.send_due(db, self.county.clock(), VAULT)).done

    async def _deliver(self) -> list[int]:
        database, now = self.county.database, self.county.clock()
        async with database.transaction() as db:
            await notice_gate.expire(db, now)
        released = 1
        while released:
            async with database.transaction() as db:
                released = (await notice_gate.release(db, now, DEFAULT_RULES)).done
        async with database.transaction() as db:
            ready = await db.scalars(select(Outbox).where(Outbox.status == "ready").order_by(Outbox.id))
            rows = [row for row in ready if row.channel == "telegram" or row.id % 3 == 0]  # few open the page at once
            lost = [row for row in rows if row.recipient in self.will_block]
            gone = [row.recipient for row in lost]
            await db.execute(update(Address).where(Address.external_id.in_(gone)).values(reachable=False))
            for row in rows:
                row.status = "dead" if row in lost else "sent"
        self.sent += [(now, row) for row in rows if row not in lost]
        return [row.reminder_id for row in rows if row.reminder_id is not None and row not in lost]

    async def _answer(self, db: AsyncSession, reminder_id: int, random: Random) -> None:
        """Die, be certified in one of four ways, say it is done, put it off, or say nothing."""
        chance, now = random.random(), self.county.clock()
        if chance > 0.6 or reminder_id in self.ended:
            return
        reminder = await db.get_one(Reminder, reminder_id, populate_existing=True)
        mine = Certification.campaign_id == reminder.about_id, Certification.person_id == reminder.person_id
        listed = (await db.scalars(select(Certification).where(*mine))).one()
        if chance < 0.02:
            await deaths.report(db, VAULT, reminder.person_id, now)
        elif chance < 0.35:
            self.recorded[listed.id] = WAYS[listed.id % 4]
        elif chance < 0.5:
            address_id = (await db.scalars(select(Address.id).limit(1))).one()
            await certifications.claim_done(db, reminder.id, address_id, now)
            if random.random() < 0.3:
                await certifications.reject_claim(db, listed.id, now)
                return
            if random.random() < 0.8:
                self.recorded[listed.id] = WAYS[3]
        elif chance < 0.58 and reminder.next_at is not None:
            await reminders.snooze(db, reminder.id, now + timedelta(days=1))
            self.put_off.add(reminder.id)
            return
        else:
            return
        self.ended[reminder_id] = now


@pytest.fixture
async def year(database: Database) -> Year:
    county = County(database, SettableClock(nine(OPENS) - timedelta(days=10)))
    await county.build()
    made = Year(county)
    await made.settle()
    return made


async def test_at_the_end_of_the_year_everybody_is_accounted_for(year: Year) -> None:
    days = {OPENS + timedelta(days=n) for n in range(6)} | {DEADLINE + timedelta(days=20)}
    for before in (30, 7, 1, -3):
        days |= {DEADLINE - timedelta(days=before) + timedelta(days=n) for n in range(6)}
    for day in sorted(days):
        await year.live_through(day)

    _nobody_told_twice(year)
    _nobody_told_after_it_ended(year)
    database, campaign_id = year.county.database, year.county.campaign_id
    async with database.snapshot() as db:
        lead = await db.get_one(Staff, year.county.lead)
        whole = await progress.overall(db, campaign_id, lead)
        stations = await progress.by_station(db, campaign_id, lead)
        villages = await progress.by_village(db, campaign_id, lead)
        by_day = await progress.by_day(db, campaign_id, lead)
        ways = await progress.by_way(db, campaign_id, lead)
        sheet = await visit_sheet.rows(db, VAULT, campaign_id, lead)
        waiting = await db.scalar(select(func.count()).where(Outbox.status.in_(("held", "ready"))))
        silent = await db.execute(
            select(Address.person_id, func.count())
            .join(SupportCase, SupportCase.address_id == Address.id)
            .where(SupportCase.reason == "no_answer", SupportCase.status == "open")
            .group_by(Address.person_id)
        )
        listed = dict((await db.execute(select(Certification.person_id, Certification.status))).all())

    states = Counter(listed.values())
    assert whole.total == whole.done + whole.claimed + whole.open + whole.deceased == year.people
    assert (whole.done, whole.claimed, whole.open, whole.deceased) == (
        states["done"], states["claimed"], states["open"], states["deceased"],
    )  # fmt: skip
    assert min(states["done"], states["claimed"], states["open"], states["deceased"]) > 0
    assert (stations[0].total, villages[0].total) == (year.people, year.people)
    assert sum(one.done for one in by_day) == by_day[-1].so_far == sum(ways.values()) == whole.done
    assert set(ways) == {"self", "proxy", "visit", "online"}
    open_people = {person_id for person_id, state in listed.items() if state == "open"}
    assert {line.person_id for line in sheet} == open_people
    cases = dict(silent.all())
    assert {person_id for person_id in cases if person_id in open_people} == open_people
    assert set(cases.values()) == {1}
    assert waiting == 0
    never = {person_id for person_id, kind in year.kinds.items() if kind == "never"}
    assert {listed[person_id] for person_id in never} == {"open"}

    async with database.transaction() as db:
        await campaigns.close(db, campaign_id, year.county.clock())
    async with database.snapshot() as db:
        assert await db.scalar(select(func.count()).where(Reminder.status == "pending")) == 0


def _nobody_told_twice(year: Year) -> None:
    heard: dict[tuple[int, str], list[str]] = defaultdict(list)
    for _, row in year.sent:
        for part in row.payload.get("parts", [{"reminder_id": row.reminder_id, "text": row.payload["text"]}]):
            if part["reminder_id"] not in {None, *year.put_off}:
                heard[part["reminder_id"], row.recipient].append(part["text"])
    assert heard
    assert [texts for texts in heard.values() if len(texts) != len(set(texts))] == []
    to_staff = Counter((row.recipient, at) for at, row in year.sent if row.notice and row.address_id is None)
    assert to_staff
    assert set(to_staff.values()) == {1}


def _nobody_told_after_it_ended(year: Year) -> None:
    late = [row for at, row in year.sent if row.reminder_id in year.ended and at > year.ended[row.reminder_id]]
    assert late == []
    stopped = {f"p{person_id}" for person_id, kind in year.kinds.items() if kind in ("stopped", "blocked")}
    assert not [row for _, row in year.sent if row.recipient in stopped]
