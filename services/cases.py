"""Cases: opened once per address, owned by the bot or one person of staff, closed, and opened again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import CaseEvent, SupportCase
from db.people import Conversation
from db.places import Station
from db.staff import Staff
from db.upsert import insert_new
from services import earlier_files, petitions, staff_group
from services.calendar import WorkingCalendar
from services.case_handover import sees
from services.deadlines import reply_due

REOPEN_DAYS = 7
_LETTERS, _SIGNS = "ACDEFGHJKMNPQRTUVWXY", "ACDEFGHJKMNPQRTUVWXY2346789"
"""Signs that are not mistaken for each other when read out or written by hand."""
CODE = f"[{_LETTERS}][{_SIGNS}]{{3}}"
"""What a code looks like, as a regular expression."""
_CODE_TRIES = 20

GONE = "没有找到这张求助单。"
CLOSED = "这张求助单已经办结了。要接着办，请先重新打开。"
TAKEN = "这张求助单正由{name}办理，您的内容没有发出。"
NOT_YOURS = "这张求助单不在您手上，请先领取。"
TOO_LATE = "办结已经超过{days}天，请让对方重新提交。"
HAS_ANOTHER = "对方现在有另一张求助单{code}，请在那里办理。"
BAD_TRANSFER = "这位同事已停用，或不办这类求助单，不能转过去。"


@dataclass(frozen=True, slots=True)
class Plea:
    """What a case is opened with."""

    reason: str
    kind: str
    question: str
    category: str | None = None


def new_code() -> str:
    """Return four signs that can be read over the telephone, such as A7K2."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(3))


async def open_case(
    db: AsyncSession, conversation: Conversation, plea: Plea, calendar: WorkingCalendar, now: datetime,
    *, station_id: int | None = None,
) -> tuple[SupportCase, bool]:  # fmt: skip
    """Return the open case of a locked conversation, made if there is none; a danger or a petition raises its kind."""
    if conversation.case_id is not None:
        case = await db.get_one(SupportCase, conversation.case_id, populate_existing=True)
        if plea.kind in ("crisis", "petition") and case.kind not in ("crisis", plea.kind):
            if plea.kind == "crisis":
                case.question = plea.question  # what staff are called with
            await change_kind(db, case, plea.kind, calendar, now)
        return case, False
    values: dict[str, Any] = {
        "address_id": conversation.address_id, "kind": plea.kind, "crisis": plea.kind == "crisis",
        "reason": plea.reason, "question": plea.question, "category": plea.category, "station_id": station_id,
        "status": "open", "opened_at": now, "last_at": now, "waiting_since": now, "escalation": 0, "reopened": 0,
        "told_closed_hours": False, "due_at": await reply_due(db, calendar, plea.kind, now, first=True),
    }  # fmt: skip
    for _ in range(_CODE_TRIES):
        code = new_code()
        if await insert_new(db, SupportCase, code=code, **values):
            break
    else:
        raise RuntimeError("no free case code")
    case = (await db.scalars(select(SupportCase).where(SupportCase.code == code))).one()
    conversation.case_id = case.id
    await note_event(db, case, "opened", now, reason=plea.reason, kind=plea.kind)
    if plea.kind == "petition":
        await petitions.start(db, case.id, now)
    await staff_group.show_card(db, case.id, now)
    await earlier_files.show(db, case.id, conversation.address_id, now)
    return case, True


async def find(db: AsyncSession, code: str) -> SupportCase:
    """Find a case by its code.

    Raises:
        Refusal: there is none.
    """
    case = await db.scalar(select(SupportCase).where(SupportCase.code == code.strip().upper()))
    if case is None:
        raise Refusal(GONE)
    return case


async def lock(db: AsyncSession, case_id: int) -> tuple[SupportCase, Conversation]:
    """Lock the conversation first, as every turn does, then read the case as it now is.

    Raises:
        Refusal: there is no such case.
    """
    case = await db.get(SupportCase, case_id)
    if case is None:
        raise Refusal(GONE)
    held = select(Conversation).where(Conversation.address_id == case.address_id)
    conversation = (await db.scalars(held.with_for_update(key_share=True), execution_options=_FRESH)).one()
    case = (await db.scalars(select(SupportCase).where(SupportCase.id == case_id), execution_options=_FRESH)).one()
    return case, conversation


_FRESH: Mapping[str, Any] = {"populate_existing": True}


async def claim(db: AsyncSession, case_id: int, staff: Staff, now: datetime, life: timedelta) -> SupportCase:
    """Take a case, or prolong having it; another's claim can be taken over once its time has run out.

    Raises:
        Refusal: closed, or another's.
    """
    case, conversation = await lock(db, case_id)
    if case.status == "closed":
        raise Refusal(CLOSED)
    if case.claimed_by not in (None, staff.id) and case.claimed_until and case.claimed_until > now:
        holder = await db.get_one(Staff, case.claimed_by)
        raise Refusal(TAKEN.format(name=holder.name))
    if case.claimed_by != staff.id:
        await _own(db, case, conversation, staff.id, now)
        await note_event(db, case, "claimed", now, staff.id)
        await staff_group.show_card(db, case.id, now)
    case.claimed_until = now + life
    await db.flush()
    return case


