"""合适 or 不合适, said of a post: what the order of the next posts is tuned by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.jobs import Job, JobFeedback
from db.upsert import insert_new

NO_JOB = "没有找到这个岗位。"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought of a post, with what of it may be liked or not."""

    fits: bool
    employer_id: int
    kind: str
    township_id: int | None


async def say(db: AsyncSession, address_id: int, job_id: int, *, fits: bool, now: datetime) -> None:
    """Keep what an account thinks of a post; said anew, the later word counts.

    Raises:
        Refusal: there is no such post.
    """
    if await db.get(Job, job_id) is None:
        raise Refusal(NO_JOB)
    if await insert_new(db, JobFeedback, address_id=address_id, job_id=job_id, fits=fits, at=now):
        return
    await db.execute(
        update(JobFeedback)
        .where(JobFeedback.address_id == address_id, JobFeedback.job_id == job_id)
        .values(fits=fits, at=now)
        .execution_options(synchronize_session=False)
    )


async def of_accounts(db: AsyncSession, address_ids: Iterable[int]) -> dict[int, list[Opinion]]:
    """Return the opinions by account, the newest first; accounts without any are left out."""
    ids = list(address_ids)
    if not ids:
        return {}
    rows = await db.execute(
        select(JobFeedback.address_id, JobFeedback.fits, Job.employer_id, Job.kind, Job.township_id)
        .join(Job, Job.id == JobFeedback.job_id)
        .where(JobFeedback.address_id.in_(ids))
        .order_by(JobFeedback.at.desc(), JobFeedback.job_id.desc())
    )
    found: dict[int, list[Opinion]] = {}
    for address_id, fits, employer_id, kind, township_id in rows:
        found.setdefault(address_id, []).append(Opinion(fits, employer_id, kind, township_id))
    return found
