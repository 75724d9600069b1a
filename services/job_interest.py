"""How far a post has come: how many accounts heard of it, wanted it, and what they thought of it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import JobFeedback, JobReferral, JobReport, JobTold


@dataclass(frozen=True, slots=True)
class Interest:
    """Accounts, by what they have to do with a post."""

    told: int
    wanted: int
    fits: int
    unfit: int
    reports: int
    """Reports that nobody has decided."""


async def of(db: AsyncSession, job_id: int) -> Interest:
    """Count them."""
    counts = (
        select(func.count()).where(JobTold.job_id == job_id),
        select(func.count()).where(JobReferral.job_id == job_id),
        select(func.count()).where(JobFeedback.job_id == job_id, JobFeedback.fits),
        select(func.count()).where(JobFeedback.job_id == job_id, ~JobFeedback.fits),
        select(func.count()).where(JobReport.job_id == job_id, JobReport.outcome.is_(None)),
    )
    return Interest(*(await db.execute(select(*(count.scalar_subquery() for count in counts)))).one())
