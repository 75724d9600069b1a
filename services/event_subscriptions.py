"""Who wants to hear of new fairs, training classes or activities, and whom an event is announced to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.events import Event, EventSignUp, EventSubscription
from db.people import Address, NoticeStop, Person
from db.turns import Outbox
from db.upsert import insert_new
from services import notice_merge, reach
from services.event_list import group_of, is_for
from services.event_news import ANNOUNCED, announcement
from services.event_sign_ups import STANDING
from services.notice_hold import accounts_of


async def subscribe(db: AsyncSession, address_id: int, group: str, now: datetime) -> None:
    """Let an account hear of a group; whoever had stopped these notices wants them again."""
    await insert_new(db, EventSubscription, address_id=address_id, kind=group, at=now)
    await db.execute(
        delete(NoticeStop).where(NoticeStop.address_id.in_(accounts_of(address_id)), NoticeStop.kind == ANNOUNCED)
    )


async def stop(db: AsyncSession, address_id: int, group: str) -> None:
    """Let every account of the person hear of a group no more."""
    theirs = EventSubscription.address_id.in_(accounts_of(address_id))
    await db.execute(delete(EventSubscription).where(theirs, EventSubscription.kind == group))


async def of_account(db: AsyncSession, address_id: int) -> set[str]:
    """Return the groups that the person hears of, on whichever account."""
    theirs = select(EventSubscription.kind).where(EventSubscription.address_id.in_(accounts_of(address_id)))
    return set(await db.scalars(theirs))


async def to_announce(db: AsyncSession) -> Event | None:
    """Return the next event that is being announced, locked."""
    being = Event.announced_to.is_not(None)
    return await db.scalar(
        select(Event).where(being).order_by(Event.id).limit(1).with_for_update(key_share=True)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listener:
    """An account that hears of an event."""

    address: Address
    heard: bool
    """It was told of it before."""


async def listeners(db: AsyncSession, event: Event, limit: int) -> tuple[list[Listener], int | None]:
    """Return the next accounts that an event is announced to, and up to which id; None when all have been.

    Left out: who has signed up, and hears of it as such; whom it is not for; the accounts of one person but the best.
    """
    better, known = aliased(Address), aliased(EventSubscription)
    group = group_of(event.kind)
    push_instead = exists().where(
        better.person_id == Address.person_id, better.id == known.address_id, known.kind == group, better.reachable,
        better.channel.in_(reach.PUSH), Address.channel.not_in(reach.PUSH),
    )  # fmt: skip
    rows = await db.execute(
        select(Address, Person, push_instead)
        .join(EventSubscription, EventSubscription.address_id == Address.id)
        .outerjoin(Person, Person.id == Address.person_id)
        .where(EventSubscription.kind == group, Address.id > (event.announced_to or 0), Address.reachable)
        .order_by(Address.id)
        .limit(limit)
    )
    found = rows.all()
    gone = await _signed_up(db, event.id, [address for address, _, _ in found])
    heard = await _heard(db, event.id, [address.id for address, _, _ in found])
    wanted = [
        Listener(address, address.id in heard)
        for address, person, instead in found
        if not instead and address.id not in gone and is_for(event, person)
    ]
    return wanted, found[-1][0].id if len(found) == limit else None


async def _signed_up(db: AsyncSession, event_id: int, addresses: Sequence[Address]) -> set[int]:
    people = [one.person_id for one in addresses if one.person_id is not None]
    own = or_(EventSignUp.address_id.in_([one.id for one in addresses]), EventSignUp.person_id.in_(people))
    rows = await db.execute(
        select(EventSignUp.address_id, EventSignUp.person_id).where(EventSignUp.event_id == event_id, STANDING, own)
    )
    accounts, persons = set(), set()
    for account, person in rows:
        accounts.add(account)
        persons.add(person)
    return {
        one.id for one in addresses if one.id in accounts or (one.person_id is not None and one.person_id in persons)
    }


async def _heard(db: AsyncSession, event_id: int, address_ids: Sequence[int]) -> set[int]:
    """Return which accounts an announcement of the event reached, or may still reach."""
    arrived: ColumnElement[bool] = or_(Outbox.status != "cancelled", Outbox.error.startswith(notice_merge.MERGED))
    rows = select(Outbox.address_id).where(
        Outbox.address_id.in_(address_ids), Outbox.notice == ANNOUNCED, arrived,
        Outbox.dedupe_key.startswith(announcement(event_id), autoescape=True),
    )  # fmt: skip
    return {address_id for address_id in await db.scalars(rows) if address_id is not None}


async def announced(db: AsyncSession, event: Event, up_to: int | None) -> None:
    """Note up to which account it is announced."""
    await db.execute(
        update(Event)
        .where(Event.id == event.id)
        .values(announced_to=up_to)
        .execution_options(synchronize_session=False)
    )
