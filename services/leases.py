"""Let one process of many do what only one may do."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.leases import Lease
from db.upsert import insert_new

_AHEAD = timedelta(hours=1)
"""More than clocks of several machines differ."""


async def hold(db: AsyncSession, name: str, holder: str, now: datetime, life: timedelta) -> bool:
    """Take or renew a lease; False while somebody else holds it. One too far ahead was held before the clock was set back."""
    if await insert_new(db, Lease, name=name, holder=holder, until=now + life):
        return True
    renewed = await db.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.until <= now, Lease.until > now + life + _AHEAD))
        .values(holder=holder, until=now + life)
    )
    assert isinstance(renewed, CursorResult)
    return renewed.rowcount == 1


async def release(db: AsyncSession, name: str, holder: str) -> None:
    """Give a lease back early, at a graceful stop."""
    await db.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
