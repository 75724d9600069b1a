"""Who hears of a sign-up or a visit: the account that made it, the person on the best account, and family who may be reminded."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Booking, Waiting
from db.events import EventSignUp
from db.people import Address, Person
from db.proxies import Proxy
from services import proxies
from services.exam_contacts import contacts

To = tuple[Address, Person | None]
"""An account, and whose it is where that is somebody else than its reader; None for the reader's own."""


async def accounts(
    db: AsyncSession, rows: Sequence[EventSignUp] | Sequence[Booking] | Sequence[Waiting], now: datetime
) -> dict[int, list[To]]:
    """Return by row which accounts are told of it."""
    people, today = {row.person_id for row in rows if row.person_id is not None}, now.astimezone(CHINA).date()
    known = await contacts(db, people, today)
    acting = await _acting(db, known, today)
    found = await db.scalars(select(Address).where(Address.id.in_({row.address_id for row in rows}), Address.reachable))
    own = {address.id: address for address in found}
    told: dict[int, list[To]] = {}
    for row in rows:
        to = known.get(row.person_id or 0)
        theirs = {account.id: (account, None if mine else to.person) for account, mine in to.accounts} if to else {}
        address = own.get(row.address_id or 0)
        if address is not None and not theirs and (row.person_id is None or (address.id, row.person_id) in acting):
            theirs[address.id] = address, to.person if to else None
        told[row.id] = list(theirs.values())
    return told


async def _acting(db: AsyncSession, person_ids: Iterable[int], today: date) -> set[tuple[int, int]]:
    """Return who may act for which of these people still: whoever ended that hears no more of them."""
    held = select(Proxy.address_id, Proxy.person_id).where(Proxy.person_id.in_(person_ids), proxies.in_force(today))
    return {(account, person) for account, person in await db.execute(held) if account is not None}
