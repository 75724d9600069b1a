"""A campaign with its people in the console's own database, for the tests of its pages."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.campaigns import Campaign, Certification
from db.people import Address, Person
from db.places import Grid, Station, Township, Village
from db.staff import Staff
from services import campaign_steps, campaigns
from services.campaigns import CampaignSheet
from services.person_cards import name_key, phone_key
from services.vault import Vault
from tests.storage.bureau import add_staff, add_station

_numbers = count(1)


class Town(NamedTuple):
    """A station with a village and its grid."""

    station: Station
    village: Village
    grid: Grid


async def add_town(db: AsyncSession, name: str) -> Town:
    station = await add_station(db, f"{name}服务站")
    township = Township(name=name)
    db.add(township)
    await db.flush()
    village = Village(township_id=township.id, name="柳林村", station_id=station.id)
    db.add(village)
    await db.flush()
    grid = Grid(village_id=village.id, name="第一网格", worker_name="赵网格")
    db.add(grid)
    await db.flush()
    return Town(station, village, grid)


def sheet(now: datetime, title: str | None = None, **changes: Any) -> CampaignSheet:
    today = now.astimezone(CHINA).date()  # it opens tomorrow, so that the service's own clock sends nothing meanwhile
    values: dict[str, Any] = {
        "title": title or f"测试认证 {next(_numbers)}", "year": today.year, "basis": "军人抚恤优待条例，第八条",
        "opens_on": today + timedelta(days=1), "deadline": today + timedelta(days=90), "steps": campaign_steps.default_steps(),
    }  # fmt: skip
    return CampaignSheet(**values | changes)


async def add_person(
    db: AsyncSession, vault: Vault, now: datetime, name: str, town: Town | None = None, phone: str | None = None,
    telegram: str | None = None, **columns: Any,
) -> Person:  # fmt: skip
    places = {} if town is None else {
        "station_id": town.station.id, "village_id": town.village.id, "grid_id": town.grid.id,
    }  # fmt: skip
    person = Person(
        name=vault.encrypt(name), name_key=name_key(vault, name), phone=vault.encrypt(phone) if phone else None,
        phone_key=phone_key(vault, phone), created_at=now, **{"categories": ["退役军人"]} | places | columns,
    )  # fmt: skip
    db.add(person)
    await db.flush()
    if telegram:
        db.add(Address(channel="telegram", external_id=telegram, person_id=person.id, created_at=now))
        await db.flush()
    return person


async def add_campaign(
    db: AsyncSession, now: datetime, people: Sequence[Person], *, started: bool = True, **changes: Any
) -> Campaign:
    staff: Staff = await add_staff(db, now, "lead")
    campaign = await campaigns.create(db, staff, sheet(now, **changes), now)
    db.add_all([Certification(campaign_id=campaign.id, person_id=one.id, status="open") for one in people])
    await db.flush()
    if started:
        await campaigns.start(db, campaign.id, staff, now)
    return campaign


async def listed(db: AsyncSession, campaign: Campaign, person: Person) -> Certification:
    rows = select(Certification).where(
        Certification.campaign_id == campaign.id, Certification.person_id == person.id
    )  # fmt: skip
    return (await db.scalars(rows.execution_options(populate_existing=True))).one()


def day(now: datetime, days: int = 0) -> date:
    return now.astimezone(CHINA).date() + timedelta(days=days)
