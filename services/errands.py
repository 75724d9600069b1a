"""Somebody asks staff to do something by choosing it, not in words of their own: a case, or a line in the open one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.people import Conversation
from services import cases, staff_group
from services.calendar import read_calendar
from services.cases import Plea
from services.deadlines import reply_due


async def ask(
    db: AsyncSession, conversation: Conversation, plea: Plea, station_id: int | None, now: datetime
) -> SupportCase:
    """Open a case of a locked conversation with what is asked, or put it into the one that is open."""
    calendar = await read_calendar(db)
    case, new = await cases.open_case(db, conversation, plea, calendar, now, station_id=station_id)
    if new:
        return case
    await cases.note_event(db, case, "asked", now, words=plea.question)
    case.last_at = now
    if case.waiting_since is None:
        case.waiting_since, case.escalation = now, 0
        case.due_at = await reply_due(db, calendar, case.kind, now, first=case.first_answer_at is None)
    await db.flush()
    key = f"asked:{case.id}:{now.isoformat()}"
    await staff_group.say(db, case.id, plea.question, now, who="person", key=key)
    return case
