"""The broadcasts that staff find on their page, the newest first, and who of staff had a hand in one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.broadcasts import Broadcast
from db.staff import Staff

_MOST = 100


async def newest(db: AsyncSession) -> Sequence[tuple[Broadcast, str]]:
    """Return the newest with the names of those who drafted them."""
    rows = select(Broadcast, Staff.name).join(Staff, Staff.id == Broadcast.drafted_by)
    return [(row, name) for row, name in await db.execute(rows.order_by(Broadcast.id.desc()).limit(_MOST))]


async def names(db: AsyncSession, broadcast: Broadcast) -> tuple[str, str]:
    """Return who drafted one and who approved it, "" for nobody yet."""
    ids = (broadcast.drafted_by, broadcast.approved_by)
    rows = await db.execute(select(Staff.id, Staff.name).where(Staff.id.in_([id_ for id_ in ids if id_])))
    found = dict(iter(rows))
    return found[broadcast.drafted_by], found.get(broadcast.approved_by or 0, "")
