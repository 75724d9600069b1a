"""Messages decided in a transaction, claimed under a lease, and settled once: nothing lost, nothing sent twice knowingly."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, exists, literal_column, or_, select, union_all, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from core.menu import numbered
from core.reply import Choice, Document, Lane, Reply
from core.text import split_at_sentences
from db.base import UtcDateTime
from db.turns import Outbox

ATTEMPTS = 8
"""Tries at a failing network before a message is given up."""
SAID = ("ready", "sent")
"""The statuses of what was decided to be said; what is held may never be."""
_READY: ColumnElement[str] = literal_column("'ready'")
"""Written out: an index of the ready rows alone does not serve a parameter."""
_AHEAD = timedelta(hours=1)
"""Longer than any lease, and than clocks of several machines differ."""


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


def payload(
    text: str, choices: Sequence[Choice], document: Document | None = None, qr: str | None = None
) -> dict[str, Any]:
    """Return what is stored of a message; each choice carries its digit for every channel to show."""
    beside = {"document": document and asdict(document), "qr": qr}
    return {
        "text": text,
        "choices": [{"label": c.label, "action": c.action, "digit": digit} for digit, c in numbered(choices)],
    } | {name: value for name, value in beside.items() if value is not None}


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
    cut = split_at_sentences(reply.text, to.limit)
    parts = [payload(part, ()) for part in cut[:-1]]
    parts += [payload(part, reply.choices, reply.document, reply.qr) for part in cut[-1:]]
    rows = [
        Outbox(
            channel=to.channel,
            recipient=to.external_id,
            address_id=to.address_id,
            case_id=about.case_id,
            staff_id=about.staff_id,
            lane=lane,
            payload=part | dict(about.extra),
            at=now,
            available_at=now,
            in_reply_to=in_reply_to,
            edits_id=edits_id if part is parts[0] else None,
            dedupe_key=about.key if part is parts[0] else None,
        )
        for part in parts
    ]
    for row in rows:  # one flush each keeps the ids in the order of the parts
        db.add(row)
        await db.flush()
    return [row.id for row in rows]


async def claim(
    db: AsyncSession,
    channels: Sequence[str],
    now: datetime,
    lease: timedelta,
    limit: int = 50,
    lanes: Sequence[Lane] = tuple(Lane),
) -> list[Outbox]:
    """Take the next due messages: the first of each recipient and lane, lower lanes first."""
    moments = {"now": now, "ahead": now + _AHEAD, "until": now + lease}
    taken = await db.scalars(
        _claim(tuple(channels), tuple(lanes)),
        moments | {"most": limit, "token": str(uuid4())},
        execution_options={"synchronize_session": False},
    )
    return sorted(taken, key=lambda row: (row.lane, row.id))


@cache
def _claim(channels: Sequence[str], lanes: Sequence[Lane]) -> ReturningUpdate[Outbox]:
    """Write the statement once: putting it together takes ten times as long as running it."""
    queues = [_first_of_queue(channel, lane) for lane in lanes for channel in channels]
    due = union_all(*(select(queue.c.id, queue.c.lane) for queue in queues)).subquery()
    return (
        update(Outbox)
        .where(Outbox.id.in_(select(due.c.id).order_by(due.c.lane, due.c.id).limit(bindparam("most"))))
        .values(lease_token=bindparam("token"), lease_until=bindparam("until"), attempts=Outbox.attempts + 1)
        .returning(Outbox)
    )


def _first_of_queue(channel: str, lane: Lane) -> Subquery:
    """Read one channel's lane along its index, so that what waits in others is not even looked at."""
    earlier = aliased(Outbox)
    first = ~exists().where(
        earlier.status == _READY,
        earlier.channel == Outbox.channel,
        earlier.recipient == Outbox.recipient,
        earlier.lane == Outbox.lane,
        earlier.id < Outbox.id,
    )
    return (
        select(Outbox.id, Outbox.lane)
        .where(Outbox.status == _READY, Outbox.channel == channel, Outbox.lane == int(lane), _due(), first)
        .order_by(Outbox.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .subquery()
    )


def _due() -> ColumnElement[bool]:
    """Tell what may go now. A moment too far ahead was written before the clock was set back, and means nothing."""
    now, ahead = bindparam("now", type_=UtcDateTime), bindparam("ahead", type_=UtcDateTime)
    due = or_(Outbox.available_at <= now, and_(Outbox.at > ahead, Outbox.error.is_(None)))
    return and_(due, or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now, Outbox.lease_until > ahead))