async def transfer(
    db: AsyncSession, case_id: int, by: Staff, now: datetime, life: timedelta,
    *, to_staff: int | None = None, to_station: int | None = None,
) -> SupportCase:  # fmt: skip
    """Hand a case to a colleague, or back into the queue of a station.

    Raises:
        Refusal: closed, another's, or the colleague has left or would not see it.
    """
    case = await claim(db, case_id, by, now, life)
    _, conversation = await lock(db, case_id)
    if to_staff is not None:
        target = await db.scalar(select(Staff).where(Staff.id == to_staff, Staff.active, sees(case)))
        if target is None:
            raise Refusal(BAD_TRANSFER)
        await _own(db, case, conversation, target.id, now)
        case.claimed_until = now + life
        await note_event(db, case, "transferred", now, by.id, staff=target.id)
    else:
        station = None if to_station is None else await db.get(Station, to_station)
        case.station_id = station.id if station else None
        case.status, case.claimed_by, case.claimed_until = "open", None, None
        await note_event(db, case, "transferred", now, by.id, station=case.station_id)
    await db.flush()
    await staff_group.show_card(db, case.id, now)
    return case


async def _own(db: AsyncSession, case: SupportCase, conversation: Conversation, staff_id: int, now: datetime) -> None:
    case.status, case.claimed_by, case.last_at = "claimed", staff_id, max(case.last_at, now)
    conversation.state, conversation.menu = None, []  # a digit is now an answer to staff, not a choice of the bot's
    await db.flush()


async def release(db: AsyncSession, case_id: int, now: datetime) -> SupportCase:
    """Give the talk back to the bot although the case is not closed: its petition runs on, or its owner has left."""
    case, _ = await lock(db, case_id)
    case.status, case.claimed_by, case.claimed_until = "open", None, None
    await note_event(db, case, "released", now)
    await staff_group.show_card(db, case.id, now)
    return case


async def close(
    db: AsyncSession, case_id: int, outcome: str, now: datetime, *, staff_id: int | None = None
) -> SupportCase:
    """Close a case and give the conversation back to the bot; closing twice changes nothing.

    Raises:
        Refusal: there is no such case.
    """
    case, conversation = await lock(db, case_id)
    if case.status != "closed":
        case.status, case.claimed_by, case.claimed_until = "closed", None, None
        case.closed_at, case.closed_by, case.outcome = now, staff_id, outcome
        case.waiting_since = case.due_at = None
        case.last_at = now
        conversation.case_id = None
        await note_event(db, case, "closed", now, staff_id, outcome=outcome)
        await staff_group.show_card(db, case.id, now)
    return case


async def reopen(
    db: AsyncSession, case_id: int, calendar: WorkingCalendar, now: datetime, *, staff_id: int | None = None
) -> SupportCase:
    """Open a closed case again under its code, within 7 days.

    Raises:
        Refusal: too late, or the person has another case by now.
    """
    case, conversation = await lock(db, case_id)
    if case.status != "closed":
        return case
    assert case.closed_at is not None
    if now - case.closed_at > timedelta(days=REOPEN_DAYS):
        raise Refusal(TOO_LATE.format(days=REOPEN_DAYS))
    if conversation.case_id is not None:
        other = await db.get_one(SupportCase, conversation.case_id)
        raise Refusal(HAS_ANOTHER.format(code=other.code))
    case.status, case.outcome, case.closed_at, case.closed_by = "open", None, None, None
    case.reopened += 1
    case.escalation, case.alerted_at, case.told_closed_hours = 0, None, False
    case.last_at = case.waiting_since = now
    case.due_at = await reply_due(db, calendar, case.kind, now, first=False)
    await db.flush()
    conversation.case_id = case.id
    await note_event(db, case, "reopened", now, staff_id)
    await staff_group.show_card(db, case.id, now)
    return case


async def change_kind(
    db: AsyncSession, case: SupportCase, kind: str, calendar: WorkingCalendar, now: datetime,
    *, staff_id: int | None = None,
) -> None:  # fmt: skip
    """Give a case another kind; its clocks follow."""
    before, case.kind, case.crisis = case.kind, kind, kind == "crisis"
    if kind == "crisis":
        case.alerted_at = None
    if case.waiting_since is not None:
        case.due_at = await reply_due(db, calendar, kind, case.waiting_since, first=case.first_answer_at is None)
    await note_event(db, case, "kind", now, staff_id, before=before, after=kind)
    if kind == "petition":
        await petitions.start(db, case.id, now)
    await staff_group.show_card(db, case.id, now)


async def held_by(db: AsyncSession, staff_id: int) -> list[int]:
    """Return the cases that a person of staff has."""
    held = select(SupportCase.id).where(SupportCase.claimed_by == staff_id, SupportCase.status == "claimed")
    return list(await db.scalars(held.order_by(SupportCase.id)))


async def last_closed(db: AsyncSession, address_id: int, now: datetime) -> SupportCase | None:
    """Return the last case of an address if it can still be opened again."""
    case = await db.scalar(
        select(SupportCase).where(SupportCase.address_id == address_id).order_by(SupportCase.id.desc()).limit(1)
    )
    recent = case is not None and case.closed_at is not None and now - case.closed_at <= timedelta(days=REOPEN_DAYS)
    return case if recent else None


async def note_event(
    db: AsyncSession, case: SupportCase, what: str, now: datetime, staff_id: int | None = None, **detail: Any
) -> None:
    """Write what happened into the case's history."""
    db.add(CaseEvent(case_id=case.id, staff_id=staff_id, kind=what, detail=detail, at=now))
    await db.flush()
