"""A post as the cells that it can be read from again: for the form that changes it, and for lists that are given out."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.events import EventEmployer
from db.jobs import Employer, Job
from db.places import Township
from knowledge.job_why import FORMS
from services.job_sheet import COLUMNS, SHIFT_NAMES
from services.jobs import Full


def cells(full: Full, booth: str | None = None) -> dict[str, str]:
    """Return a post by the names of COLUMNS; read again, it is the same post."""
    job, employer = full.job, full.employer
    values = (
        job.source_ref, employer.name, job.title, job.kind, job.city, full.township.name if full.township else None,
        job.place, pay(job.pay_from, job.pay_to), FORMS[job.form], SHIFT_NAMES.get(job.shift or ""),
        ages(job.age_from, job.age_to), job.places, job.veterans_quota, job.closes_on, job.contact, job.phone, job.about,
        employer.credit_code, booth,
    )  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in zip(COLUMNS, values, strict=True)}


def pay(pay_from: int | None, pay_to: int | None) -> str:
    """Return a range of pay as a list has it."""
    if pay_from is None:
        return "面议"
    return str(pay_from) if pay_from == pay_to else f"{pay_from}-{pay_to}"


def ages(age_from: int | None, age_to: int | None) -> str:
    """Return a range of ages as a list has it, "" for no limit."""
    if age_from is None:
        return "" if age_to is None else f"{age_to}以下"
    return f"{age_from}以上" if age_to is None else f"{age_from}-{age_to}"


async def open_rows(db: AsyncSession, today: date) -> list[list[str]]:
    """Return all posts on the board as rows of a table with COLUMNS, oldest first."""
    rows = await db.execute(
        select(Job, Employer, Township, EventEmployer.booth)
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Township, Township.id == Job.township_id)
        .outerjoin(
            EventEmployer,
            (EventEmployer.event_id == Job.event_id) & (EventEmployer.employer_id == Job.employer_id),
        )
        .where(Job.status == "open", Job.closes_on >= today)
        .order_by(Job.id)
    )
    return [list(cells(Full(job, employer, town), booth).values()) for job, employer, town, booth in rows]
