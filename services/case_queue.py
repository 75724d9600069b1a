"""The queue as one person of staff may see it: tabs, counts, filters, search; as many statements for 500 cases as for 5."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import CHINA, start_of
from db.cases import CaseSeen, Petition, SupportCase
from db.people import Address
from db.places import Station
from db.staff import Staff
from db.turns import Inbox, Outbox
from services import petitions
from services.case_feed import IS_SAID, without_label
from services.petitions import EXTENSION_DAYS, FINISH_DAYS, NOTICE_DAYS, REVIEW_DAYS
from services.scope import visible_cases

Tab = Literal["mine", "unclaimed", "waiting", "today", "closed"]
TABS: tuple[Tab, ...] = get_args(Tab)
PAGE = 30
"""Cases on one page."""
MOST_COUNTED = 999
"""Closed cases are counted up to here, so that counting stays as quick in the tenth year."""
NO_STATION = 0
"""Stands in a filter for the cases that no station has."""
_CODE = re.compile(r"[A-Z][A-Z0-9]{3}")
_heard, _said = aliased(Inbox), aliased(Outbox)
_LAST = (_heard.at, _heard.kind, _heard.text, _said.at, _said.staff_id, _said.payload)
_OPEN = SupportCase.status.in_(("open", "claimed"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue somebody wants to see; words are looked for in every tab at once."""

    tab: Tab = "waiting"
    kind: str = ""
    station: int | None = None
    overdue: bool = False
    crisis: bool = False
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Last:
    """What was said last in a case."""

    by: Literal["person", "staff"]
    kind: str
    """Of the inbound: text, action or event; text for what we said."""
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: SupportCase
    station: str | None
    holder: str | None
    channel: str
    last: Last | None
    unread: bool
    """Its person wrote since this member of staff last opened it."""
    clocks: Sequence[petitions.Clock]
    """Those of a petition that are due today or over."""


async def count(db: AsyncSession, staff: Staff, now: datetime) -> dict[Tab, int]:
    """Return how many cases each tab holds."""
    visible = visible_cases(staff)
    some_closed = select(literal(1)).where(SupportCase.status == "closed", visible).limit(MOST_COUNTED).subquery()
    closed = select(func.count()).select_from(some_closed).scalar_subquery()
    counted = [func.count().filter(_in_tab(tab, staff, now)) for tab in TABS[:-1]]
    found = (await db.execute(select(*counted, closed).select_from(SupportCase).where(_OPEN, visible))).one()
    return dict(zip(TABS, found, strict=True))


async def dangers(db: AsyncSession, staff: Staff) -> list[SupportCase]:
    """Return the cases of danger that nobody has taken yet."""
    unclaimed = select(SupportCase).where(SupportCase.status == "open", SupportCase.crisis, visible_cases(staff))
    return list(await db.scalars(unclaimed.order_by(SupportCase.opened_at)))


async def read_page(db: AsyncSession, staff: Staff, asked: Asked, now: datetime) -> tuple[list[Row], bool]:
    """Return a page of cases, danger first, and whether another page follows."""
    by_closing = asked.tab == "closed" and not asked.words
    order: list[ColumnElement[Any]] = (
        [SupportCase.closed_at.desc(), SupportCase.id.desc()]
        if by_closing
        else [and_(SupportCase.crisis, _OPEN).desc(), _OPEN.desc(), SupportCase.due_at.is_(None), SupportCase.due_at.asc(),
              SupportCase.id.desc()]
    )  # fmt: skip
    here = (
        select(SupportCase.id)
        .where(visible_cases(staff), *_wanted(asked, staff, now))
        .order_by(*order)
        .offset((asked.page - 1) * PAGE)
        .limit(PAGE + 1)
        .subquery()
    )
    found = await db.execute(
        select(SupportCase, Station.name, Staff.name, Address.channel, Petition, CaseSeen.at, *_LAST)
        .join(here, here.c.id == SupportCase.id)
        .join(Address, Address.id == SupportCase.address_id)
        .outerjoin(Station, Station.id == SupportCase.station_id)
        .outerjoin(Staff, Staff.id == SupportCase.claimed_by)
        .outerjoin(Petition, Petition.case_id == SupportCase.id)
        .outerjoin(CaseSeen, and_(CaseSeen.case_id == SupportCase.id, CaseSeen.staff_id == staff.id))
        .outerjoin(_heard, and_(_heard.channel == Address.channel, _heard.event_id == _heard_last()))
        .outerjoin(_said, _said.id == _said_last())
        .order_by(*order)
    )
    rows = [_row(*columns, now=now) for columns in found]
    return rows[:PAGE], len(rows) > PAGE


