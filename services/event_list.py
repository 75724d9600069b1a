"""Fairs, training classes and activities as everybody reads them: which are to come, for whom, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.events import Event, EventSignUp
from db.people import Person

KINDS = {
    "fair": "招聘会", "adaptation": "适应性培训", "skill": "技能培训",
    "degree": "学历提升", "startup": "创业培训", "lecture": "讲座",
    "memorial": "纪念活动", "other": "其他活动",
}  # fmt: skip
GROUPS = {
    "fair": ("fair",), "training": ("adaptation", "skill", "degree", "startup"),
    "activity": ("lecture", "memorial", "other"),
}  # fmt: skip
"""What people look at and subscribe to."""
GROUP_LABELS = {"fair": "招聘会", "training": "培训", "activity": "活动"}
STATUSES = {"draft": "草稿", "open": "报名中", "over": "已结束", "cancelled": "已取消"}
DOOR_OPENS = timedelta(hours=1)
"""How long before it begins one may check in."""

GONE = "没有找到这场活动，可能已经取消。"


@dataclass(frozen=True, slots=True)
class SignUp:
    """A place, or a place in the waiting list, with its event."""

    row: EventSignUp
    event: Event
    position: int | None = None
    """How many wait, up to and with this one; None for a place."""


def group_of(kind: str) -> str:
    """Return the group that a kind belongs to."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)


async def event_of(db: AsyncSession, event_id: int) -> Event:
    """Return an event as it stands.

    Raises:
        Refusal: there is none.
    """
    event = await db.get(Event, event_id, populate_existing=True)
    if event is None:
        raise Refusal(GONE)
    return event


async def to_come(db: AsyncSession, now: datetime, kinds: Collection[str] = tuple(KINDS)) -> list[Event]:
    """Return the open events of some kinds that are not over, the next first."""
    rows = await db.scalars(
        select(Event)
        .where(Event.status == "open", Event.ends_at > now, Event.kind.in_(kinds))
        .order_by(Event.starts_at, Event.id)
    )
    return list(rows)


def is_for(event: Event, person: Person | None) -> bool:
    """Tell whether an event is for a person; somebody not on file may come to what is for everybody."""
    return not event.categories or (person is not None and bool(set(event.categories) & set(person.categories)))


def takes_sign_ups(event: Event, now: datetime) -> bool:
    """Tell whether people may still sign up by themselves."""
    return event.status == "open" and now < min(event.closes_at, event.ends_at)


def door_is_open(event: Event, now: datetime) -> bool:
    """Tell whether those who come may check in."""
    return event.status in ("open", "over") and event.starts_at - DOOR_OPENS <= now < event.ends_at


def day_of(event: Event) -> date:
    """Return the day on which it begins: what is offered at a fair is offered until then."""
    return event.starts_at.astimezone(CHINA).date()


def is_on_day(event: Event, now: datetime) -> bool:
    """Tell whether it is the day on which it begins, or it goes on."""
    return day_of(event) <= now.astimezone(CHINA).date() and now < event.ends_at
