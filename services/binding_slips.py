"""The slips of paper on which people get their binding codes, one by one or a village at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Person
from db.places import Station, Township, Village
from db.staff import Staff
from services import bindings, reach
from services.person_cards import open_sealed
from services.scope import visible_people
from services.vault import Vault

MOST = 300
"""Slips of one go."""
NOBODY = "这里没有要打绑定码的人：都已经绑定了，或者没有您能看的档案。"


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip; identifying, so that whoever shows it audits that."""

    person_id: int
    name: str
    village: str
    station: str
    phone: str
    code: str


async def of_village(db: AsyncSession, vault: Vault, staff: Staff, village_id: int, now: datetime) -> list[Slip]:
    """Make codes for everybody of a village who has no account yet; the next go brings those beyond MOST.

    Raises:
        Refusal: there is nobody.
    """
    bound = select(Address.person_id).where(Address.person_id.is_not(None), Address.channel.in_(reach.CHANNELS))
    return await _made(db, vault, staff, [Person.village_id == village_id, Person.id.not_in(bound)], now)


async def of_person(db: AsyncSession, vault: Vault, staff: Staff, person_id: int, now: datetime) -> Slip:
    """Make a code for one person, who may have another account already.

    Raises:
        Refusal: the record is not for these eyes, or the person has died.
    """
    return (await _made(db, vault, staff, [Person.id == person_id], now))[0]


async def villages(db: AsyncSession) -> Sequence[tuple[int, str]]:
    """Return the villages to choose from."""
    rows = await db.execute(
        select(Village.id, Township.name, Village.name)
        .join(Township, Township.id == Village.township_id)
        .order_by(Township.name, Village.name)
    )
    return [(id_, f"{town} {village}") for id_, town, village in rows]


async def _made(
    db: AsyncSession, vault: Vault, staff: Staff, where: Sequence[ColumnElement[bool]], now: datetime
) -> list[Slip]:
    living = (Person.deceased_at.is_(None), Person.erased_at.is_(None), visible_people(staff))
    rows = (
        await db.execute(
            select(Person.id, Person.name, Village.name, Station.name, Station.phone)
            .outerjoin(Village, Village.id == Person.village_id)
            .outerjoin(Station, Station.id == Person.station_id)
            .where(*where, *living)
            .order_by(Person.id)
            .limit(MOST)
        )
    ).all()
    if not rows:
        raise Refusal(NOBODY)
    codes = await bindings.make_codes(db, vault, staff.id, [row[0] for row in rows], now)
    return [
        Slip(id_, open_sealed(vault, name), village or "", station or "", phone or "", bindings.shown(codes[id_]))
        for id_, name, village, station, phone in rows
    ]
