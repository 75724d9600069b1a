"""Read the audit back: who did what, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import start_of
from db.staff import Audit, Staff

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted; the days are China's, both included."""

    staff_id: int | None = None
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None


async def page(db: AsyncSession, wanted: Filter, before: int | None) -> tuple[list[tuple[Audit, str | None]], bool]:
    """Return rows older than a row's id, each with the name of who did it, and whether there are older ones still."""
    found = select(Audit, Staff.name).outerjoin(Staff, Staff.id == Audit.staff_id)
    if wanted.staff_id is not None:
        found = found.where(Audit.staff_id == wanted.staff_id)
    if wanted.action:
        found = found.where(Audit.action == wanted.action)
    if wanted.first_day is not None:
        found = found.where(Audit.at >= start_of(wanted.first_day))
    if wanted.last_day is not None:
        found = found.where(Audit.at < start_of(wanted.last_day) + timedelta(days=1))
    if before is not None:
        found = found.where(Audit.id < before)
    rows = (await db.execute(found.order_by(Audit.id.desc()).limit(PAGE + 1))).all()
    return [(row[0], row[1]) for row in rows[:PAGE]], len(rows) > PAGE
