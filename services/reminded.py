"""Who is to be reminded, in a few statements for hundreds: where they are written to, and who looks after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from db.campaigns import Campaign, Certification
from db.people import Address, Person
from db.places import Station
from db.reminders import Reminder
from services import proxies, reach

_OF_PERSON = (
    Person.name, Person.station_id, Person.village_id, Person.grid_id, Person.deceased_at, Person.erased_at,
)  # fmt: skip
HOTLINE = "12345"
"""Where neither the station nor one above it has a telephone on file (政务服务便民热线)."""


@dataclass(frozen=True, slots=True)
class Family:
    """Where somebody who acts for a person is written to, and as what they act."""

    address: Address
    relation: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """One person on the list of a campaign."""

    person: Person
    certification_id: int
    status: str
    address: Address | None
    """None where no account can be written to."""

    @property
    def waits(self) -> bool:
        """Tell whether anything is still to be asked of this person."""
        return self.status == "open" and self.person.deceased_at is None and self.person.erased_at is None


@dataclass(frozen=True, slots=True)
class Desk:
    """A station as a reminder names it."""

    name: str
    phone: str


async def read(db: AsyncSession, reminder_ids: Sequence[int]) -> dict[int, Reminded]:
    """Return by reminder whom it is for; a reminder of nobody's certification is left out."""
    rows = await db.execute(
        select(Reminder.id, Person, Certification.id, Certification.status, Address)
        .join(Person, Person.id == Reminder.person_id)
        .join(
            Certification,
            (Certification.campaign_id == Reminder.about_id) & (Certification.person_id == Reminder.person_id),
        )
        .outerjoin(Address, (Address.id == reach.best_address()) & Address.reachable)
        .where(Reminder.id.in_(reminder_ids))
        .options(load_only(*_OF_PERSON), load_only(Address.channel, Address.external_id)),
        execution_options={"populate_existing": True},
    )
    return {id_: Reminded(person, listed, status, address) for id_, person, listed, status, address in rows}


async def campaigns(db: AsyncSession, ids: Sequence[int]) -> dict[int, Campaign]:
    """Return campaigns by id."""
    return {row.id: row for row in await db.scalars(select(Campaign).where(Campaign.id.in_(ids)))}


async def families(db: AsyncSession, person_ids: Sequence[int], today: date) -> dict[int, list[Family]]:
    """Return by person who of the family is reminded beside them, where a message reaches them."""
    held = await proxies.for_reminders(db, person_ids, today)
    wanted = [proxy.address_id for several in held.values() for proxy in several]
    if not wanted:
        return {}
    rows = await db.scalars(select(Address).where(Address.id.in_(wanted), Address.reachable))
    accounts = {row.id: row for row in rows}
    return {
        person_id: [Family(accounts[one.address_id], one.relation) for one in several if one.address_id in accounts]
        for person_id, several in held.items()
    }


async def desks(db: AsyncSession) -> dict[int, Desk]:
    """Return every station with its telephone, or that of the nearest station above it that has one."""
    stations = {row.id: row for row in await db.scalars(select(Station))}
    return {id_: Desk(row.name, _phone(row, stations)) for id_, row in stations.items()}


def _phone(station: Station, stations: Mapping[int, Station]) -> str:
    seen: set[int] = set()
    above: Station | None = station
    while above is not None and above.id not in seen:
        if above.phone:
            return above.phone
        seen.add(above.id)
        above = stations.get(above.parent_id or 0)
    return HOTLINE
