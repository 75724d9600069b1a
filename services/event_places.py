"""Who has a place at an event, and who waits for one: never more than there are, and the first who waits is the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.events import Event, EventSignUp
from db.people import Address, Person
from db.upsert import insert_new
from services import event_reminders, seats
from services.cases import new_code
from services.event_list import SignUp, event_of, group_of, is_for, takes_sign_ups
from services.event_sign_ups import STANDING, position, retract, sign_up_of, sign_ups, standing
from services.vault import Vault
from services.who import BY_STAFF, Who

_PREFIX = {"fair": "ZP", "training": "PX", "activity": "HD"}
_CODE_TRIES = 20

OVER = "这场活动已经不能报名了。"
NOT_FOR = "这次不是给您这一类安排的。"
NOBODY = "没有找到这位服务对象。"
WAS_THERE = "已经签到了，不用取消。"
NO_CONTACT = "请写上姓名或电话，好联系得上。"


async def sign_up(db: AsyncSession, vault: Vault, event_id: int, who: Who, now: datetime) -> SignUp:
    """Give a place, or one in the waiting list (row.status says which); asked again, the same one.

    Name and phone are sealed here. Staff (made_by is BY_STAFF) may sign up anybody until it ends, who is told of it.

    Raises:
        Refusal: it takes nobody on any more, is not for this person, or there is no such person.
    """
    by_staff = who.made_by == BY_STAFF
    if by_staff and not (who.person_id or who.name or who.phone):
        raise Refusal(NO_CONTACT)
    person = await _person(db, who.person_id)
    event = await hold(db, event_id)
    if before := await standing(db, event_id, who.address_id, who.person_id):
        return before
    if not (event.status == "open" and now < event.ends_at if by_staff else takes_sign_ups(event, now)):
        raise Refusal(OVER)
    if not by_staff and not is_for(event, person):
        raise Refusal(NOT_FOR)
    return await add(db, vault, event, who, now, news="signed" if by_staff else None)


async def add(db: AsyncSession, vault: Vault, event: Event, who: Who, now: datetime, **values: Any) -> SignUp:
    """Write somebody down for an event that is locked: with a place if one is free, else as the last who waits."""
    status = "active" if await seats.take(db, Event, event.id) else "waiting"
    values |= {
        "event_id": event.id, "address_id": who.address_id, "person_id": who.person_id,
        "name": _sealed(vault, who.name), "phone": _sealed(vault, who.phone), "made_by": who.made_by,
        "status": status, "created_at": now,
        "reminded_for": event.starts_at if event_reminders.moment(event.starts_at) <= now else None,
    }  # fmt: skip
    for _ in range(_CODE_TRIES):
        code = f"{_PREFIX[group_of(event.kind)]}-{new_code()}"
        if await insert_new(db, EventSignUp, code=code, **values):
            row = (await db.scalars(select(EventSignUp).where(EventSignUp.code == code))).one()
            return SignUp(row, await event_of(db, event.id), await position(db, row))
    raise RuntimeError("no free code of a sign-up")


async def cancel(
    db: AsyncSession, sign_up_id: int, now: datetime, *, reason: str | None = None
) -> tuple[SignUp, list[SignUp]]:
    """Give a place back; return it, and who moved up from the waiting list. With staff's reason, the person is told.

    Raises:
        Refusal: there is none, or its owner has checked in.
    """
    before = await sign_up_of(db, sign_up_id)
    event = await hold(db, before.event.id)
    before = await sign_up_of(db, sign_up_id)
    if before.row.attended_at is not None:
        raise Refusal(WAS_THERE)
    await _end(db, [before], now, reason)
    return before, await fill(db, event, now)


async def fill(db: AsyncSession, event: Event, now: datetime) -> list[SignUp]:
    """Give the free places of a locked event to those who wait, the first first; they are told so by a tick."""
    if event.status != "open" or event.starts_at <= now:
        return []
    free = await db.scalar(select(Event.capacity - Event.taken).where(Event.id == event.id)) or 0
    waiting = select(EventSignUp.id).where(EventSignUp.event_id == event.id, EventSignUp.status == "waiting")
    first = (await db.scalars(waiting.order_by(EventSignUp.id).limit(max(free, 0)))).all()
    if not first or not await seats.take(db, Event, event.id, len(first)):
        return []
    late = {"reminded_for": event.starts_at} if event_reminders.moment(event.starts_at) <= now else {}
    await _set(db, EventSignUp.id.in_(first), status="active", news="moved_up", **late)
    return await sign_ups(db, EventSignUp.id.in_(first))


async def cancel_all(db: AsyncSession, person_id: int, now: datetime) -> int:
    """Give back every place to come of somebody who has died or whose record was erased; return how many."""
    accounts = select(Address.id).where(Address.person_id == person_id)
    theirs = (EventSignUp.person_id == person_id) | (
        EventSignUp.person_id.is_(None) & EventSignUp.address_id.in_(accounts)
    )
    count = 0
    to_come = await sign_ups(db, theirs, STANDING, Event.ends_at > now, EventSignUp.attended_at.is_(None))
    await seats.hold(db, Event, {one.event.id for one in to_come})
    for one in to_come:
        event = await event_of(db, one.event.id)
        count += await _end(db, await sign_ups(db, EventSignUp.id == one.row.id, STANDING), now, None)
        await fill(db, event, now)
    return count


async def hand_over(db: AsyncSession, from_id: int, to_id: int, now: datetime) -> None:
    """Move the sign-ups of a record that is joined with another; of two for one event the better one stays."""
    both = select(EventSignUp.event_id).where(EventSignUp.person_id == from_id, STANDING)
    mine = await sign_ups(db, EventSignUp.person_id == to_id, STANDING, EventSignUp.event_id.in_(both))
    await seats.hold(db, Event, [own.event.id for own in mine])
    for own in mine:
        theirs = (await sign_ups(db, EventSignUp.person_id == from_id, EventSignUp.event_id == own.event.id, STANDING))[
            0
        ]
        event = await event_of(db, own.event.id)
        await _end(db, [min(own, theirs, key=_worth)], now, None)
        await fill(db, event, now)
    await _set(db, EventSignUp.person_id == from_id, person_id=to_id)


def _worth(one: SignUp) -> tuple[bool, bool, int]:
    return one.row.attended_at is not None, one.row.status == "active", -one.row.id


async def hold(db: AsyncSession, event_id: int) -> Event:
    """Lock an event: whoever takes or gives back a place of it comes through here, one after the other.

    Raises:
        Refusal: there is none.
    """
    await seats.hold(db, Event, (event_id,))
    return await event_of(db, event_id)


async def _end(db: AsyncSession, found: list[SignUp], now: datetime, reason: str | None) -> int:
    """Cancel sign-ups of locked events, and take back what was said of them but has not gone out."""
    for one in found:
        news = "dropped" if reason else None
        await retract(db, one.row, now)
        if one.row.status == "active":
            await seats.give_back(db, Event, one.event.id)
        await _set(db, EventSignUp.id == one.row.id, status="cancelled", ended_at=now, news=news, reason=reason)
    return len(found)


async def _person(db: AsyncSession, person_id: int | None) -> Person | None:
    """Lock a person before the event, in the order of whoever reports a death."""
    if person_id is None:
        return None
    alive = select(Person).where(Person.id == person_id, Person.deceased_at.is_(None), Person.erased_at.is_(None))
    person = await db.scalar(alive.with_for_update(read=True, key_share=True))
    if person is None:
        raise Refusal(NOBODY)
    return person


def _sealed(vault: Vault, text: str | None) -> str | None:
    return vault.encrypt(text) if text else None


async def _set(db: AsyncSession, which: ColumnElement[bool], **values: Any) -> None:
    await db.execute(
        update(EventSignUp).where(which).values(**values).execution_options(synchronize_session=False)
    )  # fmt: skip
