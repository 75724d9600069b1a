"""Remember which browser is signed in as whom, until it has been idle too long or is signed out."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.staff import Staff, StaffSession
from services.tokens import hashed, new_token

_TOUCH_AFTER = timedelta(minutes=1)
"""Noting every request would make each a write."""


async def open_session(db: AsyncSession, now: datetime, staff_id: int, origin: str | None, idle: timedelta) -> str:
    """Sign a browser in; return its new token. Sessions that ended long ago are swept out."""
    await db.execute(delete(StaffSession).where(StaffSession.seen_at < now - idle))
    token = new_token()
    db.add(StaffSession(token_hash=hashed(token), staff_id=staff_id, created_at=now, seen_at=now, origin=origin))
    return token


async def find(db: AsyncSession, now: datetime, token: str, idle: timedelta) -> tuple[Staff, StaffSession] | None:
    """Return who is signed in with a token, None once idle too long, signed out or deactivated."""
    found = await db.execute(
        select(Staff, StaffSession)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == hashed(token), StaffSession.seen_at >= now - idle, Staff.active)
    )
    row = found.first()
    return None if row is None else (row[0], row[1])


def stale(session: StaffSession, now: datetime) -> bool:
    """Tell whether it is time to note that the browser is still in use."""
    return now - session.seen_at >= _TOUCH_AFTER


async def touch(db: AsyncSession, now: datetime, token: str) -> None:
    """Note that the browser is in use."""
    await db.execute(update(StaffSession).where(StaffSession.token_hash == hashed(token)).values(seen_at=now))


async def end(db: AsyncSession, token: str) -> None:
    """Sign one browser out."""
    await db.execute(delete(StaffSession).where(StaffSession.token_hash == hashed(token)))


async def end_all(db: AsyncSession, staff_id: int, but: str | None = None) -> None:
    """Sign a person of staff out everywhere, or everywhere but in one browser."""
    ending = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    await db.execute(ending if but is None else ending.where(StaffSession.token_hash != hashed(but)))


async def count(db: AsyncSession, now: datetime, staff_id: int, idle: timedelta) -> int:
    """Return in how many browsers a person of staff is signed in."""
    live = select(StaffSession.token_hash).where(StaffSession.staff_id == staff_id, StaffSession.seen_at >= now - idle)
    return len((await db.scalars(live)).all())
