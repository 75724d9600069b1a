"""Take back notices that were decided, or let go already, but are not on their way, because the world has changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.people import Address
from db.turns import Outbox
from services import notice_merge

_AT_ONCE = 500
"""Messages taken apart by one statement; a database takes some ten thousand parameters at most."""
_OPEN = and_(Outbox.notice.is_not(None), Outbox.status.in_(("held", "ready")))
_SEVERAL = Outbox.payload["parts"].as_string().is_not(None)
_IS_MERGED = and_(Outbox.status == "cancelled", Outbox.error.startswith(notice_merge.MERGED))
_INTO = case((_IS_MERGED, cast(func.substr(Outbox.error, len(notice_merge.MERGED) + 1), BigInteger)))
"""The message that says a notice; a case, because a database may well look at an error's number before its beginning."""


def accounts_of(address_id: int) -> Select[int]:
    """Return the ids of all accounts of the person whose account this is; of a stranger's, only its own."""
    own = select(Address.person_id).where(Address.id == address_id).scalar_subquery()
    return select(Address.id).where(or_(Address.id == address_id, Address.person_id == own))


async def cancel(db: AsyncSession, reason: str, now: datetime, *which: ColumnElement[bool]) -> list[int]:
    """Cancel the notices that `which` tells of an Outbox row; return their ids.

    One being sent at this moment may still arrive, and then counts as sent; if it comes back, it is not tried again.
    A message that says several is taken apart: the others are held again, and said without what is cancelled; one that
    is being sent is left alone, unless nothing of it is to be said.
    """
    done = await _cancel(db, reason, *which, ~_SEVERAL)
    if messages := await _messages_of(db, now, *which):  # after that: what the policy puts together just now is seen
        for begin in range(0, len(messages), _AT_ONCE):
            await _take_apart(db, messages[begin : begin + _AT_ONCE], now)
        done += await _cancel(db, reason, *which, ~_SEVERAL)
    if wholly := await _wholly(db, *which):
        done += await _cancel(db, reason, Outbox.id.in_(wholly))
    return done


async def _cancel(db: AsyncSession, reason: str, *which: ColumnElement[bool]) -> list[int]:
    done = await db.scalars(
        update(Outbox)
        .where(_OPEN, *which)
        .values(status="cancelled", error=reason)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return list(done)


async def _messages_of(db: AsyncSession, now: datetime, *which: ColumnElement[bool]) -> Sequence[int]:
    """Return the messages not on their way that say several, something of it told by `which`."""
    message = aliased(Outbox)
    still = message.status.in_(("held", "ready"))
    others = await db.scalars(select(message.id).distinct().join(Outbox, message.id == _INTO).where(still, *which))
    own = await db.scalars(select(Outbox.id).where(_not_on_its_way(now), _SEVERAL, *which))
    return sorted({*others, *own})


async def _wholly(db: AsyncSession, *which: ColumnElement[bool]) -> list[int]:
    """Return the messages that say several, and are still open, of which every part is told by `which`."""
    found = await db.execute(select(Outbox.id, Outbox.payload).where(_OPEN, _SEVERAL, *which))
    wholly = []
    for id_, payload in found.all():
        parts = {part["id"] for part in payload["parts"]}
        if parts == set(await db.scalars(select(Outbox.id).where(Outbox.id.in_(parts), *which))):
            wholly.append(id_)
    return wholly


async def judge_again(db: AsyncSession, address_id: int, now: datetime) -> None:
    """Hold what was let go for a person but not sent, so that the policy looks at it once more."""
    await db.execute(
        update(Outbox)
        .where(Outbox.address_id.in_(accounts_of(address_id)), Outbox.status == "ready", _not_on_its_way(now))
        .values(status="held", available_at=now)
        .execution_options(synchronize_session=False)
    )


def _not_on_its_way(now: datetime) -> ColumnElement[bool]:
    return and_(_OPEN, or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now))


async def _take_apart(db: AsyncSession, ids: Sequence[int], now: datetime) -> None:
    free = select(Outbox).where(Outbox.id.in_(ids), _not_on_its_way(now), _SEVERAL).with_for_update()
    messages = (await db.scalars(free, execution_options={"populate_existing": True})).all()
    parts = [part["id"] for message in messages for part in message.payload["parts"]]
    for message in messages:
        message.payload = notice_merge.own_part(message)
        message.status, message.available_at = "held", now
    await db.flush()
    await db.execute(
        update(Outbox)
        .where(Outbox.id.in_(parts), Outbox.status == "cancelled", Outbox.error.startswith(notice_merge.MERGED))
        .values(status="held", error=None)
        .execution_options(synchronize_session=False)
    )
