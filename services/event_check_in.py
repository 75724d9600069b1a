"""Who was there: checked in by the code at the door, by one's own code, or ticked off by staff."""

import unicodedata
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.events import Event, EventSignUp
from services import event_places, seats
from services.event_list import DOOR_OPENS, SignUp, door_is_open
from services.event_sign_ups import STANDING, sign_up_of, sign_ups, standing
from services.vault import Vault
from services.who import BY_STAFF, Who

NOT_HERE = "这场活动里没有报名号“{code}”，可能取消了。"
NOT_YET = "还没到签到时间，开始前 1 小时才能签到。"
OFF = "这场活动没有在办，不能签到。"
FULL = "今天的名额已经满了，请问一下现场的工作人员。"


async def open_doors(db: AsyncSession, code: str, now: datetime) -> list[Event]:
    """Return the events at whose door this code stands just now."""
    rows = await db.scalars(
        select(Event).where(Event.door_code == code, Event.status == "open", Event.ends_at > now).order_by(Event.id)
    )
    return [event for event in rows if door_is_open(event, now)]


async def tick(db: AsyncSession, event_id: int, which: str | int, now: datetime) -> SignUp:
    """Note that somebody is there, by a sign-up's code as typed (str) or its id (int); again is no fault.

    Raises:
        Refusal: there is no such sign-up, it is too early, or somebody who waits finds no place free.
    """
    event = await event_places.hold(db, event_id)
    if event.status not in ("open", "over"):
        raise Refusal(OFF)
    if now < event.starts_at - DOOR_OPENS:
        raise Refusal(NOT_YET)
    found = await sign_ups(db, EventSignUp.event_id == event_id, STANDING, _named(which))
    if not found:
        raise Refusal(NOT_HERE.format(code=which))
    return await _there(db, found[0], now)


def _named(which: str | int) -> object:
    return EventSignUp.id == which if isinstance(which, int) else EventSignUp.code == read_code(which)


def read_code(text: str) -> str:
    """Return a sign-up's code however it was typed."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
    return f"{signs[:2]}-{signs[2:]}"


async def arrive(db: AsyncSession, vault: Vault, event: Event, who: Who, now: datetime) -> SignUp:
    """Note that somebody is there who sent the code at the door, also when they had not signed up.

    Raises:
        Refusal: all places are taken, by others than this one, or it was cancelled.
    """
    event = await event_places.hold(db, event.id)
    if event.status not in ("open", "over"):
        raise Refusal(OFF)
    before = await standing(db, event.id, who.address_id, who.person_id)
    if before is not None:
        return await _there(db, before, now)
    if event.taken >= event.capacity:
        raise Refusal(FULL)
    return await _there(db, await event_places.add(db, vault, event, who, now), now)


async def walk_in(
    db: AsyncSession, vault: Vault, event_id: int, name: str | None, phone: str | None, now: datetime
) -> SignUp:
    """Write down somebody who came without having signed up.

    Raises:
        Refusal: it is too early, nothing is known of them, or no place is free.
    """
    event = await event_places.hold(db, event_id)
    if not door_is_open(event, now):
        raise Refusal(NOT_YET if now < event.starts_at else OFF)
    if not (name or phone):
        raise Refusal(event_places.NO_CONTACT)
    return await arrive(db, vault, event, Who(name=name, phone=phone, made_by=BY_STAFF), now)


async def untick(db: AsyncSession, event_id: int, sign_up_id: int) -> SignUp:
    """Take back a tick that was a mistake; the place stays.

    Raises:
        Refusal: there is no such sign-up.
    """
    one = await sign_up_of(db, sign_up_id)
    if one.event.id != event_id:
        raise Refusal(NOT_HERE.format(code=one.row.code))
    await _set(db, one, attended_at=None)
    return await sign_up_of(db, sign_up_id)


async def count(db: AsyncSession, event_id: int) -> tuple[int, int]:
    """Return how many are there, and how many have a place."""
    there = func.count(EventSignUp.attended_at)
    row = await db.execute(
        select(there, func.count()).where(EventSignUp.event_id == event_id, EventSignUp.status == "active")
    )
    came, places = row.one()
    return came, places


async def _there(db: AsyncSession, one: SignUp, now: datetime) -> SignUp:
    if one.row.attended_at is None:
        if one.row.status == "waiting" and not await seats.take(db, Event, one.event.id):
            raise Refusal(FULL)
        await _set(db, one, status="active", attended_at=now, news=None)
    return await sign_up_of(db, one.row.id)


async def _set(db: AsyncSession, one: SignUp, **values: object) -> None:
    await db.execute(
        update(EventSignUp)
        .where(EventSignUp.id == one.row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
