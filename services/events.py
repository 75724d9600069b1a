"""Fairs, training classes and activities as staff prepare them; whoever signed up hears of every change that matters."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from core.tick import Pass
from db.events import Event
from db.staff import Staff
from services import event_news, event_places
from services.event_list import KINDS, SignUp, event_of
from services.person_cards import CATEGORIES

MOST_PLACES = 10_000
LONGEST_REASON = 100
_LONGEST_DAYS = 200
_LONGEST = {"title": 30, "place": 60, "phone": 30, "about": 300, "bring": 120, "materials": 600}
_LABELS = {
    "title": "名称",
    "place": "地点",
    "phone": "电话",
    "about": "说明",
    "bring": "要带的东西",
    "materials": "资料",
}
_NEEDED = ("title", "place", "phone")

OFF = "这场活动已经取消了，不能再改。"
NO_REASON = "请写上原因，对方会看到，最多 100 个字。"
PAST = "开始时间已经过去了，请核对日期。"
ENDED = "这场活动的时间已经过去了，请先改时间，再发布。"
NOT_DRAFT = "这场活动已经发布过了。"
TOO_FEW = "已经报了 {taken} 人，名额不能比这个少。"
BAD_FIGURE = "人数请写 0 到 100000 之间的整数。"


@dataclass(frozen=True, slots=True)
class EventSheet:
    """What staff write of an event."""

    kind: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    closes_at: datetime | None
    """None: one may sign up until it begins."""
    place: str
    phone: str
    about: str
    bring: str
    materials: str
    categories: Sequence[str]
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What staff counted afterwards; None where they did not."""

    applicants: int | None
    intentions: int | None
    hired: int | None
    attended: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change of an event came to; who is concerned is told within seconds, by a tick."""

    event: Event
    told: int = 0
    """Sign-ups that hear of another time or place, or that it is off."""
    moved_up: tuple[SignUp, ...] = ()
    """Those who got a place from the waiting list."""


async def create(db: AsyncSession, staff: Staff, sheet: EventSheet, now: datetime) -> Event:
    """Make an event, a draft that nobody sees in the chat.

    Raises:
        Refusal: something is missing or cannot be, or it would begin in the past.
    """
    values = _checked(sheet)
    if values["starts_at"] <= now:
        raise Refusal(PAST)
    event = Event(
        **values, status="draft", taken=0, door_code=await _door_code(db, now),
        created_by=staff.id, created_at=now, changed_at=now,
    )  # fmt: skip
    db.add(event)
    await db.flush()
    return event


async def change(db: AsyncSession, event_id: int, sheet: EventSheet, now: datetime) -> Outcome:
    """Change an event: another time or place is told to those who signed up, more places are given to who waits.

    Raises:
        Refusal: something is missing or cannot be, it was cancelled, or more places are taken.
    """
    values = _checked(sheet)
    event = await event_places.hold(db, event_id)
    if event.status == "cancelled":
        raise Refusal(OFF)
    if values["starts_at"] != event.starts_at and values["starts_at"] <= now:
        raise Refusal(PAST)
    if values["capacity"] < event.taken:
        raise Refusal(TOO_FEW.format(taken=event.taken))
    before = event.starts_at, event.ends_at, event.place
    for name, value in values.items():
        setattr(event, name, value)
    event.changed_at = now
    if event.status == "over" and event.ends_at > now:
        event.status = "open"
    told = 0
    if event.status == "open" and before != (event.starts_at, event.ends_at, event.place):
        event.moved_at, event.announced_to = now, 0
        await db.flush()
        told = await event_news.spread(db, event.id, "changed", now)
    await db.flush()
    return Outcome(event, told, tuple(await event_places.fill(db, event, now)))


async def publish(db: AsyncSession, event_id: int, now: datetime) -> Event:
    """Open an event for signing up, and announce it to those who subscribed to its group.

    Raises:
        Refusal: it was published before, or is in the past.
    """
    event = await event_places.hold(db, event_id)
    if event.status != "draft":
        raise Refusal(OFF if event.status == "cancelled" else NOT_DRAFT)
    if event.starts_at <= now:
        raise Refusal(ENDED)
    event.status, event.announced_to, event.changed_at = "open", 0, now
    await db.flush()
    return event


async def cancel(db: AsyncSession, event_id: int, reason: str, now: datetime) -> Outcome:
    """Cancel an event; everybody who signed up, waits, or heard of it is told why.

    Raises:
        Refusal: there is no reason, or it is over or cancelled already.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refusal(NO_REASON)
    event = await event_places.hold(db, event_id)
    if event.status not in ("draft", "open"):
        raise Refusal(OFF if event.status == "cancelled" else ENDED)
    was_open = event.status == "open"
    event.status, event.reason, event.changed_at = "cancelled", reason, now
    event.announced_to = 0 if was_open else None
    await db.flush()
    return Outcome(event, await event_news.spread(db, event.id, "cancelled", now))


