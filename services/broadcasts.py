"""A broadcast from draft to approval: what somebody wrote, a second person lets out, exactly as that person has seen it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.broadcasts import Broadcast
from db.staff import Staff
from services import broadcast_outcome, broadcast_text
from services.audience import Audience

LIFE = timedelta(days=7)
"""How long a broadcast is worth sending unless its drafter says otherwise."""
_LONGEST_LIFE = timedelta(days=60)
_LONGEST_REASON = 200

GONE = "没有这个群发，可能地址写错了。"
STARTED = "已经开始发送，不能再改。要改内容，请先取消，再写一个新的。"
NOT_DRAFT = "这个群发已经提交过了，请刷新看看。"
NOT_SUBMITTED = "这个群发现在不在等审批，请刷新看看。"
OWN = "自己写的，要请另一位负责人审批。"
NO_APPROVER = "只有管理员和全局的站长可以审批。"
CHANGED = "这个群发刚才又改过，请重新看一遍再审批。"
NO_REASON = "请写一句为什么退回，让对方知道改哪里。"
BAD_END = "截止时间要晚于开始时间和现在，最长 60 天。"
NONE_FAILED = "没有可以重发的人。"
NOT_OVER = "还没有发完，发完以后再重发。"
RESENT = "没送到的人已经有一个重发了。还有没送到的，等它发完，从它那里再重发。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form says."""

    title: str
    body: str
    audience: Audience
    urgent: bool = False
    starts_at: datetime | None = None
    """None: as soon as it is approved."""
    expires_at: datetime | None = None


async def read(db: AsyncSession, broadcast_id: int, *, lock: bool = False) -> Broadcast:
    """Return one.

    Raises:
        Refusal: there is none.
    """
    row = select(Broadcast).where(Broadcast.id == broadcast_id).execution_options(populate_existing=True)
    found = await db.scalar(row.with_for_update() if lock else row)
    if found is None:
        raise Refusal(GONE)
    return found


async def create(db: AsyncSession, staff: Staff, sheet: Sheet, now: datetime) -> Broadcast:
    """Write a draft.

    Raises:
        Refusal: a text or a date is missing or wrong.
    """
    title, body = _check(sheet, now)
    broadcast = Broadcast(title=title, body=body, drafted_by=staff.id, created_at=now, audience={})
    _fill(broadcast, sheet)
    db.add(broadcast)
    await db.flush()
    return broadcast


async def change(db: AsyncSession, staff: Staff, broadcast_id: int, sheet: Sheet, now: datetime) -> Broadcast:
    """Change it; whatever was submitted or approved is a draft again, of the one who changed it.

    Raises:
        Refusal: it has started, or a text or a date is wrong.
    """
    broadcast = await read(db, broadcast_id, lock=True)
    if broadcast.status not in ("draft", "submitted", "scheduled"):
        raise Refusal(STARTED)
    broadcast.title, broadcast.body = _check(sheet, now)
    _fill(broadcast, sheet)
    broadcast.drafted_by = staff.id
    _back_to_draft(broadcast)
    await db.flush()
    return broadcast


async def submit(db: AsyncSession, broadcast_id: int, now: datetime) -> Broadcast:
    """Ask for approval.

    Raises:
        Refusal: it is no draft, or would be over before it begins.
    """
    broadcast = await read(db, broadcast_id, lock=True)
    if broadcast.status != "draft":
        raise Refusal(NOT_DRAFT)
    _check_end(broadcast.starts_at, broadcast.expires_at, now)
    broadcast.status, broadcast.submitted_at, broadcast.returned = "submitted", now, None
    await db.flush()
    return broadcast


def may_approve(staff: Staff) -> bool:
    """Tell whether somebody may approve what others drafted: it speaks for the whole bureau."""
    return staff.role == "admin" or (staff.role == "lead" and staff.station_id is None)


