"""How much waits for staff among the posts, so that the console can say so before anybody looks."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import Job, JobReport


@dataclass(frozen=True, slots=True)
class Waiting:
    """What nobody has decided yet."""

    review: int
    """Posts with a flag, or taken back by reports."""
    twins: int
    """Posts that look like another."""
    reports: int
    """Posts that somebody reported."""


async def count(db: AsyncSession) -> Waiting:
    """Count it."""
    review = select(func.count()).where(Job.status == "review").scalar_subquery()
    twins = select(func.count()).where(Job.likely_of.is_not(None)).scalar_subquery()
    reports = select(func.count(JobReport.job_id.distinct())).where(JobReport.outcome.is_(None)).scalar_subquery()
    return Waiting(*(await db.execute(select(review, twins, reports))).one())
