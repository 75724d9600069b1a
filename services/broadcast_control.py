"""Stop a broadcast while it runs: at once, so that nothing goes out but what is being sent at that moment."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.tick import Pass
from db.broadcasts import Broadcast
from db.turns import Outbox
from services import broadcasts, notice_hold, notice_merge

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
"""Until when the messages of a paused broadcast are held."""
NOT_SENDING = "这个群发现在没有在发送，请刷新看看。"
NOT_PAUSED = "这个群发现在没有暂停，请刷新看看。"
OVER = "这个群发已经结束了。"


async def pause(db: AsyncSession, broadcast_id: int, now: datetime) -> Broadcast:
    """Hold what has not gone out.

    Raises:
        Refusal: it is not being sent.
    """
    broadcast = await broadcasts.read(db, broadcast_id, lock=True)
    if broadcast.status != "sending":
        raise Refusal(NOT_SENDING)
    broadcast.status = "paused"
    await db.flush()
    await _hold(db, broadcast.id, now)
    return broadcast


async def resume(db: AsyncSession, broadcast_id: int, now: datetime) -> Broadcast:
    """Go on where it stopped.

    Raises:
        Refusal: it is not paused.
    """
    broadcast = await broadcasts.read(db, broadcast_id, lock=True)
    if broadcast.status != "paused":
        raise Refusal(NOT_PAUSED)
    broadcast.status = "sending"
    await db.flush()
    waiting = and_(Outbox.broadcast_id == broadcast.id, Outbox.status == "held", Outbox.available_at == NEVER)
    held = update(Outbox).where(waiting).values(available_at=now)
    await db.execute(held.execution_options(synchronize_session=False))
    return broadcast


async def cancel(db: AsyncSession, broadcast_id: int, now: datetime) -> Broadcast:
    """End it for good, in whatever state it is.

    Raises:
        Refusal: it is over.
    """
    broadcast = await broadcasts.read(db, broadcast_id, lock=True)
    if broadcast.status in ("done", "cancelled"):
        raise Refusal(OVER)
    broadcast.status, broadcast.done_at = "cancelled", now
    await db.flush()
    await _withdraw(db, broadcast.id, now)
    return broadcast


async def keep_stopped(db: AsyncSession, now: datetime) -> Pass:
    """Stop what was being sent when its broadcast was stopped, and came back to be tried again."""
    stray = and_(Outbox.broadcast_id == Broadcast.id, _unclaimed(now))
    paused = and_(Broadcast.status == "paused", select(Outbox.id).where(stray, Outbox.status == "ready").exists())
    open_ = Outbox.status.in_(("ready", "held"))
    cancelled = and_(Broadcast.status == "cancelled", select(Outbox.id).where(stray, open_).exists())
    found = await db.execute(select(Broadcast.id, Broadcast.status).where(or_(paused, cancelled)))
    rows = found.all()
    for broadcast_id, status in rows:
        await (_hold if status == "paused" else _withdraw)(db, broadcast_id, now)
    return Pass(len(rows))


async def _hold(db: AsyncSession, broadcast_id: int, now: datetime) -> None:
    await _take_apart(db, broadcast_id, now)
    waiting = and_(Outbox.broadcast_id == broadcast_id, Outbox.status.in_(("ready", "held")), _unclaimed(now))
    held = update(Outbox).where(waiting).values(status="held", available_at=NEVER)
    await db.execute(held.execution_options(synchronize_session=False))


async def _withdraw(db: AsyncSession, broadcast_id: int, now: datetime) -> None:
    await _take_apart(db, broadcast_id, now)
    await notice_hold.cancel(db, "cancelled", now, Outbox.broadcast_id == broadcast_id)


async def _take_apart(db: AsyncSession, broadcast_id: int, now: datetime) -> None:
    """Make messages of their own again of what was merged with messages of this broadcast."""
    waiting = and_(Outbox.status.in_(("ready", "held")), _unclaimed(now))
    merged = Outbox.error.startswith(notice_merge.MERGED)
    errors = await db.scalars(select(Outbox.error).where(Outbox.broadcast_id == broadcast_id, merged))
    into = [notice_merge.merged_into(error) for error in errors if error]
    wholes = await db.scalars(
        select(Outbox)
        .where(waiting, or_(Outbox.id.in_(into), Outbox.broadcast_id == broadcast_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in [row for row in wholes if "parts" in row.payload]:
        others = update(Outbox).where(Outbox.error == f"{notice_merge.MERGED}{row.id}", Outbox.status == "cancelled")
        await db.execute(
            others.values(status="held", error=None, available_at=now).execution_options(synchronize_session=False)
        )
        row.payload, row.status, row.available_at = notice_merge.own_part(row), "held", now
    await db.flush()


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now)
