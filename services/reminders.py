"""What falls due for a person at a time of its own: made once, gone through step by step, ended at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.reminders import Reminder
from db.upsert import insert_new
from services.notices import Notice


@dataclass(frozen=True, slots=True)
class Due:
    """What to remind of, by when, and when its first step comes."""

    kind: str
    period: str
    about_id: int
    due_on: date
    next_at: datetime | None


async def schedule(db: AsyncSession, person_id: int, due: Due) -> bool:
    """Make a reminder unless the person has it; False when it was there."""
    return await insert_new(
        db, Reminder, person_id=person_id, kind=due.kind, period=due.period, about_id=due.about_id,
        due_on=due.due_on, next_at=due.next_at, step=0, status="pending",
    )  # fmt: skip


async def due(db: AsyncSession, now: datetime, limit: int) -> list[Reminder]:
    """Take the next reminders that are due, locked, earliest first."""
    rows = await db.scalars(
        select(Reminder)
        .where(Reminder.status == "pending", Reminder.next_at <= now)
        .order_by(Reminder.next_at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Step:
    """What a due reminder comes to: what is said, how many steps are then behind, and when the next one comes."""

    reminder: Reminder
    notices: tuple[Notice, ...]
    step: int
    next_at: datetime | None


async def advance(db: AsyncSession, steps: Sequence[Step]) -> None:
    """Set each reminder to its number of steps behind and the moment of the next one; alike ones in one statement."""
    alike: dict[tuple[int, datetime | None], list[int]] = {}
    for one in steps:
        alike.setdefault((one.step, one.next_at), []).append(one.reminder.id)
    for (step, next_at), ids in alike.items():
        await db.execute(
            update(Reminder)
            .where(Reminder.id.in_(ids))
            .values(step=step, next_at=next_at)
            .execution_options(synchronize_session=False)
        )


async def end(db: AsyncSession, kind: str, about_id: int, person_id: int, status: str) -> bool:
    """End a reminder as done or stopped; False when it was not running."""
    done = await db.execute(
        update(Reminder)
        .where(
            Reminder.kind == kind,
            Reminder.about_id == about_id,
            Reminder.person_id == person_id,
            Reminder.status == "pending",
        )
        .values(status=status, next_at=None)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def snooze(db: AsyncSession, reminder_id: int, until: datetime) -> bool:
    """Put the next step off; the steps themselves keep their number. False when the reminder is not running."""
    done = await db.execute(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.status == "pending")
        .values(next_at=until)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
