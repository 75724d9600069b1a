"""Who has just come: the few that a page at the door shows, without opening every name of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.events import EventSignUp
from db.people import Person
from db.staff import Staff
from services.masks import mask_name
from services.person_cards import open_sealed
from services.scope import visible_people
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class Arrival:
    """One who is there."""

    code: str
    name: str
    """Masked; "" for somebody without one, or not for these eyes."""
    at: datetime


async def last(db: AsyncSession, vault: Vault, staff: Staff, event_id: int, limit: int) -> Sequence[Arrival]:
    """Return who came last, the latest first."""
    seen = or_(EventSignUp.person_id.is_(None), visible_people(staff))
    rows = await db.execute(
        select(EventSignUp.code, EventSignUp.name, Person.name, EventSignUp.attended_at, seen)
        .outerjoin(Person, Person.id == EventSignUp.person_id)
        .where(EventSignUp.event_id == event_id, EventSignUp.attended_at.is_not(None))
        .order_by(EventSignUp.attended_at.desc(), EventSignUp.id.desc())
        .limit(limit)
    )
    found = []
    for code, given, on_file, at, theirs in rows:
        name = open_sealed(vault, given or on_file) if theirs else ""
        assert at is not None
        found.append(Arrival(code, mask_name(name) if name else "", at))
    return found
