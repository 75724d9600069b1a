"""Every single recipient of a broadcast with what became of it: a page of them, all of them, and who is to be called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.broadcasts import BroadcastRecipient
from db.people import Address, Person
from db.places import Township, Village
from db.staff import Staff
from services import broadcast_outcome, reach
from services.broadcast_outcome import OUTCOMES, TO_CALL, Own, outcome
from services.masks import mask_name
from services.person_cards import open_sealed
from services.reach import Unreached
from services.scope import visible_people
from services.vault import Vault

PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient; of an account of nobody on file there is no name."""

    number: int
    person_id: int | None
    name: str
    township: str
    village: str
    channel: str
    outcome: str
    error: str


async def page(
    db: AsyncSession, vault: Vault, staff: Staff, broadcast_id: int, wanted: str = "", after: int | None = None
) -> tuple[list[Line], int | None]:
    """Return recipients, masked, of one outcome or all, and the number after which the next page begins."""
    rows = _visible(staff, broadcast_id)
    if wanted in OUTCOMES:
        rows = rows.where(outcome() == wanted)
    if after is not None:
        rows = rows.where(BroadcastRecipient.number > after)
    found = (await db.execute(rows.limit(PAGE + 1))).all()
    lines = [_line(vault, row, masked=True) for row in found[:PAGE]]
    return lines, lines[-1].number if len(found) > PAGE else None


async def whole(db: AsyncSession, staff: Staff, broadcast_id: int) -> Sequence[Any]:
    """Return all recipients still sealed, for `opened`, which takes its time and so wants a thread."""
    rows: Sequence[Any] = (await db.execute(_visible(staff, broadcast_id))).all()
    return rows


def opened(vault: Vault, rows: Sequence[Any]) -> list[Line]:
    """Return recipients with their whole names."""
    return [_line(vault, row, masked=False) for row in rows]


async def to_call(db: AsyncSession, vault: Vault, staff: Staff, broadcast_id: int) -> list[Unreached]:
    """Return who was to hear and has not, by village, to be telephoned or visited."""
    people = broadcast_outcome.recipients(broadcast_id, BroadcastRecipient.person_id, outcome().label("why"))
    seen = BroadcastRecipient.person_id.in_(select(Person.id).where(visible_people(staff)))
    return await reach.listed(db, vault, people.where(seen, outcome().in_(TO_CALL)))


def _visible(staff: Staff, broadcast_id: int) -> Select[Any]:
    nobody: ColumnElement[bool] = BroadcastRecipient.person_id.is_(None)
    return (
        broadcast_outcome.recipients(
            broadcast_id, BroadcastRecipient.number, BroadcastRecipient.person_id, Person.name,
            func.coalesce(Township.name, ""), func.coalesce(Village.name, Person.region, ""),
            func.coalesce(Address.channel, ""), outcome(), func.coalesce(Own.error, ""),
        )
        .outerjoin(Person, Person.id == BroadcastRecipient.person_id)
        .outerjoin(Village, Village.id == Person.village_id)
        .outerjoin(Township, Township.id == Village.township_id)
        .where(or_(nobody, visible_people(staff)))
        .order_by(BroadcastRecipient.number)
    )  # fmt: skip


def _line(vault: Vault, row: Any, *, masked: bool) -> Line:
    number, person_id, sealed, *rest = row
    name = open_sealed(vault, sealed)
    return Line(number, person_id, mask_name(name) if masked and name else name, *rest)
