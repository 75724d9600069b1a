"""The legal clocks of a petition, because missing one is a breach of 信访工作条例 (2022), arts. 22-23 and 34-36."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.cases import CaseEvent, Petition
from db.staff import Staff
from db.upsert import insert_new

NOTICE_DAYS, FINISH_DAYS, EXTENSION_DAYS, REVIEW_DAYS = 15, 60, 30, 30
"""Calendar days; the day something arrives does not count, and the last one counts to its end."""
_APPROVERS = ("admin", "lead")

ClockName = Literal["notice", "finish", "review"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing the law wants done, and the last day for it."""

    name: ClockName
    due: date
    done_at: datetime | None
    state: Literal["ok", "due_today", "overdue"]
    """What is done is ok, even if it was done late."""


def clocks(petition: Petition, now: datetime) -> list[Clock]:
    """Return the clocks that run or have run, in the order they are due."""
    found = [
        _clock("notice", petition.since, NOTICE_DAYS, petition.noticed_at, now),
        _clock("finish", petition.since, _finish_days(petition), petition.decided_at, now),
    ]
    if petition.review_since is not None:
        found.append(_clock("review", petition.review_since, REVIEW_DAYS, petition.reviewed_at, now))
    return found


def _finish_days(petition: Petition) -> int:
    return FINISH_DAYS + (EXTENSION_DAYS if petition.extended_at is not None else 0)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _clock(name: ClockName, since: datetime, days: int, done_at: datetime | None, now: datetime) -> Clock:
    due, today = _day(since) + timedelta(days=days), _day(now)
    if done_at is not None or today < due:
        return Clock(name, due, done_at, "ok")
    return Clock(name, due, None, "due_today" if today == due else "overdue")


async def must_be_decided(db: AsyncSession, case_id: int) -> None:
    """Refuse to let go of a petition that was not answered in writing.

    Raises:
        Refusal: the written decision was not given.
    """
    petition = await db.get(Petition, case_id)
    if petition is not None and petition.decided_at is None:
        raise Refusal("信访件要先送达书面处理意见并登记，再办结。不是信访的，请先改类型。")


async def start(db: AsyncSession, case_id: int, now: datetime) -> None:
    """Start the clocks of a case that is a petition; a second start changes nothing."""
    await insert_new(db, Petition, case_id=case_id, since=now)


async def notice_given(db: AsyncSession, case_id: int, staff_id: int, now: datetime) -> None:
    """Note that the person has the written notice of acceptance."""
    petition = await _locked(db, case_id)
    if petition.noticed_at is not None:
        raise Refusal("受理告知书已经登记过了。")
    petition.noticed_at = now
    _record(db, case_id, staff_id, "petition_noticed", now)


async def extend(db: AsyncSession, case_id: int, approver_id: int, reason: str, now: datetime) -> None:
    """Prolong the sixty days by thirty, once, for a reason, approved by whoever answers for the bureau or station."""
    petition = await _locked(db, case_id)
    reason = reason.strip()
    if not reason:
        raise Refusal("延期要写明理由，理由也要告知本人。")
    if (await db.get_one(Staff, approver_id)).role not in _APPROVERS:
        raise Refusal("延期要由负责人批准，请交给负责人办理。")
    if petition.decided_at is not None:
        raise Refusal("这件信访已经办结，不用延期。")
    if petition.extended_at is not None:
        raise Refusal("这件信访已经延期过一次，不能再延。")
    if _day(now) > _day(petition.since) + timedelta(days=FINISH_DAYS):
        raise Refusal("60 天的办理期限已经过了，不能再延期。")
    petition.extended_at, petition.extended_reason = now, reason
    _record(db, case_id, approver_id, "petition_extended", now, reason=reason)


async def decide(db: AsyncSession, case_id: int, staff_id: int, now: datetime) -> None:
    """Note that the person has the written decision."""
    petition = await _locked(db, case_id)
    if petition.decided_at is not None:
        raise Refusal("处理意见书已经登记过了。")
    petition.decided_at = now
    _record(db, case_id, staff_id, "petition_decided", now)


async def ask_review(db: AsyncSession, case_id: int, staff_id: int, now: datetime) -> None:
    """Note that the person does not accept the decision and asks the authority above to look again (复查)."""
    petition = await _locked(db, case_id)
    if petition.decided_at is None:
        raise Refusal("还没有处理意见，不能申请复查。")
    if petition.review_since is not None:
        raise Refusal("复查申请已经登记过了。")
    if _day(now) > _day(petition.decided_at) + timedelta(days=REVIEW_DAYS):
        raise Refusal("收到处理意见已经超过 30 天，不能再申请复查。")
    petition.review_since = now
    _record(db, case_id, staff_id, "petition_review_asked", now)


async def review_done(db: AsyncSession, case_id: int, staff_id: int, now: datetime) -> None:
    """Note that the person has the written outcome of the review."""
    petition = await _locked(db, case_id)
    if petition.review_since is None:
        raise Refusal("还没有登记复查申请。")
    if petition.reviewed_at is not None:
        raise Refusal("复查意见书已经登记过了。")
    petition.reviewed_at = now
    _record(db, case_id, staff_id, "petition_reviewed", now)


async def _locked(db: AsyncSession, case_id: int) -> Petition:
    found = await db.scalar(select(Petition).where(Petition.case_id == case_id).with_for_update())
    if found is None:
        raise Refusal("这张求助单没有登记为信访。")
    return found


def _record(db: AsyncSession, case_id: int, staff_id: int, kind: str, now: datetime, **detail: Any) -> None:
    db.add(CaseEvent(case_id=case_id, staff_id=staff_id, kind=kind, detail=detail, at=now))
