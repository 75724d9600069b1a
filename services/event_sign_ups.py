"""Sign-ups as they stand: of an account, of a person, of an event, and what was said of them but has not gone out."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.events import Event, EventSignUp
from db.people import Address
from db.proxies import Proxy
from db.turns import Outbox
from services import notice_hold
from services.event_list import SignUp
from services.notice_gate import CANCELLED
from services.who import theirs

STANDING = EventSignUp.status != "cancelled"
NO_PLACE = "没有找到这个报名，可能已经取消了。"
KIND = "event_place"
"""The kind of what is said of a sign-up; its dedupe key begins with `key`."""


def key(row: EventSignUp) -> str:
    """Return how the key of every notice about a sign-up begins."""
    return f"event:{row.event_id}:{row.id}:"


async def sign_ups(db: AsyncSession, *conditions: Any, limit: int | None = None) -> list[SignUp]:
    """Return sign-ups with their events, the next event first; without their place in the waiting list."""
    rows = await db.execute(
        select(EventSignUp, Event)
        .join(Event, Event.id == EventSignUp.event_id)
        .where(*conditions)
        .order_by(Event.starts_at, EventSignUp.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [SignUp(row, event) for row, event in rows]


async def find(db: AsyncSession, sign_up_id: int) -> SignUp | None:
    """Return a sign-up that is not cancelled, with its place in the waiting list."""
    found = await sign_ups(db, EventSignUp.id == sign_up_id, STANDING)
    return SignUp(found[0].row, found[0].event, await position(db, found[0].row)) if found else None


async def sign_up_of(db: AsyncSession, sign_up_id: int) -> SignUp:
    """Return the same.

    Raises:
        Refusal: there is none.
    """
    found = await find(db, sign_up_id)
    if found is None:
        raise Refusal(NO_PLACE)
    return found


async def standing(
    db: AsyncSession, event_id: int, address_id: int | None, person_id: int | None
) -> SignUp | None:  # fmt: skip
    """Return the sign-up for an event of a person, or of an account for its own owner; None for a nameless visitor."""
    mine = theirs(EventSignUp, address_id, [] if person_id is None else [person_id])
    found = await sign_ups(db, EventSignUp.event_id == event_id, STANDING, mine)
    return await find(db, found[0].row.id) if found else None


async def to_come(
    db: AsyncSession, address_id: int, person_ids: Collection[int], now: datetime, event_id: int | None = None
) -> list[SignUp]:
    """Return what an account signed up for, or what was for the persons that it speaks for: all that is not over."""
    which = [Event.id == event_id] if event_id is not None else []
    return await sign_ups(
        db, theirs(EventSignUp, address_id, person_ids), STANDING, Event.status == "open", Event.ends_at > now, *which
    )


async def position(db: AsyncSession, row: EventSignUp) -> int | None:
    """Return how many wait, up to and with this one; None for whoever has a place."""
    if row.status != "waiting":
        return None
    before = EventSignUp.event_id == row.event_id, EventSignUp.status == "waiting", EventSignUp.id <= row.id
    return await db.scalar(select(func.count()).select_from(EventSignUp).where(*before))


async def retract(db: AsyncSession, row: EventSignUp, now: datetime) -> None:
    """Take back what was said of a sign-up but has not gone out."""
    own = Address.id == row.address_id if row.address_id else Address.person_id == row.person_id
    if row.address_id and row.person_id:
        own = or_(own, Address.person_id == row.person_id)
    accounts = select(Address.id).where(own).union(select(Proxy.address_id).where(Proxy.person_id == row.person_id))
    about = Outbox.dedupe_key.startswith(key(row), autoescape=True)
    await notice_hold.cancel(db, CANCELLED, now, Outbox.address_id.in_(accounts), Outbox.notice == KIND, about)
