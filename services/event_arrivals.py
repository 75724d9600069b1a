"""Who has just come: the few that a page at the door shows, without opening every name of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.events import EventSignUp
from db.people import Person
from services.masks import mask_name
from services.person_cards import open_sealed
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class Arrival:
    """One who is there."""

    code: str
    name: str
    """Masked; "" for somebody without one."""
    at: datetime


async def last(db: AsyncSession, vault: Vault, event_id: int, limit: int) -> Sequence[Arrival]:
    """Return who came last, the latest first."""
    rows = await db.execute(
        select(EventSignUp.code, EventSignUp.name, Person.name, EventSignUp.attended_at)
        .outerjoin(Person, Person.id == EventSignUp.person_id)
        .where(EventSignUp.event_id == event_id, EventSignUp.attended_at.is_not(None))
        .order_by(EventSignUp.attended_at.desc(), EventSignUp.id.desc())
        .limit(limit)
    )
    found = []
    for code, given, on_file, at in rows:
        name = open_sealed(vault, given or on_file)
        assert at is not None
        found.append(Arrival(code, mask_name(name) if name else "", at))
    return found