def _row(
    case: SupportCase, station: str | None, holder: str | None, channel: str, petition: Petition | None,
    seen_at: datetime | None, *last: Any, now: datetime,
) -> Row:  # fmt: skip
    heard_at, kind, text, said_at, said_by, payload = last
    words = None
    if heard_at is not None and (said_at is None or heard_at > said_at):
        words = Last("person", kind, text)
    elif said_at is not None:
        words = Last("staff", "text", without_label(payload["text"], said_by))
    unread = heard_at is not None and (seen_at is None or seen_at < heard_at)
    clocks = petitions.clocks(petition, now) if petition and case.kind == "petition" and case.status != "closed" else []
    return Row(case, station, holder, channel, words, unread, [clock for clock in clocks if clock.state != "ok"])


def _heard_last() -> ScalarSelect[str]:
    mine = select(Inbox.event_id).where(Inbox.case_id == SupportCase.id, IS_SAID).order_by(Inbox.at.desc())
    return mine.limit(1).correlate(SupportCase).scalar_subquery()


def _said_last() -> ScalarSelect[int]:
    """Look at what staff said only: what the service answers by itself would hide the person's words."""
    mine = select(Outbox.id).where(Outbox.case_id == SupportCase.id, Outbox.staff_id.is_not(None))
    return mine.order_by(Outbox.id.desc()).limit(1).correlate(SupportCase).scalar_subquery()


def _wanted(asked: Asked, staff: Staff, now: datetime) -> list[ColumnElement[bool]]:
    wanted = [_says(asked.words) if asked.words else _in_tab(asked.tab, staff, now)]
    if asked.kind:
        wanted.append(SupportCase.kind == asked.kind)
    if asked.station is not None:
        wanted.append(SupportCase.station_id.is_not_distinct_from(asked.station or None))
    if asked.overdue:
        wanted.append(and_(_OPEN, SupportCase.due_at <= now))
    if asked.crisis:
        wanted.append(SupportCase.crisis.is_(True))
    return wanted


def _in_tab(tab: Tab, staff: Staff, now: datetime) -> ColumnElement[bool]:
    match tab:
        case "mine":
            return and_(SupportCase.status == "claimed", SupportCase.claimed_by == staff.id)
        case "unclaimed":
            return SupportCase.status == "open"
        case "waiting":
            return and_(_OPEN, SupportCase.waiting_since.is_not(None))
        case "today":
            return and_(_OPEN, or_(SupportCase.due_at < _days_ago(-1, now), _petition_due(now)))
        case "closed":
            return SupportCase.status == "closed"


def _days_ago(days: int, now: datetime) -> datetime:
    """Return when the day so many days ago began in China; -1 is tomorrow."""
    return start_of(now.astimezone(CHINA).date() - timedelta(days=days))


def _petition_due(now: datetime) -> ColumnElement[bool]:
    """Hold for petitions of which a legal clock ends today or has ended."""
    finish = or_(
        and_(Petition.extended_at.is_(None), Petition.since < _days_ago(FINISH_DAYS - 1, now)),
        Petition.since < _days_ago(FINISH_DAYS + EXTENSION_DAYS - 1, now),
    )
    due = or_(
        and_(Petition.noticed_at.is_(None), Petition.since < _days_ago(NOTICE_DAYS - 1, now)),
        and_(Petition.decided_at.is_(None), finish),
        and_(Petition.reviewed_at.is_(None), Petition.review_since < _days_ago(REVIEW_DAYS - 1, now)),
    )
    return and_(SupportCase.kind == "petition", SupportCase.id.in_(select(Petition.case_id).where(due)))


def _says(words: str) -> ColumnElement[bool]:
    """Hold for the case with a code, or for those in which the words were said by either side."""
    code = words.upper()
    by_code = [SupportCase.code == code] if _CODE.fullmatch(code) else []
    heard = select(Inbox.case_id).where(
        Inbox.case_id.is_not(None), Inbox.kind == "text", Inbox.text.icontains(words, autoescape=True)
    )
    said = select(Outbox.case_id).where(
        Outbox.case_id.is_not(None),
        Outbox.staff_id.is_not(None),
        Outbox.payload["text"].as_string().icontains(words, autoescape=True),
    )
    question = SupportCase.question.icontains(words, autoescape=True)
    return or_(*by_code, question, SupportCase.id.in_(heard), SupportCase.id.in_(said))