async def note_figures(db: AsyncSession, event_id: int, figures: Figures) -> Event:
    """Keep what staff counted afterwards.

    Raises:
        Refusal: a number cannot be.
    """
    event = await event_of(db, event_id)
    for name in ("applicants", "intentions", "hired", "attended"):
        number = getattr(figures, name)
        if number is not None and not 0 <= number <= 100_000:
            raise Refusal(BAD_FIGURE)
        setattr(event, name, number)
    await db.flush()
    return event


async def finish(db: AsyncSession, now: datetime) -> Pass:
    """Put to the past what has ended."""
    done = await db.execute(
        update(Event)
        .where(Event.status == "open", Event.ends_at <= now)
        .values(status="over", announced_to=None)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return Pass(done.rowcount)


def _checked(sheet: EventSheet) -> dict[str, Any]:
    """Return the columns that a sheet fills, once all of them can be."""
    if sheet.kind not in KINDS:
        raise Refusal("请选择活动的种类。")
    if unknown := [one for one in sheet.categories if one not in CATEGORIES]:
        raise Refusal(f"没有“{unknown[0]}”这一类，请重新选择。")
    if sheet.capacity is None or not 1 <= sheet.capacity <= MOST_PLACES:
        raise Refusal(f"名额请写 1 到 {MOST_PLACES} 之间的数。")
    categories = [one for one in CATEGORIES if one in sheet.categories]
    plain = {"kind": sheet.kind, "capacity": sheet.capacity, "categories": categories}
    return plain | {name: _text(sheet, name) for name in _LONGEST} | _times(sheet)


def _text(sheet: EventSheet, name: str) -> str:
    lines = (" ".join(line.split()) for line in getattr(sheet, name).splitlines())
    text = (" " if name in _NEEDED else "\n").join(line for line in lines if line)
    if not text and name in _NEEDED:
        raise Refusal(f"请写上{_LABELS[name]}。")
    if len(text) > _LONGEST[name]:
        raise Refusal(f"{_LABELS[name]}写得太长，最多 {_LONGEST[name]} 个字。")
    return text


def _times(sheet: EventSheet) -> dict[str, datetime]:
    starts_at, ends_at = sheet.starts_at, sheet.ends_at
    if starts_at is None or ends_at is None:
        raise Refusal("请选开始和结束的日期、时间。")
    if ends_at <= starts_at:
        raise Refusal("结束时间要晚于开始时间。")
    if (ends_at - starts_at).days > _LONGEST_DAYS:
        raise Refusal(f"一场活动最长 {_LONGEST_DAYS} 天，请核对日期。")
    closes_at = sheet.closes_at or starts_at
    if closes_at > ends_at:
        raise Refusal("报名截止不能晚于结束时间。")
    return {"starts_at": starts_at, "ends_at": ends_at, "closes_at": closes_at}


async def _door_code(db: AsyncSession, now: datetime) -> str:
    """Return four digits that no other event to come has at its door."""
    used = set(await db.scalars(select(Event.door_code).where(Event.ends_at > now)))
    year = str(now.astimezone(CHINA).year)
    codes = [f"{number}" for number in range(1000, 10_000) if f"{number}" not in used and f"{number}" != year]
    return secrets.choice(codes)
