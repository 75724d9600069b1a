"""Files still to be fetched from a channel: which are due, under whose lease, and how each ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.media import Attachment
from db.people import Conversation
from db.turns import Inbox
from services.case_talk import StoredFile
from services.earlier_files import EARLIER

ATTEMPTS = 8
"""Tries at a failing network before a file is given up."""
_WORTH_LOOKING = timedelta(days=30)
"""Files sent outside of any case stay unfetched; after so long they are not even looked at."""


@dataclass(frozen=True, slots=True)
class Due:
    """A file to fetch, and the case that waits for it."""

    attachment: Attachment
    case_id: int


def _is_due(channels: Sequence[str], now: datetime) -> ColumnElement[bool]:
    """Only what a case needs is fetched: sent in one, or shortly before one that is open now."""
    in_a_case = exists().where(
        Inbox.channel == Attachment.channel, Inbox.event_id == Attachment.event_id, Inbox.case_id.is_not(None)
    )
    one_is_open = exists().where(Conversation.address_id == Attachment.address_id, Conversation.case_id.is_not(None))
    return and_(
        Attachment.status == "pending",
        Attachment.available_at.between(now - _WORTH_LOOKING, now),
        (Attachment.channel + "").in_(channels),  # by its bare name SQLite takes an index of all files there are
        Attachment.file_ref.is_not(None),
        or_(in_a_case, and_(Attachment.at > now - EARLIER, one_is_open)),
    )


async def any_due(db: AsyncSession, channels: Sequence[str], now: datetime) -> bool:
    """Tell whether there is anything to fetch, without waiting for a writer."""
    return await db.scalar(select(Attachment.id).where(_is_due(channels, now)).limit(1)) is not None


async def claim(db: AsyncSession, channels: Sequence[str], now: datetime, lease: timedelta, limit: int) -> list[Due]:
    """Take the next files to fetch; whoever does not report back by the lease's end loses them to another."""
    due = (
        select(Attachment.id)
        .where(_is_due(channels, now))
        .order_by(Attachment.available_at, Attachment.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await db.scalars(
        update(Attachment)
        .where(Attachment.id.in_(due))
        .values(available_at=now + lease, attempts=Attachment.attempts + 1)
        .returning(Attachment)
        .execution_options(synchronize_session=False)
    )
    rows = {attachment.id: attachment for attachment in taken}
    waiting = await db.execute(
        select(Attachment.id, func.coalesce(Inbox.case_id, Conversation.case_id))
        .join(Inbox, and_(Inbox.channel == Attachment.channel, Inbox.event_id == Attachment.event_id))
        .join(Conversation, Conversation.address_id == Attachment.address_id)
        .where(Attachment.id.in_(rows))
        .order_by(Attachment.id)
    )
    return [Due(rows[attachment_id], case_id) for attachment_id, case_id in waiting if case_id is not None]


async def store(db: AsyncSession, due: Due, file: StoredFile) -> bool:
    """Note that the bytes lie in the data folder; False when another was faster."""
    return await _change(
        db, due, status="stored", error=None, kind=file.kind, name=file.name, media_type=file.media_type,
        size=file.size, sha256=file.sha256,
    )  # fmt: skip


async def end(db: AsyncSession, due: Due, status: str, error: str) -> bool:
    """Note that the file was refused or could not be had."""
    return await _change(db, due, status=status, error=error)


async def retry(db: AsyncSession, due: Due, until: datetime, error: str, *, counts: bool = True) -> bool:
    """Have it tried again not before a moment; a pause the channel asked for is no try."""
    return await _change(db, due, available_at=until, error=error, attempts=due.attachment.attempts - (not counts))


async def _change(db: AsyncSession, due: Due, **values: Any) -> bool:
    ours = and_(
        Attachment.id == due.attachment.id,
        Attachment.status == "pending",
        Attachment.attempts == due.attachment.attempts,
    )
    done = await db.execute(
        update(Attachment).where(ours).values(**values).execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def with_messages(db: AsyncSession, outbox_ids: Sequence[int]) -> dict[int, Attachment]:
    """Return the files that go with outbox rows, by row id."""
    if not outbox_ids:
        return {}
    found = await db.scalars(select(Attachment).where(Attachment.outbox_id.in_(outbox_ids)))
    return {attachment.outbox_id: attachment for attachment in found if attachment.outbox_id is not None}


async def with_events(db: AsyncSession, address_id: int, event_ids: Sequence[str]) -> dict[str, Attachment]:
    """Return the files that came with an address's inbounds, by event id."""
    found = await db.scalars(
        select(Attachment).where(Attachment.address_id == address_id, Attachment.event_id.in_(event_ids))
    )
    return {attachment.event_id: attachment for attachment in found if attachment.event_id is not None}


async def count_since(db: AsyncSession, address_id: int, since: datetime) -> int:
    """Return how many files an address has sent since a moment."""
    mine = select(func.count()).select_from(Attachment)
    sent = mine.where(Attachment.address_id == address_id, Attachment.event_id.is_not(None), Attachment.at >= since)
    return await db.scalar(sent) or 0


async def of_address(db: AsyncSession, address_id: int, attachment_id: int) -> Attachment | None:
    """Return a stored file if it is the address's own."""
    return await db.scalar(
        select(Attachment).where(
            Attachment.id == attachment_id, Attachment.address_id == address_id, Attachment.status == "stored"
        )
    )
