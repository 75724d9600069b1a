"""Who recruits at a fair, at which booth, and for which posts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.events import EventEmployer
from db.jobs import Employer, Job
from db.upsert import insert_new
from services.event_list import event_of

_LONGEST_BOOTH = 10
_NUMBER = re.compile(r"\d+")

NOT_A_FAIR = "只有招聘会才有参会企业。"
NO_EMPLOYER = "没有找到这家企业。"
LONG_BOOTH = "展位号最多 10 个字。"


@dataclass(frozen=True, slots=True)
class Stand:
    """An employer at a fair."""

    employer: Employer
    booth: str | None
    jobs: int
    places: int


def _shown(event_id: int, today: date) -> ColumnElement[bool]:
    return (Job.event_id == event_id) & (Job.status == "open") & (Job.closes_on >= today)


async def stands(db: AsyncSession, event_id: int, today: date) -> list[Stand]:
    """Return the employers of a fair by booth, those with a booth first, with how many posts and places they offer."""
    counted = await db.execute(
        select(Job.employer_id, func.count(), func.sum(Job.places))
        .where(_shown(event_id, today))
        .group_by(Job.employer_id)
    )
    numbers = {employer_id: (jobs, int(places or 0)) for employer_id, jobs, places in counted}
    rows = await db.execute(
        select(EventEmployer.employer_id, EventEmployer.booth).where(EventEmployer.event_id == event_id)
    )
    booths = {employer_id: booth for employer_id, booth in rows}  # noqa: C416 - rows are no pairs to mypy
    employers = await db.scalars(select(Employer).where(Employer.id.in_({*booths, *numbers})))
    found = [Stand(one, booths.get(one.id), *numbers.get(one.id, (0, 0))) for one in employers]
    return sorted(found, key=_order)


def _order(stand: Stand) -> tuple[bool, int, str, str]:
    number = _NUMBER.search(stand.booth or "")
    return not stand.booth, int(number[0]) if number else 0, stand.booth or "", stand.employer.name


async def jobs_of(db: AsyncSession, event_id: int, employer_id: int, today: date) -> Sequence[Job]:
    """Return what an employer offers at a fair."""
    theirs = _shown(event_id, today) & (Job.employer_id == employer_id)
    return (await db.scalars(select(Job).where(theirs).order_by(Job.id))).all()


async def put_stand(db: AsyncSession, event_id: int, employer_id: int, booth: str | None) -> None:
    """Give an employer a booth at a fair, or another one.

    Raises:
        Refusal: it is no fair, there is no such employer, or the booth's name is too long.
    """
    if (await event_of(db, event_id)).kind != "fair":
        raise Refusal(NOT_A_FAIR)
    if await db.get(Employer, employer_id) is None:
        raise Refusal(NO_EMPLOYER)
    booth = (booth or "").strip() or None
    if booth and len(booth) > _LONGEST_BOOTH:
        raise Refusal(LONG_BOOTH)
    if not await insert_new(db, EventEmployer, event_id=event_id, employer_id=employer_id, booth=booth):
        row = await db.get_one(EventEmployer, (event_id, employer_id))
        row.booth = booth
        await db.flush()


async def take_stand(db: AsyncSession, event_id: int, employer_id: int) -> None:
    """Take an employer off a fair; its posts stay where they are."""
    await db.execute(
        delete(EventEmployer).where(EventEmployer.event_id == event_id, EventEmployer.employer_id == employer_id)
    )
