"""Posts: made, changed, closed and opened again; every change first raises the board's version, so that changes queue."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.jobs import Employer, Job
from db.places import Township
from services import employers, job_board, job_law, job_twins
from services.job_likeness import traits
from services.job_sheet import JobSheet

CONSOLE = "console"
"""The source of what staff write themselves."""
EXPIRED = "截止日期已经过了，请先改截止日期。"
_COLUMNS = (
    "title", "kind", "city", "township_id", "place", "pay_from", "pay_to", "form", "shift", "age_from", "age_to",
    "veterans_quota", "places", "closes_on", "contact", "phone", "about", "event_id",
)  # fmt: skip
"""What a sheet and a post call the same."""


@dataclass(frozen=True, slots=True)
class Full:
    """A post with those it belongs to."""

    job: Job
    employer: Employer
    township: Township | None


async def post(db: AsyncSession, sheet: JobSheet, staff_id: int | None, now: datetime, reference: str = "") -> Job:
    """Make a post of the console: open, or waiting for review when something in it is flagged.

    A reference, such as a key that a form carries, makes the post only once: asked again, it is the same one.
    """
    await job_board.bump(db)
    known = select(Job).where(Job.source == CONSOLE, Job.source_ref == reference)
    if reference and (job := await db.scalar(known)) is not None:
        return job
    ids = await employers.ensure(db, {sheet.employer: sheet.credit_code}, now)
    job = made(sheet, ids[sheet.employer], CONSOLE, reference or secrets.token_hex(8), staff_id, now)
    db.add(job)
    await db.flush()
    await job_twins.suggest(db, [job], now)
    return job


def made(
    sheet: JobSheet, employer_id: int, source: str, reference: str, staff_id: int | None, now: datetime
) -> Job:  # fmt: skip
    """Return the row of a new post; its group is given once it has its id."""
    flags = job_law.flags(sheet)
    status = "review" if flags else "open"
    return Job(
        source=source, source_ref=reference, employer_id=employer_id, flags=flags, status=status,
        matched_to=None if flags else 0, created_by=staff_id, created_at=now, changed_at=now, **columns(sheet),
    )  # fmt: skip


def columns(sheet: JobSheet) -> dict[str, Any]:
    """Return what a sheet says, by column of Job."""
    return {name: getattr(sheet, name) for name in _COLUMNS}


async def change(db: AsyncSession, job_id: int, sheet: JobSheet, now: datetime) -> Job:
    """Change a post; what is newly flagged puts it to review, and whom it matches is looked at anew.

    Raises:
        Refusal: there is none.
    """
    job = await job_board.locked(db, job_id)
    ids = await employers.ensure(db, {sheet.employer: sheet.credit_code}, now)
    before = traits(job)
    fill(job, sheet, ids[sheet.employer], now)
    await db.flush()
    await job_twins.reconsider(db, {job: before}, now)
    return job


def fill(job: Job, sheet: JobSheet, employer_id: int, now: datetime) -> None:
    """Write a sheet into a post; one that says nothing new leaves it as it is. Of a guess, the kind on file stays."""
    if sheet.kind_guessed and job.title == sheet.title:
        sheet = replace(sheet, kind=job.kind)
    written = columns(sheet) | {"employer_id": employer_id}
    if all(getattr(job, name) == value for name, value in written.items()):
        return
    for name, value in written.items():
        setattr(job, name, value)
    flags = job_law.flags(sheet)
    if job.status == "open" and not set(flags) <= set(job.flags):
        job.status = "review"
    job.flags, job.changed_at = flags, now
    job.matched_to = 0 if job.status == "open" else None


async def close(db: AsyncSession, job_id: int, now: datetime) -> Job:
    """Take a post off the board; closed twice is closed once. No list brings it back: only staff do.

    Raises:
        Refusal: there is none.
    """
    job = await job_board.locked(db, job_id)
    job.source_mark = job.source_mark or ""
    if job.status != "closed":
        job.status, job.closed_at, job.changed_at, job.matched_to = "closed", now, now, None
    await db.flush()
    return job


async def reopen(db: AsyncSession, job_id: int, now: datetime) -> Job:
    """Put a closed post back on the board; one with something flagged goes to review first.

    Raises:
        Refusal: there is none, it is not closed, or its closing date has passed.
    """
    job = await job_board.locked(db, job_id)
    if job.status != "closed":
        raise Refusal("这个岗位没有停招，不用重新开放。")
    _refuse_expired(job, now)
    put_back(job, now)
    await db.flush()
    return job


def put_back(job: Job, now: datetime) -> None:
    """Take back that a post was closed: nobody may have looked at what is flagged in it since."""
    job.status = "review" if job.flags else "open"
    job.closed_at, job.changed_at = None, now
    job.matched_to = None if job.flags else 0
    job.source_mark = job.source_mark or ""


async def approve(db: AsyncSession, job_id: int, now: datetime) -> Job:
    """Put a post that waits for review on the board: staff have looked at what was flagged or reported.

    Raises:
        Refusal: there is none, it does not wait, or its closing date has passed.
    """
    job = await job_board.locked(db, job_id)
    if job.status != "review":
        raise Refusal("这个岗位不在待审核里，可能已经有人处理过。")
    _refuse_expired(job, now)
    job.status, job.closed_at, job.changed_at, job.matched_to = "open", None, now, 0
    await db.flush()
    return job


async def hold(db: AsyncSession, job_id: int, now: datetime) -> Job:
    """Take an open post off the board until staff have looked at it.

    Raises:
        Refusal: there is none.
    """
    job = await job_board.locked(db, job_id)
    if job.status == "open":
        job.status, job.changed_at, job.matched_to = "review", now, None
        await db.flush()
    return job


def _refuse_expired(job: Job, now: datetime) -> None:
    if is_expired(job, now.astimezone(CHINA).date()):
        raise Refusal(EXPIRED)


def is_expired(job: Job, today: date) -> bool:
    """Tell whether the closing date of a post has passed."""
    return job.closes_on < today


async def find(db: AsyncSession, job_id: int) -> Full:
    """Return a post with its employer and township.

    Raises:
        Refusal: there is none.
    """
    rows = select(Job, Employer, Township).join(Employer, Employer.id == Job.employer_id)
    found = (await db.execute(rows.outerjoin(Township, Township.id == Job.township_id).where(Job.id == job_id))).first()
    if found is None:
        raise Refusal(job_board.GONE)
    return Full(*found)
