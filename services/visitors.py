"""Who comes, as staff see it: the name and phone given for the visit, else those on file, masked but for a logged act."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Waiting
from db.people import Person
from services.booking_rows import Visit
from services.masks import mask_name, mask_phone
from services.person_cards import open_sealed
from services.vault import Vault


class Visitor(NamedTuple):
    """What a visit says of somebody; "" for what is not known."""

    name: str
    phone: str


def given(vault: Vault, row: Booking) -> Visitor:
    """Return the name and phone given for the visit, in full, to write the same down again."""
    return Visitor(open_sealed(vault, row.name), open_sealed(vault, row.phone))


async def read(db: AsyncSession, vault: Vault, visits: Iterable[Visit], *, full: bool = False) -> dict[int, Visitor]:
    """Return who comes by the id of the booking, with one statement."""
    return await of(db, vault, [visit.booking for visit in visits], full=full)


async def of(
    db: AsyncSession, vault: Vault, rows: Sequence[Booking] | Sequence[Waiting], *, full: bool = False
) -> dict[int, Visitor]:
    """Return the same by the id of the rows, which may be of a waiting list."""
    ids = {row.person_id for row in rows if row.person_id is not None}
    people = {person.id: person for person in await db.scalars(select(Person).where(Person.id.in_(ids)))}
    found = {}
    for row in rows:
        person = people.get(row.person_id or 0)
        name = open_sealed(vault, row.name or (person.name if person else None))
        phone = open_sealed(vault, row.phone or (person.phone if person else None))
        found[row.id] = Visitor(name, phone) if full else Visitor(name and mask_name(name), phone and mask_phone(phone))
    return found
