"""Who hears of a sign-up: the account that made it, the person on the best account, and family who may be reminded."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.people import Address, Person
from services.event_list import SignUp
from services.exam_contacts import contacts

To = tuple[Address, Person | None]
"""An account, and whose the sign-up is where that is somebody else than its reader; None for the reader's own."""


async def accounts(db: AsyncSession, found: Sequence[SignUp], now: datetime) -> dict[int, list[To]]:
    """Return by sign-up which accounts are told of it."""
    people = {one.row.person_id for one in found if one.row.person_id is not None}
    known = await contacts(db, people, now.astimezone(CHINA).date())
    rows = await db.scalars(
        select(Address).where(Address.id.in_({one.row.address_id for one in found}), Address.reachable)
    )
    own = {address.id: address for address in rows}
    told: dict[int, list[To]] = {}
    for one in found:
        to = known.get(one.row.person_id or 0)
        theirs = {account.id: (account, None if mine else to.person) for account, mine in to.accounts} if to else {}
        address = own.get(one.row.address_id or 0)
        if address is not None and not theirs:  # somebody not on file; a person is told on the best account alone
            theirs[address.id] = address, None
        told[one.row.id] = list(theirs.values())
    return told
