"""The people of a campaign as staff look them up: by state, place, or a whole name or phone, masked until opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import STATUSES, Certification
from db.people import Person
from db.places import Station, Township, Village
from db.staff import Staff
from services import cohort
from services.masks import read_name, read_phone
from services.person_cards import Card, cards, name_key, phone_key
from services.vault import Vault

PAGE = 50
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; 0 stands for no station or no village."""

    state: str = ""
    station_id: int | None = None
    village_id: int | None = None
    page: int = 1

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of a Certification beside its Person."""
        found: list[ColumnElement[bool]] = []
        if self.state in STATUSES:
            found.append(Certification.status == self.state)
        else:
            found.append(Certification.status != "removed")
        if self.station_id is not None:
            found.append(Person.station_id.is_(None) if self.station_id == 0 else Person.station_id == self.station_id)
        if self.village_id is not None:
            found.append(Person.village_id.is_(None) if self.village_id == 0 else Person.village_id == self.village_id)
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list."""

    certification: Certification
    card: Card
    village: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the table that is taken out; name and phone are still sealed."""

    township: str
    village: str
    name: str | None
    phone: str | None
    station: str
    status: str
    way: str | None
    done_by: str | None
    evidence: str | None
    done_at: datetime | None
    visit: str | None


async def page(
    db: AsyncSession, vault: Vault, staff: Staff, campaign_id: int, wanted: Wanted
) -> tuple[list[Listed], bool]:
    """Return a page of the list by village, and whether there is more."""
    chosen = _listed(staff, campaign_id).where(*wanted.conditions())
    found = (await db.execute(chosen.offset((wanted.page - 1) * PAGE).limit(PAGE + 1))).all()
    return await _drawn(db, vault, found[:PAGE]), len(found) > PAGE


async def find(db: AsyncSession, vault: Vault, staff: Staff, campaign_id: int, words: str) -> list[Listed]:
    """Find by a whole name or a whole phone.

    Raises:
        Refusal: it is neither.
    """
    if any(sign.isdigit() for sign in words):
        same = Person.phone_key == phone_key(vault, read_phone(words))
    else:
        same = Person.name_key == name_key(vault, read_name(words))
    found = await db.execute(_listed(staff, campaign_id).where(same).limit(PAGE))
    return await _drawn(db, vault, found.all())


async def rows(db: AsyncSession, staff: Staff, campaign_id: int, wanted: Wanted) -> list[Row]:
    """Return everybody that is wanted, for a table."""
    found = await db.execute(
        _places(
            select(
                func.coalesce(Township.name, ""), func.coalesce(Village.name, Person.region, ""), Person.name,
                Person.phone, func.coalesce(Station.name, ""), Certification.status, Certification.way,
                Certification.done_by, Certification.evidence, Certification.done_at, Certification.visit,
            )
        )
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Certification.campaign_id == campaign_id, cohort.visible(staff), *wanted.conditions())
        .order_by(*_BY_VILLAGE)
    )  # fmt: skip
    return [Row(*row) for row in found]


async def one(db: AsyncSession, vault: Vault, row: Certification) -> Listed:
    """Return one person as the list shows them."""
    found = await db.execute(_places(select(Certification, Person, _VILLAGE)).where(Certification.id == row.id))
    return (await _drawn(db, vault, found.all()))[0]


_BY_VILLAGE = (Township.name.is_(None), Township.name, Village.name, Certification.id)
_VILLAGE = func.coalesce(Township.name, "") + func.coalesce(Village.name, "")


def visible_people(staff: Staff, campaign_id: int) -> Select[int]:
    """Return the ids of those on the list whom a person of staff may see."""
    return (
        select(Person.id)
        .join(Certification, Certification.person_id == Person.id)
        .where(Certification.campaign_id == campaign_id, Certification.status != "removed", cohort.visible(staff))
    )


def _listed(staff: Staff, campaign_id: int) -> Select[Certification, Person, str]:
    rows = _places(select(Certification, Person, _VILLAGE))
    return rows.where(Certification.campaign_id == campaign_id, cohort.visible(staff)).order_by(*_BY_VILLAGE)


def _places(chosen: Select[*Ts]) -> Select[*Ts]:
    return (
        chosen.select_from(Certification)
        .join(Person, Person.id == Certification.person_id)
        .outerjoin(Village, Village.id == Person.village_id)
        .outerjoin(Township, Township.id == Village.township_id)
    )


async def _drawn(db: AsyncSession, vault: Vault, found: Sequence[SqlRow[Certification, Person, str]]) -> list[Listed]:
    shown = await cards(db, vault, [person for _, person, _ in found])
    return [Listed(row, card, village) for (row, _, village), card in zip(found, shown, strict=True)]
