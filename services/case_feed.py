"""One case from its first word to its last: what both sides said, files, notes and history, in one line of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import CaseEvent, CaseNote, CaseSeen, SupportCase
from db.media import Attachment
from db.staff import Staff
from db.turns import Inbox, InboxVersion, Outbox
from db.upsert import insert_new
from services.cases import GONE
from services.scope import visible_cases

_ABOUT_THE_ACCOUNT = ("blocked", "unblocked", "group", "edit")
"""Events that a channel reports; whatever else came was said by the person."""
IS_SAID = or_(Inbox.kind != "event", Inbox.text.not_in(_ABOUT_THE_ACCOUNT))
SHOWN = 60
"""Messages of each side that a page shows at first."""
_BEFORE = 20
"""Turns before the handoff that are shown with it."""

By = Literal["person", "bot", "staff", "note", "event"]
_ORDER: Mapping[By, int] = {"person": 0, "bot": 1, "staff": 1, "note": 2, "event": 3}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a case's line of time."""

    key: str
    """Unique on the page."""
    at: datetime
    by: By
    kind: str
    """Of an inbound: text, action or event. Of an event: what happened. Otherwise text."""
    text: str
    who: str = ""
    """The colleague's name."""
    mark: str = ""
    """What became of it: ready, held, sent, read, dead, blocked or cancelled."""
    files: Sequence[Attachment] = ()
    earlier: Sequence[InboxVersion] = ()
    """What it said before it was edited."""
    place: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """The line of time, oldest first."""

    items: list[Item]
    more: bool
    """There are older ones."""
    labels: Mapping[str, str]
    """What stood on the buttons, by their action."""

    @property
    def last_question(self) -> str:
        """Return what the person last wrote."""
        return next((item.text for item in reversed(self.items) if item.by == "person" and item.kind == "text"), "")


async def find_visible(db: AsyncSession, staff: Staff, case_id: int) -> SupportCase:
    """Return a case that a person of staff may see.

    Raises:
        Refusal: there is none, which is also what is said of one that is none of theirs.
    """
    case = await db.scalar(select(SupportCase).where(SupportCase.id == case_id, visible_cases(staff)))
    if case is None:
        raise Refusal(GONE)
    return case


async def mark_seen(db: AsyncSession, staff: Staff, case_id: int, now: datetime) -> None:
    """Note that a person of staff has seen what was said in a case until now."""
    mine = update(CaseSeen).where(CaseSeen.case_id == case_id, CaseSeen.staff_id == staff.id).values(at=now)
    if await db.scalar(mine.returning(CaseSeen.case_id)) is None:
        await insert_new(db, CaseSeen, case_id=case_id, staff_id=staff.id, at=now)


async def read_feed(db: AsyncSession, case: SupportCase, shown: int = SHOWN) -> Feed:
    """Read the last messages of a case, with its notes and history."""
    heard = list(await db.scalars(_latest(Inbox, Inbox.case_id == case.id, IS_SAID, shown=shown)))
    said = list(await db.scalars(_latest(Outbox, Outbox.case_id == case.id, shown=shown)))
    notes = await db.scalars(select(CaseNote).where(CaseNote.case_id == case.id))
    events = list(await db.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)))
    names = dict((await db.execute(select(Staff.id, Staff.name))).all())
    blocked = {event.detail.get("outbox_id") for event in events if event.kind == "unreachable"}
    items = [
        *await _heard_items(db, case.address_id, heard),
        *await _said_items(db, said, names, blocked),
        *(Item(f"note-{n.id}", n.at, "note", "text", n.text, names[n.staff_id]) for n in notes),
        *(
            Item(f"event-{e.id}", e.at, "event", e.kind, "", names.get(e.staff_id or 0, ""), detail=e.detail)
            for e in events
        ),
    ]
    items.sort(key=lambda item: (item.at, _ORDER[item.by]))
    more = len(heard) == shown or len(said) == shown
    return Feed(items[-shown:] if more else items, more, _labels(said))


