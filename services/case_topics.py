"""Where each case stands in the staff group; a place there can vanish at any time and is then made anew."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import CaseEvent, CaseTopic, SupportCase
from db.upsert import insert_new
from services.cases import note_event
from services.staff_group import group_of

_LOST = "topic_lost"


async def find(db: AsyncSession, case_id: int, chat_id: int) -> CaseTopic | None:
    """Return where a case stands in a group; a place in another group, or in one before its upgrade, counts as none."""
    topic = await db.get(CaseTopic, case_id)
    return topic if topic is not None and topic.chat_id == chat_id else None


async def add(db: AsyncSession, case_id: int, chat_id: int, thread_id: int | None) -> bool:
    """Remember a new place; False when another process was quicker, whose place is to be used."""
    await db.execute(delete(CaseTopic).where(CaseTopic.case_id == case_id, CaseTopic.chat_id != chat_id))
    return await insert_new(db, CaseTopic, case_id=case_id, chat_id=chat_id, thread_id=thread_id)


async def show(db: AsyncSession, case_id: int, chat_id: int, card_id: int, shown: str) -> None:
    """Remember the card that the group sees now."""
    topic = await find(db, case_id, chat_id)
    if topic is not None:
        topic.card_id, topic.shown = card_id, shown


async def lose(db: AsyncSession, lost: CaseTopic, now: datetime) -> None:
    """Forget a place that is gone, and write the break into the case's history."""
    same = delete(CaseTopic).where(CaseTopic.case_id == lost.case_id, CaseTopic.thread_id == lost.thread_id)
    forgotten = await db.scalar(same.returning(CaseTopic.case_id))
    if forgotten is not None:
        case = await db.get_one(SupportCase, lost.case_id)
        await note_event(db, case, _LOST, now, thread=lost.thread_id)


async def was_lost(db: AsyncSession, case_id: int) -> bool:
    """Tell whether a case had a place before that vanished."""
    events = select(CaseEvent.id).where(CaseEvent.case_id == case_id, CaseEvent.kind == _LOST)
    return await db.scalar(events.limit(1)) is not None


async def case_in(db: AsyncSession, thread_id: int) -> SupportCase | None:
    """Return the case that a topic of the group belongs to."""
    group = await group_of(db)
    if group is None:
        return None
    return await db.scalar(
        select(SupportCase)
        .join(CaseTopic, CaseTopic.case_id == SupportCase.id)
        .where(CaseTopic.chat_id == group.chat_id, CaseTopic.thread_id == thread_id)
    )