def _still_ours(row: Outbox) -> Any:
    return and_(Outbox.id == row.id, Outbox.lease_token == row.lease_token, Outbox.status == "ready")


async def _change(db: AsyncSession, row: Outbox, **values: Any) -> bool:
    done = await db.execute(
        update(Outbox)
        .where(_still_ours(row))
        .values({"lease_token": None, "lease_until": None} | values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


SETTLE = (
    update(Outbox)
    .where(
        Outbox.id == bindparam("row"),
        Outbox.lease_token == bindparam("token"),
        Outbox.status != "sent",
        Outbox.status != "dead",
    )
    .values(status="sent", external_id=bindparam("external"), error=None, lease_token=None, lease_until=None)
)
"""It is on the screen, so this holds against whoever held or cancelled it while it was on its way."""


def settling(row: Outbox, external_id: str | None) -> dict[str, Any]:
    """Return the values of `SETTLE`."""
    return {"row": row.id, "token": row.lease_token, "external": external_id}


async def settle(db: AsyncSession, row: Outbox, external_id: str | None) -> bool:
    """Mark a claimed message sent; False when the lease had passed to another."""
    done = await db.execute(SETTLE, settling(row, external_id), execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def postpone(db: AsyncSession, row: Outbox, until: datetime, error: str, *, counts: bool = True) -> bool:
    """Give a claimed message back to be tried again not before a moment; a pause the channel asked for is no try."""
    return await _change(db, row, available_at=until, error=error, attempts=row.attempts - (not counts))


async def hold_back(db: AsyncSession, row: Outbox, now: datetime) -> bool:
    """Give a claimed notice back to the notice policy, because its recipient's quiet hours have begun."""
    return await _change(db, row, status="held", available_at=now, attempts=row.attempts - 1)


async def give_up(db: AsyncSession, row: Outbox, error: str) -> bool:
    """Mark a claimed message as never deliverable, for staff to see."""
    return await _change(db, row, status="dead", error=error)


async def let_expire(db: AsyncSession, row: Outbox) -> bool:
    """Cancel a claimed notice that would come too late."""
    return await _change(db, row, status="cancelled", error="expired")


async def give_back(db: AsyncSession, rows: Sequence[Outbox]) -> None:
    """Let go of claimed messages that this process will not send after all, for others to take at once."""
    tokens = {row.lease_token for row in rows}
    await db.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]), Outbox.lease_token.in_(tokens), Outbox.status == "ready")
        .values(lease_token=None, lease_until=None, attempts=Outbox.attempts - 1)
        .execution_options(synchronize_session=False)
    )


async def prolong(db: AsyncSession, row: Outbox, until: datetime) -> bool:
    """Keep a claimed message for longer, because a file takes its time; False when the lease had passed to another."""
    return await _change(db, row, lease_token=row.lease_token, lease_until=until)


async def find_by_external_id(db: AsyncSession, channel: str, recipient: str, external_id: str) -> int | None:
    """Find the row of a message that the channel knows by its own id."""
    return await db.scalar(
        select(Outbox.id).where(
            Outbox.channel == channel, Outbox.recipient == recipient, Outbox.external_id == external_id
        )
    )


async def last_said(db: AsyncSession, address_id: int) -> dict[str, Any] | None:
    """Return the payload of the last message written to an address."""
    said = Outbox.address_id == address_id, Outbox.status.in_(SAID)
    return await db.scalar(select(Outbox.payload).where(*said).order_by(Outbox.id.desc()).limit(1))
