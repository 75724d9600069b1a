"""A place at an examination is reminded of three days and one day before, at nine; a moved place starts anew."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.reminders import Reminder
from db.turns import Outbox
from services import notice_hold, reminders
from services.reminders import Due

DAYS_BEFORE = (3, 1)
_AT = time(9)


def steps(day: date) -> list[datetime]:
    """Return the moments of a day's reminders, earliest first."""
    return [datetime.combine(day - timedelta(days=days), _AT, CHINA) for days in DAYS_BEFORE]


async def start(db: AsyncSession, batch: ExamBatch, session: ExamSession, place: ExamPlace, now: datetime) -> None:
    """Schedule what is still to come of a place's reminders; a place that was moved gets a reminder of its own."""
    behind = sum(moment <= now for moment in steps(session.day))
    if behind == len(DAYS_BEFORE):
        return
    earlier = await db.scalar(
        select(func.count()).select_from(Reminder).where(Reminder.kind == batch.kind, Reminder.about_id == place.id)
    )
    period, first = f"{place.id}-{earlier}", steps(session.day)[behind]
    await reminders.schedule(db, place.person_id, Due(batch.kind, period, place.id, session.day, first))


async def stop(db: AsyncSession, kind: str, place: ExamPlace, now: datetime) -> None:
    """End a place's reminder, and take back what was said of it but has not gone out."""
    await reminders.end(db, kind, place.id, place.person_id, "stopped")
    theirs = select(Reminder.id).where(Reminder.kind == kind, Reminder.about_id == place.id)
    await notice_hold.cancel(db, "cancelled", now, Outbox.reminder_id.in_(theirs))


def told_of(person_id: int) -> ColumnElement[bool]:
    """Tell of an Outbox row whether it says what staff did with a place of the person (handlers/exam_notices.py)."""
    key = literal("exam:%:") + cast(ExamPlace.id, String) + literal(":%")
    return exists().where(ExamPlace.person_id == person_id, Outbox.dedupe_key.like(key))
