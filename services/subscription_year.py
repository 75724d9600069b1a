"""Nobody is told of work for years because of a word said once: asked after twelve months, and then it ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.jobs import JobSubscription
from db.people import Address
from db.turns import Outbox
from services.digest_accounts import KIND

YEAR, ANSWER = timedelta(days=365), timedelta(days=30)
_AT_ONCE = 200
_HOURS = range(10, 18)
"""Of China's day, outside of anybody's night: what is held until the morning meets the digest of that hour."""


async def to_ask(db: AsyncSession, now: datetime) -> Sequence[tuple[JobSubscription, Address]]:
    """Take subscriptions to ask about, one of an account, and count them as asked; a digest must not be on its way.

    Otherwise the two would become one message, and a digit could mean this or that.
    """
    if now.astimezone(CHINA).hour not in _HOURS:
        return []
    mine, open_ = Outbox.address_id == JobSubscription.address_id, Outbox.status.in_(("held", "ready"))
    unread = exists().where(mine, open_, Outbox.notice == KIND)
    rows = await db.execute(
        select(JobSubscription, Address)
        .join(Address, Address.id == JobSubscription.address_id)
        .where(
            JobSubscription.status != "ended", JobSubscription.renewed_at <= now - YEAR,
            JobSubscription.warned_at.is_(None), ~unread,
        )
        .order_by(JobSubscription.renewed_at, JobSubscription.id)
        .limit(_AT_ONCE)
        .with_for_update(of=JobSubscription, skip_locked=True)
    )  # fmt: skip
    first: dict[int, tuple[JobSubscription, Address]] = {}
    for one, address in rows:
        first.setdefault(address.id, (one, address))
    for one, _ in first.values():
        one.warned_at = now
    await db.flush()
    return list(first.values())


async def end(db: AsyncSession, now: datetime) -> int:
    """End those that nobody kept: thirty days after they were asked about, or when they could not be asked so long."""
    rows = await db.scalars(
        select(JobSubscription)
        .where(
            JobSubscription.status != "ended", JobSubscription.renewed_at <= now - YEAR - ANSWER,
            or_(JobSubscription.warned_at <= now - ANSWER, JobSubscription.renewed_at <= now - YEAR - 2 * ANSWER),
        )
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    over = rows.all()
    for one in over:
        one.status, one.next_at, one.ended_at = "ended", None, now
    await db.flush()
    return len(over)
