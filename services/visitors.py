"""Who comes, as staff see it: the name and phone given for the visit, else those on file, masked but for a logged act."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Person
from services.booking_rows import Visit
from services.masks import mask_name, mask_phone
from services.person_cards import open_sealed
from services.vault import Vault


class Visitor(NamedTuple):
    """What a visit says of somebody; "" for what is not known."""

    name: str
    phone: str


async def read(db: AsyncSession, vault: Vault, visits: Iterable[Visit], *, full: bool = False) -> dict[int, Visitor]:
    """Return who comes by the id of the booking, with one statement."""
    rows = [visit.booking for visit in visits]
    ids = {row.person_id for row in rows if row.person_id is not None}
    people = {person.id: person for person in await db.scalars(select(Person).where(Person.id.in_(ids)))}
    found = {}
    for row in rows:
        person = people.get(row.person_id or 0)
        name = open_sealed(vault, row.name or (person.name if person else None))
        phone = open_sealed(vault, row.phone or (person.phone if person else None))
        found[row.id] = Visitor(name, phone) if full else Visitor(name and mask_name(name), phone and mask_phone(phone))
    return found
