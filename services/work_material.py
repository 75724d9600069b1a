"""What the figures of work are counted from: fairs and classes, posts and referrals of a period, read in one go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Result, Select, and_, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from core.clock import CHINA
from db.events import Event, EventEmployer, EventSignUp
from db.jobs import Job, JobReferral, JobReport
from services.period import Period

_EVENT = (
    Event.kind, Event.title, Event.starts_at, Event.place, Event.applicants, Event.intentions, Event.hired, Event.attended,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A post as far as it is counted; of those that are the same one, the first."""

    event_id: int | None
    employer_id: int
    places: int
    day: date
    """Of China, on which it was put in."""


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral as far as it is counted."""

    day: date
    hired_on: date | None
    still_there: bool | None


@dataclass(frozen=True, slots=True)
class Coming:
    """Of one event: how many had a place, and how many checked in."""

    signed: int = 0
    came: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is made of, so that counting needs no database."""

    period: Period
    events: Sequence[Event]
    """Those that have begun, in their order; neither drafts nor cancelled ones."""
    at_fairs: Mapping[int, Collection[int]]
    """The employers of each fair: those with a booth, and those with a post."""
    coming: Mapping[int, Coming]
    offers: Sequence[Offer]
    referred: Sequence[Referred]


async def read(db: AsyncSession, period: Period, now: datetime) -> Material:
    """Read what happened in a period, as far as it has happened."""
    held = (
        Event.status.in_(("open", "over")), Event.starts_at >= period.starts, Event.starts_at < min(period.ends, now),
    )  # fmt: skip
    events = await db.scalars(
        select(Event).options(load_only(*_EVENT, raiseload=True)).where(*held).order_by(Event.starts_at, Event.id)
    )
    theirs = select(Event.id).where(*held)
    return Material(
        period, events.all(), await _employers(db, theirs), await _coming(db, theirs), await _offers(db, period, theirs),
        await _referred(db, period),
    )  # fmt: skip


async def _employers(db: AsyncSession, theirs: Select[int]) -> dict[int, set[int]]:
    booths = select(EventEmployer.event_id, EventEmployer.employer_id).where(EventEmployer.event_id.in_(theirs))
    posts = select(Job.event_id, Job.employer_id).where(Job.event_id.in_(theirs), *_counted())
    found: dict[int, set[int]] = {}
    rows: Result[int, int] = await db.execute(union(booths, posts))
    for event_id, employer_id in rows:
        found.setdefault(event_id, set()).add(employer_id)
    return found


async def _coming(db: AsyncSession, theirs: Select[int]) -> dict[int, Coming]:
    signed = func.count().filter(EventSignUp.status == "active")
    came = func.count(EventSignUp.attended_at)
    rows = await db.execute(
        select(EventSignUp.event_id, signed, came)
        .where(EventSignUp.event_id.in_(theirs), EventSignUp.status != "cancelled")
        .group_by(EventSignUp.event_id)
    )
    return {event_id: Coming(*numbers) for event_id, *numbers in rows}


async def _offers(db: AsyncSession, period: Period, theirs: Select[int]) -> list[Offer]:
    """Return the posts of the fairs, and those put in within the period without a fair."""
    online = (Job.event_id.is_(None), Job.created_at >= period.starts, Job.created_at < period.ends)
    rows = await db.execute(
        select(Job.id, Job.group_id, Job.event_id, Job.employer_id, Job.places, Job.created_at)
        .where(or_(Job.event_id.in_(theirs), and_(*online)), *_counted())
        .order_by(Job.id)
    )
    found: dict[tuple[int, int | None], Offer] = {}
    for id_, group, event_id, employer_id, places, at in rows:
        found.setdefault((group or id_, event_id), Offer(event_id, employer_id, places, _day(at)))
    return list(found.values())


async def _referred(db: AsyncSession, period: Period) -> list[Referred]:
    """Return the referrals made within the period, and those whose work began within it."""
    made = (
        JobReferral.status != "withdrawn", JobReferral.created_at >= period.starts, JobReferral.created_at < period.ends,
    )  # fmt: skip
    rows = await db.execute(
        select(JobReferral.created_at, JobReferral.hired_on, JobReferral.still_there).where(
            or_(and_(*made), JobReferral.hired_on.between(period.first, period.last))
        )
    )
    return [Referred(_day(at), hired_on, still_there) for at, hired_on, still_there in rows]


def _counted() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a post: staff let it stand, and it was not found to be false."""
    false = select(JobReport.id).where(JobReport.job_id == Job.id, JobReport.outcome == "false")
    return Job.status != "review", ~false.exists()


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
