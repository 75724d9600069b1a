"""When whoever waits can hear of a place that is kept for them, and whether they did: nobody loses what they never heard of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Waiting
from db.turns import Outbox
from services import event_contacts, notice_merge, quiet, reach
from services.booking_moments import soon
from services.booking_rows import accounts
from services.booking_rules import BookingRules
from services.notice_gate import EXPIRED
from services.wait_rows import Wait, key


def urgent(rules: BookingRules, starts_at: datetime, now: datetime) -> bool:
    """Tell whether an offer passes the quiet hours that a person has chosen; it never passes the night."""
    return rules.awake(now) and soon(starts_at, now)


async def told_at(db: AsyncSession, rules: BookingRules, row: Waiting, starts_at: datetime, now: datetime) -> datetime:
    """Return when somebody hears of a place that is offered now: at the end of their own quiet hours at the latest."""
    if urgent(rules, starts_at, now):
        return now
    found = [account for account, _ in (await event_contacts.accounts(db, [row], now))[row.id]]
    pushed = [account for account in found if account.channel in reach.PUSH]
    bureau = rules.sleeps, rules.wakes
    hours = [await quiet.hours_of(db, account.id) or bureau for account in pushed or found]
    return min(quiet.next_open(now, *theirs)[0] for theirs in hours or [bureau])


async def unheard(db: AsyncSession, found: Collection[Wait]) -> set[int]:
    """Return the ids of those of whose offer nothing was ever let go, though it was written down."""
    return {one.row.id for one in found if await _unheard(db, one)}


async def _unheard(db: AsyncSession, one: Wait) -> bool:
    row, slot = one.row, one.slot
    assert slot is not None
    about = Outbox.dedupe_key.startswith(offer_key(row, slot.id) + ":", autoescape=True)
    theirs = Outbox.address_id.in_(accounts(row.address_id, row.person_id))
    written = await db.execute(select(Outbox.status, Outbox.error, Outbox.released_at).where(theirs, about))
    kept_back = gone = False
    for status, error, released_at in written:
        if released_at is not None or (error or "").startswith(notice_merge.MERGED):
            gone = True
        elif status == "held" or error == EXPIRED:
            kept_back = True
    return kept_back and not gone


def offer_key(row: Waiting, slot_id: int) -> str:
    """Return how the key of the notice of an offer begins; the same place may be offered to them once more later."""
    assert row.offer_until is not None
    return f"{key(row)}offered:{slot_id}:{int(row.offer_until.timestamp())}"
