"""Find whom we serve: by what does not identify anybody, or by a whole name or phone, never by a part of one."""

import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Person
from db.places import Township, Village
from db.staff import Staff
from services.masks import read_name, read_phone
from services.person_cards import CATEGORIES, Card, cards, name_key, phone_key
from services.scope import visible_people
from services.vault import Vault

PAGE = 50
GONE = "没有找到这份档案，可能已经合并，或者不在您的服务站。"
NOTHING_TO_FIND = "请写上完整的姓名，或完整的电话号码。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to; nothing in it identifies anybody."""

    region: str = ""
    category: str = ""
    station_id: int | None = None
    channel: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of a Person."""
        found: list[ColumnElement[bool]] = []
        if self.region:
            found.append(Person.region.contains(self.region, autoescape=True))
        if self.category in CATEGORIES:
            written = json.dumps(self.category)  # as it stands in the column on both databases
            found.append(cast(Person.categories, String).contains(written, autoescape=True))
        if self.station_id is not None:
            found.append(Person.station_id == self.station_id)
        if self.channel:
            found.append(Person.id.in_(select(Address.person_id).where(Address.channel == self.channel)))
        return found


async def page(
    db: AsyncSession, vault: Vault, staff: Staff, wanted: Wanted, before: int | None = None
) -> tuple[list[Card], int | None]:
    """Return the newest records, and the id before which the next page begins."""
    rows = select(Person).where(visible_people(staff), *wanted.conditions()).order_by(Person.id.desc())
    if before is not None:
        rows = rows.where(Person.id < before)
    found = (await db.scalars(rows.limit(PAGE + 1))).all()
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return await cards(db, vault, found[:PAGE]), more


async def find(db: AsyncSession, vault: Vault, staff: Staff, words: str) -> list[Card]:
    """Find by a whole name or a whole phone; parts of what is encrypted cannot be searched.

    Raises:
        Refusal: there is nothing to look for, or digits that are no phone.
    """
    if not words.strip():
        raise Refusal(NOTHING_TO_FIND)
    if any(sign.isdigit() for sign in words):
        same = Person.phone_key == phone_key(vault, read_phone(words))
    else:
        same = Person.name_key == name_key(vault, read_name(words))
    return await cards(db, vault, (await db.scalars(_visible(staff).where(same).limit(PAGE))).all())


async def alike(db: AsyncSession, vault: Vault, staff: Staff, person: Person) -> list[Card]:
    """Return others with the same name or phone, who may be the same person."""
    keys = [
        column == key
        for column, key in ((Person.name_key, person.name_key), (Person.phone_key, person.phone_key))
        if key is not None
    ]
    if not keys:
        return []
    others = _visible(staff).where(or_(*keys), Person.id != person.id).limit(PAGE)
    return await cards(db, vault, (await db.scalars(others)).all())


async def person_of(db: AsyncSession, staff: Staff, person_id: int, *, lock: bool = False) -> Person:
    """Return a person whom a member of staff may see.

    Raises:
        Refusal: there is none with this id, or not for these eyes.
    """
    row = select(Person).where(Person.id == person_id, visible_people(staff))
    found = await db.scalar(row.with_for_update(of=Person) if lock else row)
    if found is None:
        raise Refusal(GONE)
    return found


async def regions(db: AsyncSession) -> list[str]:
    """Return every township with its villages, to choose a region from."""
    towns = await db.execute(
        select(Township.name, Village.name)
        .outerjoin(Village, Village.township_id == Township.id)
        .order_by(Township.name, Village.name)
    )
    return [" ".join(filter(None, row)) for row in towns]


def _visible(staff: Staff) -> Select[Person]:
    return select(Person).where(visible_people(staff)).order_by(Person.id.desc())
