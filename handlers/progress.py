"""How far a case is, in words for its person: the stage, who has it, and when an answer is due."""

from datetime import datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.cases import Petition, SupportCase
from db.staff import Staff
from handlers import texts
from handlers.when import day_and_time, day_of
from knowledge.entry import Profile
from services import petitions


def staff_label(profile: Profile, staff: Staff) -> str:
    """Return how a person of staff is called towards people, as the bureau's profile says."""
    return staff.name if profile.staff_shown_as == "name" else texts.STAFF_NUMBER.format(number=staff.id)


async def stage_of(db: AsyncSession, case: SupportCase, profile: Profile, now: datetime) -> str:
    """Return the stage in one or two lines."""
    if case.status == "closed":
        assert case.closed_at is not None
        return texts.STAGE_CLOSED.format(code=case.code, when=day_and_time(case.closed_at, now))
    lines = [await _who_and_when(db, case, profile, now)]
    petition = await db.get(Petition, case.id) if case.kind == "petition" else None
    for clock in petitions.clocks(petition, now) if petition else []:
        if clock.name == "finish" and clock.done_at is None:
            end = datetime.combine(clock.due, time(12), CHINA)
            lines.append(texts.STAGE_PETITION.format(when=day_of(end, now)))
    return "\n".join(lines)


async def _who_and_when(db: AsyncSession, case: SupportCase, profile: Profile, now: datetime) -> str:
    when = ""
    if case.due_at is not None:
        when = texts.IN_TIME.format(when=day_and_time(case.due_at, now)) if case.due_at > now else texts.LATE
    if case.claimed_by is None:
        return texts.STAGE_OPEN.format(when=when)
    who = staff_label(profile, await db.get_one(Staff, case.claimed_by))
    stage = texts.STAGE_WAITING if case.due_at else texts.STAGE_ANSWERED
    return stage.format(who=who, when=when)
