"""People say that a post is not true (举报虚假): two of them take it off the board until staff have decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.jobs import Employer, Job, JobBoard, JobReport
from db.people import Address
from db.upsert import insert_new
from services import jobs

ENOUGH = 2
"""People, not accounts, after whom nobody else is shown it."""
_LONGEST = 200

NO_JOB = "没有找到这个岗位。"
NOTHING = "这个岗位没有要处理的举报，可能同事刚处理过。"


@dataclass(frozen=True, slots=True)
class Reported:
    """A post with what was said against it and is not decided yet."""

    job: Job
    employer: Employer
    reports: tuple[JobReport, ...]


async def report(db: AsyncSession, job_id: int, address_id: int, words: str, now: datetime) -> bool:
    """Keep what an account says against a post; False when it had said so before.

    Raises:
        Refusal: there is no such post.
    """
    if await db.get(Job, job_id) is None:
        raise Refusal(NO_JOB)
    said = " ".join(words.split())[:_LONGEST]
    if not await insert_new(db, JobReport, job_id=job_id, address_id=address_id, words=said, at=now):
        return False
    # all changes of posts queue here: of two who report at the same moment the second sees the first
    await db.execute(select(JobBoard.id).with_for_update())
    who = func.coalesce(-Address.person_id, Address.id)
    reporters = await db.scalar(
        select(func.count(who.distinct()))
        .select_from(JobReport)
        .join(Address, Address.id == JobReport.address_id)
        .where(JobReport.job_id == job_id, JobReport.outcome.is_(None))
    )
    job = await db.get_one(Job, job_id, populate_existing=True)
    if (reporters or 0) >= ENOUGH and job.status == "open":
        await jobs.hold(db, job_id, now)
    return True


async def decide(db: AsyncSession, job_id: int, staff_id: int, *, false: bool, now: datetime) -> Job:
    """Close a post that is false, or put it back on the board; either settles every report of it.

    One with something flagged stays in review: that it is true does not say that the law allows it.

    Raises:
        Refusal: there is no such post, or nothing to decide.
    """
    done = await db.execute(
        update(JobReport)
        .where(JobReport.job_id == job_id, JobReport.outcome.is_(None))
        .values(outcome="false" if false else "fine", decided_by=staff_id, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if not done.rowcount:
        raise Refusal(NOTHING)
    if false:
        return await jobs.close(db, job_id, now)
    job = await db.get_one(Job, job_id, populate_existing=True)
    if job.status == "review" and not job.flags and job.closes_on >= now.astimezone(CHINA).date():
        return await jobs.approve(db, job_id, now)
    return job


async def waiting(db: AsyncSession) -> list[Reported]:
    """Return the posts with reports that staff have not decided, the longest waiting first."""
    rows = await db.execute(
        select(JobReport, Job, Employer)
        .join(Job, Job.id == JobReport.job_id)
        .join(Employer, Employer.id == Job.employer_id)
        .where(JobReport.outcome.is_(None))
        .order_by(JobReport.at, JobReport.id)
    )
    found: dict[int, Reported] = {}
    for report_, job, employer in rows:
        before = found[job.id].reports if job.id in found else ()
        found[job.id] = Reported(job, employer, (*before, report_))
    return list(found.values())
