"""The ledger of who has heard of which post: one person's accounts count as one, and so do posts of one group."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import JobTold
from db.people import Address
from db.turns import Outbox
from db.upsert import insert_all_new
from knowledge.job_wish import Post
from services.notice_merge import MERGED

_NEVER_CAME: ColumnElement[bool] = and_(
    Outbox.status == "cancelled", Outbox.attempts == 0, ~func.coalesce(Outbox.error, "").startswith(MERGED)
)
"""Of a notice: taken back before any channel had tried to bring it, and not said by another one either."""


async def accounts(db: AsyncSession, address_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return all accounts of the person whom each account belongs to; of a stranger's, only its own."""
    owners = dict((await db.execute(_OWNERS.where(Address.id.in_(list(address_ids))))).all())
    people = {person_id for person_id in owners.values() if person_id is not None}
    theirs: defaultdict[int, set[int]] = defaultdict(set)
    for account, person_id in await db.execute(_OWNERS.where(Address.person_id.in_(people))):
        theirs[person_id or 0].add(account)
    return {account: {account} if owner is None else theirs[owner] for account, owner in owners.items()}


_OWNERS = select(Address.id, Address.person_id)


async def heard(db: AsyncSession, address_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return what each account's person has heard of: posts, and the groups that they were told as."""
    whose = await accounts(db, address_ids)
    told: defaultdict[int, set[int]] = defaultdict(set)
    rows = await db.execute(
        select(JobTold.address_id, JobTold.group_id, JobTold.job_id)
        .outerjoin(Outbox, Outbox.dedupe_key == JobTold.key)
        .where(JobTold.address_id.in_(set().union(*whose.values())), or_(Outbox.id.is_(None), ~_NEVER_CAME))
    )
    for account, *posts in rows:
        told[account].update(posts)
    return {account: set().union(*(told[one] for one in others)) for account, others in whose.items()}


async def tell(db: AsyncSession, address_id: int, posts: Iterable[Post], now: datetime, key: str | None = None) -> None:
    """Note that an account hears of posts, by a notice with that key or in an answer."""
    await tell_all(db, [(address_id, post, key) for post in posts], now)


async def tell_all(db: AsyncSession, told: Sequence[tuple[int, Post, str | None]], now: datetime) -> None:
    """Note for many accounts what they hear of; what was never brought to them is forgotten first."""
    addresses = {address_id for address_id, _, _ in told}
    never_came = select(Outbox.dedupe_key).where(Outbox.address_id.in_(addresses), Outbox.notice == "jobs", _NEVER_CAME)
    await db.execute(
        delete(JobTold)
        .where(JobTold.address_id.in_(addresses), JobTold.key.in_(never_came))
        .execution_options(synchronize_session=False)
    )
    rows: list[dict[str, Any]] = [
        {"address_id": address_id, "group_id": post.group, "job_id": post.id, "key": key, "at": now}
        for address_id, post, key in told
    ]
    await insert_all_new(db, JobTold, rows)
