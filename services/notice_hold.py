"""Take back notices that were decided, or let go already, but are not on their way, because the world has changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address
from db.turns import Outbox
from services import notice_merge


def accounts_of(address_id: int) -> Select[int]:
    """Return the ids of all accounts of the person whose account this is; of a stranger's, only its own."""
    own = select(Address.person_id).where(Address.id == address_id).scalar_subquery()
    return select(Address.id).where(or_(Address.id == address_id, Address.person_id == own))


async def cancel(db: AsyncSession, reason: str, now: datetime, *which: ColumnElement[bool]) -> list[int]:
    """Cancel the notices that `which` tells of an Outbox row, but for those being sent at this moment; return their ids.

    A message that says several is taken apart: the others are held again, and said without what is cancelled.
    """
    into = await db.scalars(
        select(Outbox.error).where(Outbox.status == "cancelled", Outbox.error.startswith(notice_merge.MERGED), *which)
    )
    kept = [notice_merge.merged_into(error or "") for error in into]
    messages = await db.scalars(
        select(Outbox)
        .where(_not_on_its_way(now), or_(Outbox.id.in_(kept), and_(*which)) if kept else and_(*which))
        .with_for_update()
    )
    await _take_apart(db, [message for message in messages if "parts" in message.payload], now)
    done = await db.scalars(
        update(Outbox)
        .where(_not_on_its_way(now), *which)
        .values(status="cancelled", error=reason)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return list(done)


async def judge_again(db: AsyncSession, address_id: int, now: datetime) -> None:
    """Hold what was let go for a person but not sent, so that the policy looks at it once more."""
    await db.execute(
        update(Outbox)
        .where(Outbox.address_id.in_(accounts_of(address_id)), Outbox.status == "ready", _not_on_its_way(now))
        .values(status="held", available_at=now)
        .execution_options(synchronize_session=False)
    )


def _not_on_its_way(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now)
    return and_(Outbox.notice.is_not(None), Outbox.status.in_(("held", "ready")), unclaimed)


async def _take_apart(db: AsyncSession, messages: Sequence[Outbox], now: datetime) -> None:
    if not messages:
        return
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