async def read_before(db: AsyncSession, case: SupportCase) -> Feed:
    """Read what was said on this account before the case was opened."""
    not_here = Inbox.case_id.is_distinct_from(case.id)
    mine = (Inbox.address_id == case.address_id, Inbox.at <= case.opened_at, not_here, IS_SAID)
    heard = list(await db.scalars(_latest(Inbox, *mine, shown=_BEFORE)))
    if not heard:
        return Feed([], more=False, labels={})
    answers = and_(Outbox.at >= heard[-1].at, Outbox.at <= case.opened_at, Outbox.case_id.is_distinct_from(case.id))
    said = list(await db.scalars(_latest(Outbox, Outbox.address_id == case.address_id, answers, shown=3 * _BEFORE)))
    items = [*await _heard_items(db, case.address_id, heard), *await _said_items(db, said, {}, set())]
    items.sort(key=lambda item: (item.at, _ORDER[item.by]))
    return Feed(items, more=False, labels=_labels(said))


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was answered with or offered before the handoff."""

    entry: str
    score: float | None
    near: bool


async def read_matches(db: AsyncSession, case: SupportCase) -> list[Match]:
    """Return what the service had found by itself, latest first, each entry once."""
    asked = (Inbox.address_id == case.address_id, Inbox.at <= case.opened_at)
    results = await db.scalars(select(Inbox.result).where(*asked).order_by(Inbox.at.desc()).limit(_BEFORE))
    found: dict[str, Match] = {}
    for result in filter(None, results):
        if result.get("entry"):
            found.setdefault(result["entry"], Match(result["entry"], result.get("score"), near=False))
        for near in result.get("near") or ():
            found.setdefault(near["entry"], Match(near["entry"], near.get("score"), near=True))
    return list(found.values())


def without_label(text: str, staff_id: int | None) -> str:
    """Return the words of a colleague without the line that tells the person who writes."""
    first, _, rest = text.partition("\n")
    return rest if staff_id is not None and rest and first.startswith("【") and first.endswith("】") else text


def _latest(table: type[Any], *conditions: Any, shown: int) -> Any:
    by = table.at if table is Inbox else table.id
    return select(table).where(*conditions).order_by(by.desc()).limit(shown)


async def _heard_items(db: AsyncSession, address_id: int, rows: Sequence[Inbox]) -> list[Item]:
    """Join the person's words with their files and earlier versions; two statements, whatever their number."""
    events = [row.event_id for row in rows]
    files: dict[str, list[Attachment]] = {}
    sent = select(Attachment).where(Attachment.address_id == address_id, Attachment.event_id.in_(events))
    for file in await db.scalars(sent.order_by(Attachment.id)):
        files.setdefault(file.event_id or "", []).append(file)
    versions: dict[str, list[InboxVersion]] = {}
    channel = rows[0].channel if rows else ""
    edited = select(InboxVersion).where(InboxVersion.channel == channel, InboxVersion.event_id.in_(events))
    for version in await db.scalars(edited.order_by(InboxVersion.id)):
        versions.setdefault(version.event_id, []).append(version)
    return [
        Item(
            _key(row), row.at, "person", row.kind, row.text, files=files.get(row.event_id, ()),
            earlier=versions.get(row.event_id, ()), place=row.place,
        )
        for row in reversed(rows)
    ]  # fmt: skip


async def _said_items(
    db: AsyncSession, rows: Sequence[Outbox], names: Mapping[int, str], blocked: set[int | None]
) -> list[Item]:
    sent = select(Attachment).where(Attachment.outbox_id.in_([row.id for row in rows if row.staff_id is not None]))
    files = {file.outbox_id: file for file in await db.scalars(sent)}
    return [
        Item(
            f"out-{row.id}", row.at, "bot" if row.staff_id is None else "staff", "text",
            without_label(row.payload["text"], row.staff_id), names.get(row.staff_id or 0, ""),
            mark=_mark(row, blocked), files=[files[row.id]] if row.id in files else (),
        )
        for row in reversed(rows)
    ]  # fmt: skip


def _key(row: Inbox) -> str:
    """Return a short name of an inbound; the event id of a web visitor holds the visitor's own."""
    return "in-" + sha256(f"{row.channel}:{row.event_id}".encode()).hexdigest()[:16]


def _mark(row: Outbox, blocked: set[int | None]) -> str:
    if row.status == "sent" and row.read_at is not None:
        return "read"
    return "blocked" if row.status == "dead" and row.id in blocked else row.status


def _labels(rows: Sequence[Outbox]) -> dict[str, str]:
    return {choice["action"]: choice["label"] for row in rows for choice in row.payload.get("choices", ())}
