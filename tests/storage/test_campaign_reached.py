"""Who of a campaign was reached: each on the list exactly once, by the best that became of any reminder."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Campaign, Certification
from db.engine import Database
from db.people import Address, NoticeStop, Person
from db.proxies import Proxy
from db.reminders import Reminder
from db.turns import Inbox, Outbox
from services import campaign_people, campaign_reached
from services.campaign_people import Wanted
from tests.channels.campaign_office import add_campaign, add_person, add_town, listed
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.storage.bureau import add_staff


async def _reminder(db: AsyncSession, campaign: Campaign, person: Person) -> Reminder:
    mine = (Reminder.about_id == campaign.id, Reminder.person_id == person.id)
    return (await db.scalars(select(Reminder).where(*mine))).one()


async def _say(
    db: AsyncSession, campaign: Campaign, person: Person, now: datetime, account: Address | None = None, **columns: Any
) -> Outbox:
    if account is None:
        account = (await db.scalars(select(Address).where(Address.person_id == person.id))).one()
    reminder = await _reminder(db, campaign, person)
    row = Outbox(
        channel=account.channel, recipient=account.external_id, address_id=account.id, lane=1, at=now, available_at=now,
        payload={"text": "x", "choices": []}, notice="certification", reminder_id=reminder.id, **columns,
    )  # fmt: skip
    db.add(row)
    await db.flush()
    return row


async def test_each_counts_once_by_the_best_that_happened(database: Database, clock: SettableClock) -> None:
    now = clock()
    names = (
        "answered", "claimed", "read", "sent", "merged", "family", "waiting", "stranger", "failed", "none", "never", "blocked",
        "stopped", "deceased", "erased", "removed",
    )  # fmt: skip
    async with database.transaction() as db:
        town, staff = await add_town(db, "城关镇"), await add_staff(db, now, "lead")
        people = {
            name: await add_person(db, VAULT, now, name, town, telegram=None if name == "never" else uuid4().hex)
            for name in names
        }
        campaign = await add_campaign(db, now, list(people.values()))
        rows = {name: await listed(db, campaign, person) for name, person in people.items()}
        accounts = {
            name: await db.scalar(select(Address).where(Address.person_id == one.id)) for name, one in people.items()
        }
        for name in ("answered", "claimed", "sent", "failed", "deceased", "removed"):
            await _say(db, campaign, people[name], now, status="dead")
        for name in ("answered", "claimed", "sent"):
            await _say(db, campaign, people[name], now, status="sent")
        await _say(db, campaign, people["read"], now, status="sent", read_at=now)
        whole = await _say(db, campaign, people["merged"], now, status="sent", read_at=None)
        whole.reminder_id = None  # it was about something else, and took this one in
        await _say(db, campaign, people["merged"], now, status="cancelled", error=f"merged:{whole.id}")
        daughter = Address(channel="telegram", external_id="daughter", created_at=now)
        db.add(daughter)
        await db.flush()
        acts = {"relation": "女儿", "scopes": ["remind"], "ends_on": now.date(), "created_at": now, "status": "ended"}
        db.add(Proxy(person_id=people["family"].id, address_id=daughter.id, **acts))
        await db.flush()
        await _say(db, campaign, people["family"], now, daughter, status="sent", read_at=now)
        await _say(db, campaign, people["stranger"], now, status="sent", read_at=now)
        accounts["stranger"].person_id = None  # said: not me
        await _say(db, campaign, people["waiting"], now, status="held")
        later = now + timedelta(minutes=1)
        db.add(
            Inbox(
                channel="telegram", event_id="1", address_id=accounts["answered"].id, kind="text", text="好", at=later
            )
        )
        rows["claimed"].claimed_at = later
        accounts["blocked"].reachable = False
        db.add(NoticeStop(address_id=accounts["stopped"].id, kind="certification", at=now))
        people["deceased"].deceased_at, people["erased"].erased_at = now, now
        rows["removed"].status = "removed"
    async with database.snapshot() as db:
        counts = await campaign_reached.counts(db, staff, campaign.id)
        found = {line.name: line.why for line in await campaign_reached.sheet(db, VAULT, staff, campaign.id)}
    expected = {name: name for name in names if name != "removed"} | {"claimed": "answered", "merged": "sent"}
    assert found == expected
    assert sum(counts.values()) == len(expected)
    assert counts == {why: list(expected.values()).count(why) for why in campaign_reached.OUTCOMES}
    assert list(counts) == list(campaign_reached.OUTCOMES)


async def test_words_from_before_the_reminder_are_no_answer(database: Database, clock: SettableClock) -> None:
    now = clock()
    async with database.transaction() as db:
        town, staff = await add_town(db, "城关镇"), await add_staff(db, now, "lead")
        person = await add_person(db, VAULT, now, "王", town, telegram="1")
        campaign = await add_campaign(db, now, [person])
        account = (await db.scalars(select(Address))).one()
        early = now - timedelta(days=1)
        db.add(Inbox(channel="telegram", event_id="1", address_id=account.id, kind="text", text="您好", at=early))
        await _say(db, campaign, person, now, status="sent")
    async with database.snapshot() as db:
        assert await campaign_reached.counts(db, staff, campaign.id) == {"sent": 1}


async def test_the_list_is_narrowed_and_scoped(database: Database, clock: SettableClock) -> None:
    now = clock()
    async with database.transaction() as db:
        town, other = await add_town(db, "城关镇"), await add_town(db, "南山镇")
        lead = await add_staff(db, now, "lead")
        local = await add_staff(db, now, "agent", town.station)
        people = [
            await add_person(db, VAULT, now, name, place) for name, place in (("甲", town), ("乙", other), ("丙", None))
        ]
        campaign = await add_campaign(db, now, people)
        first = await db.get_one(Certification, (await listed(db, campaign, people[0])).id)
        first.visit = "away"
    everybody = {"甲", "乙", "丙"}
    for staff, wanted, expected in (
        (lead, Wanted(), everybody), (lead, Wanted(station_id=other.station.id), {"乙"}), (lead, Wanted(village_id=0), {"丙"}),
        (lead, Wanted(station_id=0), {"丙"}), (lead, Wanted(state="done"), set()), (local, Wanted(), {"甲", "丙"}),
    ):  # fmt: skip
        async with database.snapshot() as db:
            page, more = await campaign_people.page(db, VAULT, staff, campaign.id, wanted)
            rows = await campaign_people.rows(db, staff, campaign.id, wanted)
        assert ({row.card.name[0] for row in page}, more) == (expected, False)
        assert {VAULT.decrypt(row.name or "") for row in rows} == expected
    async with database.snapshot() as db:
        found = await campaign_people.find(db, VAULT, local, campaign.id, "乙")
    assert found == []


async def test_pages_hold_everybody_once(database: Database, clock: SettableClock) -> None:
    now = clock()
    async with database.transaction() as db:
        town, staff = await add_town(db, "城关镇"), await add_staff(db, now, "lead")
        people = [await add_person(db, VAULT, now, f"王{n}", town) for n in range(campaign_people.PAGE + 3)]
        campaign = await add_campaign(db, now, people)
    seen = []
    for number, expected in ((1, True), (2, False)):
        async with database.snapshot() as db:
            page, more = await campaign_people.page(db, VAULT, staff, campaign.id, Wanted(page=number))
        seen += [row.card.id for row in page]
        assert more is expected
    assert sorted(seen) == sorted(person.id for person in people)
