"""Who hears of a sign-up or a visit: the account that made it, the person on the best account, and family who may be reminded."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Booking, Waiting
from db.events import EventSignUp
from db.people import Address, Person
from services.exam_contacts import contacts

To = tuple[Address, Person | None]
"""An account, and whose it is where that is somebody else than its reader; None for the reader's own."""


async def accounts(
    db: AsyncSession, rows: Sequence[EventSignUp] | Sequence[Booking] | Sequence[Waiting], now: datetime
) -> dict[int, list[To]]:
    """Return by row which accounts are told of it."""
    people = {row.person_id for row in rows if row.person_id is not None}
    known = await contacts(db, people, now.astimezone(CHINA).date())
    found = await db.scalars(select(Address).where(Address.id.in_({row.address_id for row in rows}), Address.reachable))
    own = {address.id: address for address in found}
    told: dict[int, list[To]] = {}
    for row in rows:
        to = known.get(row.person_id or 0)
        theirs = {account.id: (account, None if mine else to.person) for account, mine in to.accounts} if to else {}
        address = own.get(row.address_id or 0)
        if address is not None and not theirs:  # somebody not on file; a person is told on the best account alone
            theirs[address.id] = address, to.person if to else None
        told[row.id] = list(theirs.values())
    return told
