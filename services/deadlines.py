"""How soon staff must answer: by kind of case, as the bureau set it or as shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.calendar import ReplyTarget
from services.calendar import WorkingCalendar

_LONGEST = 60 * 24 * 60
"""Minutes: no bureau means to take longer than sixty days for an answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes for the first answer of a case and for each later one: working minutes, but clock minutes in a crisis."""

    first: int
    next: int


DEFAULT_TARGETS: Mapping[str, Target] = {
    "crisis": Target(5, 5),
    "consult": Target(240, 240),
    "benefit": Target(480, 480),
    "errand": Target(480, 480),
    "petition": Target(480, 480),
}


async def read_targets(db: AsyncSession) -> dict[str, Target]:
    """Return the target of every kind."""
    rows = await db.scalars(select(ReplyTarget))
    return {**DEFAULT_TARGETS, **{row.kind: Target(row.first_minutes, row.next_minutes) for row in rows}}


async def set_target(db: AsyncSession, kind: str, target: Target) -> None:
    """Set the target of a kind."""
    if kind not in DEFAULT_TARGETS:
        raise Refusal("没有这一类求助单，请重新选择。")
    if not all(1 <= minutes <= _LONGEST for minutes in (target.first, target.next)):
        raise Refusal("答复时限要在 1 分钟到 60 天之间，请改一下。")
    await db.merge(ReplyTarget(kind=kind, first_minutes=target.first, next_minutes=target.next))


async def reply_due(
    db: AsyncSession, calendar: WorkingCalendar, kind: str, since: datetime, *, first: bool
) -> datetime:
    """Return when an answer is due to somebody who has waited since a moment."""
    row = await db.get(ReplyTarget, kind)
    target = Target(row.first_minutes, row.next_minutes) if row else DEFAULT_TARGETS[kind]
    minutes = target.first if first else target.next
    return since + timedelta(minutes=minutes) if kind == "crisis" else calendar.add_minutes(since, minutes)
