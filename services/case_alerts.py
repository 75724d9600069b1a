"""Calls to staff: a danger at once and again until somebody takes it, a late answer up the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Reply
from db.cases import SupportCase
from db.places import Station
from db.staff import Staff
from services import cases, outbox, staff_group
from services.calendar import WorkingCalendar
from services.outbox import About, Recipient

LADDER = (("owner", 0), ("lead", 60), ("bureau", 240))
"""Who hears of a late answer, and how many working minutes, in a danger clock minutes, after it was due."""
_OPEN = SupportCase.status.in_(("open", "claimed"))
_AT_ONCE = 50
_LIMIT = 4096

DANGER = "【危机求助】{code} 需要马上处理。\n对方说：{question}\n请现在就领取并联系对方。"
LATE = "求助单 {code} 已超过答复时限，请尽快答复。"


@dataclass(frozen=True, slots=True)
class Called:
    """A case that staff were called to, and who was."""

    case_id: int
    staff: Sequence[int]


async def call_to_dangers(db: AsyncSession, now: datetime, every: timedelta) -> list[Called]:
    """Notify all on duty of each danger nobody has taken, outside office hours too, and again after a while."""
    due = await db.scalars(
        select(SupportCase)
        .where(
            SupportCase.crisis,
            or_(
                and_(_OPEN, SupportCase.alerted_at.is_(None)),
                and_(SupportCase.status == "open", SupportCase.alerted_at <= now - every),
            ),
        )
        .order_by(SupportCase.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return [await call_to_danger(db, case, now) for case in due.all()]


async def call_to_danger(db: AsyncSession, case: SupportCase, now: datetime) -> Called:
    """Notify all on duty of one danger."""
    case.alerted_at = now
    text = DANGER.format(code=case.code, question=case.question)
    people = await on_duty(db)
    await _notify(db, case, people, text, now, f"danger:{case.id}:{now.isoformat()}")
    await cases.note_event(db, case, "alerted", now, staff=[s.id for s in people])
    return Called(case.id, [s.id for s in people])


async def escalate(db: AsyncSession, calendar: WorkingCalendar, now: datetime) -> list[Called]:
    """Tell of each late answer the next one up: whoever has it, the station's lead, the bureau's lead."""
    called = []
    for case in await _late(db, now):
        assert case.due_at is not None
        by_the_clock = (now - case.due_at) // timedelta(minutes=1)
        minutes = by_the_clock if case.crisis else calendar.minutes_between(case.due_at, now)
        reached = sum(1 for _, after in LADDER if minutes >= after)
        if reached <= case.escalation:
            continue
        case.escalation = reached
        people = await _rung(db, case, LADDER[reached - 1][0])
        key = f"late:{case.id}:{case.due_at.isoformat()}:{reached}"
        await _notify(db, case, people, LATE.format(code=case.code), now, key)
        await cases.note_event(db, case, "escalated", now, level=reached, staff=[s.id for s in people])
        called.append(Called(case.id, [s.id for s in people]))
    return called


async def _late(db: AsyncSession, now: datetime) -> list[SupportCase]:
    """Return the late cases that can climb, rung by rung: those that wait on one hide none on another."""
    found: list[SupportCase] = []
    for rung in range(len(LADDER)):
        late = (
            select(SupportCase)
            .where(_OPEN, SupportCase.due_at <= now, SupportCase.escalation == rung)
            .order_by(SupportCase.crisis.desc(), SupportCase.due_at)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        found += await db.scalars(late)
    return found


async def on_duty(db: AsyncSession) -> Sequence[Staff]:
    """Return all who answer cases and are on duty; when nobody is, all who answer cases."""
    answering = select(Staff).where(Staff.active, Staff.role.in_(("admin", "lead", "agent"))).order_by(Staff.id)
    people = (await db.scalars(answering.where(Staff.on_duty))).all()
    return people or (await db.scalars(answering)).all()


async def _rung(db: AsyncSession, case: SupportCase, rung: str) -> Sequence[Staff]:
    """Return whom a rung of the ladder means; an empty rung falls to everybody on duty."""
    everybody = select(Staff).where(Staff.active).order_by(Staff.id)
    if rung == "owner":
        if case.claimed_by is not None:
            return (await db.scalars(everybody.where(Staff.id == case.claimed_by))).all()
        scoped = everybody.where(Staff.role == "agent", Staff.station_id == case.station_id)
        return (await db.scalars(scoped)).all() or await on_duty(db)
    leads = everybody.where(Staff.role == "lead")
    if rung == "lead" and case.station_id is not None:
        parent = select(Station.parent_id).where(Station.id == case.station_id).scalar_subquery()
        near = leads.where(or_(Staff.station_id == case.station_id, Staff.station_id == parent))
        if found := (await db.scalars(near)).all():
            return found
    return (await db.scalars(leads.where(Staff.station_id.is_(None)))).all() or await on_duty(db)


async def _notify(
    db: AsyncSession, case: SupportCase, people: Sequence[Staff], text: str, now: datetime, key: str
) -> None:
    await staff_group.alert(db, case.id, text, now, key=key)
    for staff in people:
        if staff.telegram_id is not None:
            to = Recipient("telegram", str(staff.telegram_id), None, _LIMIT)
            await outbox.post(db, to, Reply(text), now, about=About(key=f"{key}:{staff.id}"))
