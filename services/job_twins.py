"""Posts that are offered twice, under two numbers or by two sources: suggested by likeness, decided by staff."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import delete, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.errors import Refusal
from db.jobs import Employer, Job, JobTold
from db.upsert import insert_new_from
from services import job_board
from services.job_likeness import Posts, Traits, like_employers

PAGE = 50
GONE = "没有找到这个岗位。"
NOT_LIKE = "这个岗位没有疑似重复的，可能已经有人处理过。"
_REMEMBERED = timedelta(days=60)
"""So long a closed post is still compared with new ones."""
_TRAITS = tuple(getattr(Job, name) for name in Traits.__slots__)
_TOLD = ("address_id", "group_id", "job_id", "key", "at")


@dataclass(frozen=True, slots=True)
class Pair:
    """A post and the one that it looks like, with the names of their employers."""

    job: Job
    employer: str
    like: Job
    like_employer: str


async def suggest(db: AsyncSession, jobs: Collection[Job], now: datetime) -> int:
    """Give every new post its group: that of an older one that it looks like, or its own; return how many look like one.

    Only posts of the same or a like-named employer are compared: they are found by index.
    """
    employers = await _employers_like(db, {job.employer_id for job in jobs})
    older, groups = await _posts_of(db, set(chain.from_iterable(employers.values())), now)
    found = 0
    for job in sorted(jobs, key=lambda job: job.id):
        own = Traits(*(getattr(job, name) for name in Traits.__slots__))
        others = (older[employer_id] for employer_id in employers[job.employer_id] if employer_id in older)
        alike = [(score, -id_) for posts in others for score, id_ in posts.like(own)]
        like = -max(alike)[1] if alike else None
        job.likely_of, job.group_id = like, groups[like] if like else job.id
        groups[job.id] = job.group_id
        found += like is not None
    await db.flush()
    return found


async def _employers_like(db: AsyncSession, ids: Collection[int]) -> dict[int, set[int]]:
    rows = await db.execute(select(Employer.id, Employer.name))
    return like_employers(dict(iter(rows)), ids)


async def _posts_of(
    db: AsyncSession, employer_ids: Iterable[int], now: datetime
) -> tuple[dict[int, Posts], dict[int, int]]:
    """Return what is compared of the posts of some employers, by employer, and the group of each."""
    rows = await db.execute(
        select(*_TRAITS, Job.group_id).where(
            Job.employer_id.in_(list(employer_ids)),
            or_(Job.status != "closed", Job.closed_at >= now - _REMEMBERED),
        )
    )
    posts: dict[int, Posts] = {}
    groups: dict[int, int] = {}
    for *traits, group in rows:
        post = Traits(*traits)
        posts.setdefault(post.employer_id, Posts()).add(post)
        groups[post.id] = group or post.id
    return posts, groups


async def same(db: AsyncSession, job_id: int) -> Job:
    """Note staff's word that a post is the one that it looks like: nobody hears of both.

    Raises:
        Refusal: there is none, or it looks like none.
    """
    job = await _locked(db, job_id)
    if job.likely_of is None:
        raise Refusal(NOT_LIKE)
    job.same_as, job.likely_of = job.likely_of, None
    await db.flush()
    return job


async def different(db: AsyncSession, job_id: int) -> Job:
    """Note staff's word that a post is another than the one it looks like, or was said to be.

    It becomes a group of its own, with the posts that are or look the same as it; who heard of one of these
    has heard of the new group, and not of the old one.

    Raises:
        Refusal: there is none, or it looks like none.
    """
    job = await _locked(db, job_id)
    if job.likely_of is None and job.same_as is None:
        raise Refusal(NOT_LIKE)
    family = await _family(db, job_id)
    job.likely_of = job.same_as = None
    await db.flush()
    await db.execute(update(Job).where(Job.id.in_(family)).values(group_id=job_id))
    unheard = update(Job).where(Job.id.in_(family), Job.status == "open")
    await db.execute(unheard.values(matched_to=0))  # those who were spared it as the same one may hear of it now
    theirs = [JobTold.job_id.in_(family), JobTold.group_id != job_id]
    moved = select(JobTold.address_id, literal(job_id), JobTold.job_id, JobTold.key, JobTold.at).where(*theirs)
    await insert_new_from(db, JobTold, _TOLD, moved)
    await db.execute(delete(JobTold).where(*theirs))
    await db.refresh(job)
    return job


async def _locked(db: AsyncSession, job_id: int) -> Job:
    await job_board.bump(db)
    job = await db.get(Job, job_id, populate_existing=True)
    if job is None:
        raise Refusal(GONE)
    return job


async def _family(db: AsyncSession, job_id: int) -> list[int]:
    """Return a post with all that are, or look, the same as it and came after it."""
    tree = select(Job.id).where(Job.id == job_id).cte(recursive=True)
    after = select(Job.id).where(or_(Job.likely_of == tree.c.id, Job.same_as == tree.c.id))
    return list(await db.scalars(select(tree.union(after).c.id)))


async def pairs(db: AsyncSession, number: int = 1) -> tuple[Sequence[Pair], bool]:
    """Return a page of those that staff have not decided, the newest first, and whether there are more."""
    like, employer, like_employer = aliased(Job), aliased(Employer), aliased(Employer)
    rows = (
        select(Job, employer.name, like, like_employer.name)
        .join(like, like.id == Job.likely_of)
        .join(employer, employer.id == Job.employer_id)
        .join(like_employer, like_employer.id == like.employer_id)
        .order_by(Job.id.desc())
    )
    found = (await db.execute(rows.offset((number - 1) * PAGE).limit(PAGE + 1))).all()
    return [Pair(*row) for row in found[:PAGE]], len(found) > PAGE
