"""Messages decided in a transaction, claimed under a lease, and settled once: nothing lost, nothing sent twice knowingly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.menu import numbered
from core.reply import Choice, Lane, Reply
from core.text import split_at_sentences
from db.turns import Outbox

ATTEMPTS = 8
"""Tries at a failing network before a message is given up."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes and how long one may be (characters)."""

    channel: str
    external_id: str
    address_id: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class About:
    """Which case a message belongs to, who of staff wrote it, what else its row keeps, and what makes it only one."""

    case_id: int | None = None
    staff_id: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    """The dedupe key of the first part."""


def payload(text: str, choices: Sequence[Choice]) -> dict[str, Any]:
    """Return what is stored of a message; each choice carries its digit for every channel to show."""
    return {
        "text": text,
        "choices": [{"label": c.label, "action": c.action, "digit": digit} for digit, c in numbered(choices)],
    }


async def post(
    db: AsyncSession,
    to: Recipient,
    reply: Reply,
    now: datetime,
    *,
    lane: Lane = Lane.REPLY,
    in_reply_to: str | None = None,
    edits_id: int | None = None,
    about: About = About(),
) -> list[int]:
    """Write a message into the outbox, cut at sentences where it is over the channel's limit; return the row ids."""
    parts = split_at_sentences(reply.text, to.limit)
    rows = [
        Outbox(
            channel=to.channel,
            recipient=to.external_id,
            address_id=to.address_id,
            case_id=about.case_id,
            staff_id=about.staff_id,
            lane=lane,
            payload=payload(part, reply.choices if last else ()) | dict(about.extra),
            at=now,
            available_at=now,
            in_reply_to=in_reply_to,
            edits_id=edits_id if first else None,
            dedupe_key=about.key if first else None,
        )
        for part, first, last in zip(
            parts, [True] + [False] * len(parts), [False] * (len(parts) - 1) + [True], strict=False
        )
    ]
    for row in rows:  # one flush each keeps the ids in the order of the parts
        db.add(row)
        await db.flush()
    return [row.id for row in rows]


async def claim(
    db: AsyncSession, channels: Sequence[str], now: datetime, lease: timedelta, limit: int = 50
) -> list[Outbox]:
    """Take the next due messages: the first of each recipient and lane, lower lanes first."""
    earlier = aliased(Outbox)
    first = ~exists().where(
        earlier.status == "ready",
        earlier.channel == Outbox.channel,
        earlier.recipient == Outbox.recipient,
        earlier.lane == Outbox.lane,
        earlier.id < Outbox.id,
    )
    due = (
        select(Outbox.id)
        .where(
            Outbox.status == "ready",
            (Outbox.channel + "").in_(channels),  # by its bare name SQLite takes an index of all that was ever sent
            Outbox.available_at <= now,
            or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now),
            first,
        )
        .order_by(Outbox.lane, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await db.scalars(
        update(Outbox)
        .where(Outbox.id.in_(due))
        .values(lease_token=str(uuid4()), lease_until=now + lease, attempts=Outbox.attempts + 1)
        .returning(Outbox)
        .execution_options(synchronize_session=False)
    )
    return sorted(taken, key=lambda row: (row.lane, row.id))


def _still_ours(row: Outbox) -> Any:
    return and_(Outbox.id == row.id, Outbox.lease_token == row.lease_token, Outbox.status == "ready")


async def _change(db: AsyncSession, row: Outbox, **values: Any) -> bool:
    done = await db.execute(
        update(Outbox)
        .where(_still_ours(row))
        .values(lease_token=None, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def settle(db: AsyncSession, row: Outbox, external_id: str | None) -> bool:
    """Mark a claimed message sent; False when the lease had passed to another."""
    return await _change(db, row, status="sent", external_id=external_id)


async def postpone(db: AsyncSession, row: Outbox, until: datetime, error: str, *, counts: bool = True) -> bool:
    """Give a claimed message back to be tried again not before a moment; a pause the channel asked for is no try."""
    return await _change(db, row, available_at=until, error=error, attempts=row.attempts - (not counts))


async def give_up(db: AsyncSession, row: Outbox, error: str) -> bool:
    """Mark a claimed message as never deliverable, for staff to see."""
    return await _change(db, row, status="dead", error=error)


async def acknowledge(
    db: AsyncSession, address_id: int, ids: Sequence[int], read_at: datetime | None = None
) -> list[Outbox]:
    """Settle the messages that a browser has, and note when a screen showed them; return those that changed."""
    own = and_(Outbox.address_id == address_id, Outbox.id.in_(ids))
    settled = await db.scalars(
        update(Outbox)
        .where(own, Outbox.status == "ready")
        .values(status="sent")
        .returning(Outbox)
        .execution_options(synchronize_session=False)
    )
    changed = {row.id: row for row in settled}
    if read_at is not None:
        read = await db.scalars(
            update(Outbox)
            .where(own, Outbox.status == "sent", Outbox.read_at.is_(None))
            .values(read_at=read_at)
            .returning(Outbox)
            .execution_options(synchronize_session=False)
        )
        changed |= {row.id: row for row in read}
    return list(changed.values())


async def prolong(db: AsyncSession, row: Outbox, until: datetime) -> bool:
    """Keep a claimed message for longer, because a file takes its time; False when the lease had passed to another."""
    done = await db.execute(
        update(Outbox).where(_still_ours(row)).values(lease_until=until).execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def last_id(db: AsyncSession, address_id: int) -> int:
    """Return the id of the last message written to an address, 0 for none."""
    return await db.scalar(select(func.max(Outbox.id)).where(Outbox.address_id == address_id)) or 0


async def unsettled(db: AsyncSession, address_id: int, after: int | None) -> list[Outbox]:
    """Return what a browser has yet to show: rows still ready, and those another tab settled after the given id."""
    waiting = Outbox.status == "ready"
    if after is not None:
        waiting = or_(waiting, and_(Outbox.id > after, Outbox.status == "sent"))
    rows = await db.scalars(select(Outbox).where(Outbox.address_id == address_id, waiting).order_by(Outbox.id))
    return list(rows)


async def find_by_external_id(db: AsyncSession, channel: str, recipient: str, external_id: str) -> int | None:
    """Find the row of a message that the channel knows by its own id."""
    return await db.scalar(
        select(Outbox.id).where(
            Outbox.channel == channel, Outbox.recipient == recipient, Outbox.external_id == external_id
        )
    )


async def last_said(db: AsyncSession, address_id: int) -> dict[str, Any] | None:
    """Return the payload of the last message written to an address."""
    return await db.scalar(
        select(Outbox.payload).where(Outbox.address_id == address_id).order_by(Outbox.id.desc()).limit(1)
    )