async def approve(db: AsyncSession, staff: Staff, broadcast_id: int, seen: datetime | None, now: datetime) -> Broadcast:
    """Let it out at its time, if it still is as it was submitted when the approver saw it.

    Raises:
        Refusal: not by this person, not in this state, or too late.
    """
    broadcast = await _submitted(db, staff, broadcast_id)
    if staff.id == broadcast.drafted_by:
        raise Refusal(OWN)
    if seen != broadcast.submitted_at:
        raise Refusal(CHANGED)
    _check_end(broadcast.starts_at, broadcast.expires_at, now)
    broadcast.status, broadcast.approved_by, broadcast.approved_at = "scheduled", staff.id, now
    broadcast.starts_at = max(broadcast.starts_at or now, now)
    broadcast.expires_at = broadcast.expires_at or broadcast.starts_at + LIFE
    await db.flush()
    return broadcast


async def send_back(db: AsyncSession, staff: Staff, broadcast_id: int, reason: str) -> Broadcast:
    """Return it to its drafter with a reason.

    Raises:
        Refusal: not by this person, not in this state, or without a reason.
    """
    broadcast = await _submitted(db, staff, broadcast_id)
    if not reason.strip():
        raise Refusal(NO_REASON)
    _back_to_draft(broadcast)
    broadcast.returned = reason.strip()[:_LONGEST_REASON]
    await db.flush()
    return broadcast


async def resend(db: AsyncSession, staff: Staff, broadcast_id: int, now: datetime) -> Broadcast:
    """Draft the same text for those only whom it could not be delivered to; it needs an approval of its own.

    Raises:
        Refusal: it is not over, has been sent again, or nobody is left.
    """
    source = await read(db, broadcast_id, lock=True)
    if source.status not in ("done", "cancelled"):
        raise Refusal(NOT_OVER)
    if await resent(db, source.id) is not None:
        raise Refusal(RESENT)
    if await db.scalar(broadcast_outcome.failed(source.id).limit(1)) is None:
        raise Refusal(NONE_FAILED)
    audience = Audience(strangers=True, failed_of=source.id)
    broadcast = await create(db, staff, Sheet(source.title, source.body, audience, urgent=source.urgent), now)
    broadcast.resend_of = source.id
    await db.flush()
    return broadcast


async def resent(db: AsyncSession, broadcast_id: int) -> int | None:
    """Return the broadcast that sends one again; cancelled before a word of it went out, it is none."""
    alive = or_(Broadcast.status != "cancelled", Broadcast.fed_to.is_not(None))
    return await db.scalar(select(Broadcast.id).where(Broadcast.resend_of == broadcast_id, alive))


async def _submitted(db: AsyncSession, staff: Staff, broadcast_id: int) -> Broadcast:
    if not may_approve(staff):
        raise Refusal(NO_APPROVER)
    broadcast = await read(db, broadcast_id, lock=True)
    if broadcast.status != "submitted":
        raise Refusal(NOT_SUBMITTED)
    return broadcast


def _check(sheet: Sheet, now: datetime) -> tuple[str, str]:
    sheet.audience.check()
    _check_end(sheet.starts_at, sheet.expires_at, now)
    return broadcast_text.check(sheet.title, sheet.body)


def _check_end(starts_at: datetime | None, expires_at: datetime | None, now: datetime) -> None:
    starts = max(starts_at or now, now)
    if expires_at is not None and not starts < expires_at <= starts + _LONGEST_LIFE:
        raise Refusal(BAD_END)


def _fill(broadcast: Broadcast, sheet: Sheet) -> None:
    broadcast.audience, broadcast.urgent = sheet.audience.stored(), sheet.urgent
    broadcast.starts_at, broadcast.expires_at = sheet.starts_at, sheet.expires_at


def _back_to_draft(broadcast: Broadcast) -> None:
    broadcast.status, broadcast.submitted_at = "draft", None
    broadcast.approved_by, broadcast.approved_at = None, None
