"""All that belongs to one person's record: the accounts they write from, their cases, and who might be the same person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.people import Address
from db.places import Station
from db.staff import Staff
from services import person_cards, person_search
from services.person_cards import Card
from services.scope import visible_cases
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A record with what hangs on it."""

    card: Card
    addresses: Sequence[Address]
    cases: Sequence[SupportCase]
    """Those that the member of staff may see, the newest first."""
    alike: Sequence[Card]
    """Records with the same name or phone."""


async def read(db: AsyncSession, vault: Vault, staff: Staff, person_id: int) -> PersonFile:
    """Read a record.

    Raises:
        Refusal: there is none with this id, or not for these eyes.
    """
    person = await person_search.person_of(db, staff, person_id)
    addresses = await db.scalars(select(Address).where(Address.person_id == person.id).order_by(Address.id))
    cases = await db.scalars(
        select(SupportCase)
        .join(Address, Address.id == SupportCase.address_id)
        .where(Address.person_id == person.id, visible_cases(staff))
        .order_by(SupportCase.id.desc())
    )
    return PersonFile(
        await person_cards.card(db, vault, person),
        addresses.all(),
        cases.all(),
        await person_search.alike(db, vault, staff, person),
    )


async def stations(db: AsyncSession) -> Sequence[tuple[int, str]]:
    """Return the stations to choose from."""
    rows = await db.execute(select(Station.id, Station.name).order_by(Station.level, Station.name))
    return [(id_, name) for id_, name in rows]
