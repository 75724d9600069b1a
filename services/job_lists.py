"""The posts that staff find on their page: narrowed by what they look for, the newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import Employer, Job
from db.places import Township

PAGE = 50


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a list of posts is narrowed to; everything empty means all."""

    text: str = ""
    """Part of the title or of the employer's name, or the whole reference."""
    kind: str = ""
    city: str = ""
    status: str = ""
    """review, open or closed; "expired" for open ones past their closing date, which "open" leaves out."""
    employer_id: int | None = None
    source: str = ""
    event_id: int | None = None
    flagged: bool = False
    twins: bool = False
    """Only those that look like another, with staff's word still wanted."""

    def conditions(self, today: date) -> list[ColumnElement[bool]]:
        """Return what must hold of a Job and its Employer."""
        same = {
            Job.kind: self.kind, Job.city: self.city, Job.source: self.source,
            Job.employer_id: self.employer_id, Job.event_id: self.event_id,
        }  # fmt: skip
        found: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value]
        if self.text:
            found.append(
                Job.title.contains(self.text, autoescape=True)
                | Employer.name.contains(self.text, autoescape=True)
                | (Job.source_ref == self.text)
            )
        if self.status:
            found.append(Job.status == ("open" if self.status == "expired" else self.status))
        if self.status in ("open", "expired"):
            found.append(Job.closes_on >= today if self.status == "open" else Job.closes_on < today)
        if self.flagged:
            found.append(cast(Job.flags, String) != json.dumps([]))
        if self.twins:
            found.append(Job.likely_of.is_not(None))
        return found


@dataclass(frozen=True, slots=True)
class JobRow:
    """A post in a list."""

    job: Job
    employer: str
    verified: bool
    township: str
    expired: bool
    """It is open, but its closing date has passed, so that nobody sees it."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of a list."""

    rows: Sequence[JobRow]
    total: int
    more: bool


async def page(db: AsyncSession, wanted: JobFilter, today: date, number: int = 1) -> JobPage:
    """Return a page, the first being 1."""
    conditions = wanted.conditions(today)
    counted = select(func.count()).select_from(Job).join(Employer, Employer.id == Job.employer_id)
    total = await db.scalar(counted.where(*conditions)) or 0
    rows = (
        select(Job, Employer.name, Employer.verified_at, Township.name)
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Township, Township.id == Job.township_id)
        .where(*conditions)
        .order_by(Job.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    found = [
        JobRow(job, employer, verified_at is not None, township or "", job.status == "open" and job.closes_on < today)
        for job, employer, verified_at, township in await db.execute(rows)
    ]
    return JobPage(found, total, total > number * PAGE)


async def sources(db: AsyncSession) -> list[str]:
    """Return where posts came from, to choose from."""
    return list(await db.scalars(select(Job.source).distinct().order_by(Job.source)))
