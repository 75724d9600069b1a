"""Messages for browsers, which fetch them and say themselves what they have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.turns import Outbox
from services import outbox, people


async def acknowledge(
    db: AsyncSession, address_id: int, ids: Sequence[int], read_at: datetime | None = None
) -> list[Outbox]:
    """Settle the messages that a browser has, and note when a screen showed them; return those that changed."""
    own = and_(Outbox.address_id == address_id, Outbox.id.in_(ids))
    await _offer_last(db, address_id, own)
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


async def _offer_last(db: AsyncSession, address_id: int, own: ColumnElement[bool]) -> None:
    notices = await db.scalars(
        select(Outbox.payload)
        .where(own, Outbox.status == "ready", Outbox.notice.is_not(None))
        .order_by(Outbox.id.desc())
    )
    choices = next((payload["choices"] for payload in notices if payload["choices"]), None)
    if choices is not None:
        await people.offer(db, address_id, choices)


async def last_id(db: AsyncSession, address_id: int) -> int:
    """Return the id of the last message written to an address, 0 for none."""
    return await db.scalar(select(func.max(Outbox.id)).where(Outbox.address_id == address_id)) or 0


async def said(db: AsyncSession, address_id: int, row_id: int) -> Outbox | None:
    """Return a message if it was said to this address."""
    return await db.scalar(
        select(Outbox).where(Outbox.id == row_id, Outbox.address_id == address_id, Outbox.status.in_(outbox.SAID))
    )


async def unsettled(db: AsyncSession, address_id: int, after: int | None) -> list[Outbox]:
    """Return what a browser has yet to show: rows still ready, and those another tab settled after the given id."""
    waiting = Outbox.status == "ready"
    if after is not None:
        waiting = or_(waiting, and_(Outbox.id > after, Outbox.status == "sent"))
    rows = await db.scalars(select(Outbox).where(Outbox.address_id == address_id, waiting).order_by(Outbox.id))
    return list(rows)
