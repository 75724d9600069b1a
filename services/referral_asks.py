"""When somebody who wanted a post is asked what came of it: 7 days and 30 days after, and never more than that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.jobs import Employer, Job, JobReferral
from db.people import Address, Person

DAYS = (7, 30)
SETTLED = timedelta(days=14)
"""Who began so lately is not asked yet whether they are still there."""
_ENDED = ("not_hired", "withdrawn")
_AT = time(9)


@dataclass(frozen=True, slots=True)
class Due:
    """A referral that is to be asked about, and on which account."""

    referral: JobReferral
    job: Job
    employer: Employer
    address: Address


def moment(since: datetime, asked: int) -> datetime:
    """Return when the next question comes after so many were asked: a morning in China."""
    return _morning(since, timedelta(days=DAYS[asked]))


def next_moment(referral: JobReferral) -> datetime | None:
    """Return when a referral is next asked about; None when nothing is left to ask."""
    if referral.status in _ENDED or referral.asked >= len(DAYS):
        return None
    planned = moment(referral.created_at, referral.asked)
    return planned if referral.hired_on is None else max(planned, _morning(referral.changed_at, SETTLED))


async def due(db: AsyncSession, now: datetime, limit: int) -> list[Due]:
    """Take the next that are due, locked, earliest first; of people who have died nothing is asked."""
    rows = await db.execute(
        select(JobReferral, Job, Employer, Address)
        .join(Job, Job.id == JobReferral.job_id)
        .join(Employer, Employer.id == Job.employer_id)
        .join(Address, Address.id == JobReferral.address_id)
        .outerjoin(Person, Person.id == Address.person_id)
        .where(JobReferral.next_ask_at <= now, Person.deceased_at.is_(None), Person.erased_at.is_(None))
        .order_by(JobReferral.next_ask_at, JobReferral.id)
        .limit(limit)
        .with_for_update(of=JobReferral, skip_locked=True)
    )
    return [Due(*row) for row in rows]


async def advance(db: AsyncSession, asked: Sequence[Due], now: datetime) -> None:
    """Count the question that was asked; where the clock was late, the earlier ones are behind too."""
    for one in asked:
        referral = one.referral
        behind = sum(moment(referral.created_at, number) <= now for number in range(len(DAYS)))
        referral.asked = max(referral.asked + 1, behind)
        referral.next_ask_at = next_moment(referral)
    await db.flush()


async def put_off(db: AsyncSession, others: Sequence[Due], now: datetime) -> None:
    """Leave the others of an account for the next day: two questions at once, and a digit could mean either."""
    for one in others:
        one.referral.next_ask_at = _morning(now, timedelta(days=1))
    await db.flush()


async def call_off(db: AsyncSession, job_id: int) -> list[Address]:
    """Ask no more about a post; return the accounts that wanted it and did not withdraw."""
    wanted = (JobReferral.job_id == job_id, JobReferral.status != "withdrawn")
    await db.execute(
        update(JobReferral).where(*wanted).values(next_ask_at=None).execution_options(synchronize_session=False)
    )
    rows = select(Address).join(JobReferral, JobReferral.address_id == Address.id).where(*wanted)
    return list(await db.scalars(rows.order_by(Address.id)))


def _morning(since: datetime, later: timedelta) -> datetime:
    return datetime.combine((since + later).astimezone(CHINA).date(), _AT, CHINA)
