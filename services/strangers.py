"""Accounts that asked staff for something and have no record yet; only from one of these is a record made."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import SupportCase
from db.people import Address
from db.staff import Staff
from services.scope import visible_cases

NO_ADDRESS = "没有找到这个渠道账号，或者它没有您能看的求助单。"
HAS_RECORD = "这个渠道账号已经有档案了。"
_MOST = 50


@dataclass(frozen=True, slots=True)
class Stranger:
    """An account that has a case but no record."""

    address_id: int
    channel: str
    since: datetime
    case_id: int
    code: str


async def strangers(db: AsyncSession, staff: Staff) -> list[Stranger]:
    """Return the accounts without a record, those with the newest case first."""
    newest = (
        select(SupportCase.address_id, func.max(SupportCase.id).label("case_id"))
        .join(Address, Address.id == SupportCase.address_id)
        .where(Address.person_id.is_(None), visible_cases(staff))
        .group_by(SupportCase.address_id)
        .order_by(func.max(SupportCase.id).desc())
        .limit(_MOST)
        .subquery()
    )
    rows = await db.execute(
        select(Address, SupportCase)
        .join(newest, newest.c.address_id == Address.id)
        .join(SupportCase, SupportCase.id == newest.c.case_id)
        .order_by(SupportCase.id.desc())
    )
    return [Stranger(one.id, one.channel, one.created_at, case.id, case.code) for one, case in rows]


async def stranger_address(db: AsyncSession, staff: Staff, address_id: int) -> Address:
    """Return an account without a record that has a case which a member of staff may see, locked.

    Raises:
        Refusal: it has a record already, or is not for these eyes.
    """
    return _checked(await db.scalar(_seen(staff, address_id).with_for_update(of=Address)))


async def look(db: AsyncSession, staff: Staff, address_id: int) -> Address:
    """Return the same, only to be looked at.

    Raises:
        Refusal: as for locking it.
    """
    return _checked(await db.scalar(_seen(staff, address_id)))


def _seen(staff: Staff, address_id: int) -> Select[Address]:
    has_case = exists().where(SupportCase.address_id == Address.id, visible_cases(staff))
    return select(Address).where(Address.id == address_id, has_case)


def _checked(address: Address | None) -> Address:
    if address is None:
        raise Refusal(NO_ADDRESS)
    if address.person_id is not None:
        raise Refusal(HAS_RECORD)
    return address
