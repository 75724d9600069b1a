"""What else belongs to a person on file: who acts for them, the printed code, what they do not want, and a death."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.people import Address, NoticeStop, Person
from db.staff import Staff
from services import bindings, proxies
from services.masks import mask_name
from services.notice_kinds import KINDS
from services.person_cards import open_sealed
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class Relative:
    """Who acts for a person, or whose code still waits."""

    id: int
    relation: str
    name: str
    scopes: Sequence[str]
    ends_on: date
    active: bool
    consent: str
    """Who of staff took the consent; "" where the person gave the code in the chat."""


@dataclass(frozen=True, slots=True)
class PersonFamily:
    """All of it."""

    relatives: Sequence[Relative]
    code_until: datetime | None
    quiet: tuple[int, int] | None
    stops: Sequence[str]
    deceased_at: datetime | None


async def read(db: AsyncSession, vault: Vault, person_id: int, now: datetime) -> PersonFamily:
    """Read it for somebody who may be seen."""
    person = await db.get_one(Person, person_id)
    given = await proxies.given_by(db, person_id, now.astimezone(CHINA).date())
    names = dict((await db.execute(select(Staff.id, Staff.name))).all())
    relatives = [
        Relative(
            one.id, one.relation, mask_name(name) if (name := open_sealed(vault, one.name)) else "", one.scopes,
            one.ends_on, one.status == "active", names.get(one.consent_by or 0, ""),
        )
        for one in given
    ]  # fmt: skip
    stops = await db.scalars(
        select(NoticeStop.kind).join(Address, Address.id == NoticeStop.address_id).where(Address.person_id == person_id)
    )
    quiet = None
    if person.quiet_from is not None and person.quiet_until is not None:
        quiet = (person.quiet_from, person.quiet_until)
    code_until = await bindings.waiting_codes(db, person_id, now)
    labels = [KINDS[kind].label for kind in sorted(set(stops)) if kind in KINDS]
    return PersonFamily(relatives, code_until, quiet, labels, person.deceased_at)
