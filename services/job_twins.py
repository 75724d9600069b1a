"""Posts that are offered twice, under two numbers or by two sources: suggested by likeness, decided by staff."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import and_, delete, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import CHINA
from core.errors import Refusal
from db.jobs import Employer, Job, JobTold
from db.upsert import insert_new_from
from services import job_board
from services.job_likeness import Posts, Traits, like_employers, traits

PAGE = 50
NOT_LIKE = "这个岗位没有疑似重复的，可能已经有人处理过。"
_REMEMBERED = timedelta(days=60)
"""So long a post that is closed, or whose closing date has passed, is still compared with new ones."""
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
    return await _group(db, jobs, now, {}, set())


async def reconsider(db: AsyncSession, before: Mapping[Job, Traits], now: datetime) -> None:
    """Look at changed posts anew: a guess that no longer holds is taken back, and one that is alone may have a twin now.

    What staff said stays: the same remain the same, and what a post was like before and is alone of is another.
    """
    changed = {job: old for job, old in before.items() if traits(job) != old}
    if not changed:
        return
    parted = await _part_unlike(db, [job.id for job in changed])
    alone: dict[Job, Traits | None] = {
        job: old for job, old in changed.items() if job.group_id == job.id and job not in parted
    }
    alone.update(dict.fromkeys(parted))
    if not alone:
        return
    with_others = select(Job.group_id).where(Job.group_id.in_([job.id for job in alone]), Job.group_id != Job.id)
    await _group(db, alone, now, alone, set(await db.scalars(with_others)))
    joined = [job.id for job in alone if job.group_id != job.id]
    told = select(JobTold.address_id, Job.group_id, JobTold.job_id, JobTold.key, JobTold.at)
    await insert_new_from(db, JobTold, _TOLD, told.join(Job, Job.id == JobTold.job_id).where(Job.id.in_(joined)))


async def _part_unlike(db: AsyncSession, changed: Collection[int]) -> list[Job]:
    """Part the pairs that some posts made, and that do not look alike any longer; return those that stand alone now."""
    guessed = select(Job).where(Job.likely_of.is_not(None), or_(Job.id.in_(changed), Job.likely_of.in_(changed)))
    doubted = (await db.scalars(guessed.order_by(Job.id))).all()
    employers = await _employers_like(db, {job.employer_id for job in doubted})
    parted = []
    for job in doubted:
        like = await db.get_one(Job, job.likely_of)
        posts = Posts()
        posts.add(traits(like))
        if like.employer_id not in employers[job.employer_id] or not posts.like(traits(job)):
            await _part(db, job)
            parted.append(job)
    return parted


async def _group(
    db: AsyncSession, jobs: Collection[Job], now: datetime, before: Mapping[Job, Traits | None], followed: set[int]
) -> int:
    """Give posts their groups: new ones look back only, changed ones to all, and a group's first is never moved."""
    employers = await _employers_like(db, {job.employer_id for job in jobs})
    older, groups = await _posts_of(db, set(chain.from_iterable(employers.values())), now)
    found = 0
    for job in sorted(jobs, key=lambda job: job.id):
        if job.id in followed:
            continue
        others = [older[employer_id] for employer_id in employers[job.employer_id] if employer_id in older]
        old = before.get(job)
        known = {id_ for posts in others for _, id_ in posts.like(old)} if old else set()
        alike = [
            (score, -id_)
            for posts in others
            for score, id_ in posts.like(traits(job))
            if id_ not in known and (job in before or id_ < job.id)
        ]
        like = -max(alike)[1] if alike else None
        job.likely_of, job.group_id = like, groups[like] if like else job.id
        groups[job.id] = job.group_id
        followed.add(job.group_id)
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
    since = now - _REMEMBERED
    rows = await db.execute(
        select(*_TRAITS, Job.group_id).where(
            Job.employer_id.in_(list(employer_ids)),
            or_(and_(Job.status != "closed", Job.closes_on >= since.astimezone(CHINA).date()), Job.closed_at >= since),
        )
    )
    posts: dict[int, Posts] = {}
    groups: dict[int, int] = {}
    for *cells, group in rows:
        post = Traits(*cells)
        posts.setdefault(post.employer_id, Posts()).add(post)
        groups[post.id] = group or post.id
    return posts, groups


async def same(db: AsyncSession, job_id: int) -> Job:
    """Note staff's word that a post is the one that it looks like: nobody hears of both.

    Raises:
        Refusal: there is none, or it looks like none.
    """
    job = await job_board.locked(db, job_id)
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
    job = await job_board.locked(db, job_id)
    if job.likely_of is None and job.same_as is None:
        raise Refusal(NOT_LIKE)
    await _part(db, job)
    return job


async def _part(db: AsyncSession, job: Job) -> None:
    family = await _family(db, job.id)
    job.likely_of = job.same_as = None
    await db.flush()
    await db.execute(update(Job).where(Job.id.in_(family)).values(group_id=job.id))
    unheard = update(Job).where(Job.id.in_(family), Job.status == "open")
    await db.execute(unheard.values(matched_to=0))  # those who were spared it as the same one may hear of it now
    theirs = [JobTold.job_id.in_(family), JobTold.group_id != job.id]
    moved = select(JobTold.address_id, literal(job.id), JobTold.job_id, JobTold.key, JobTold.at).where(*theirs)
    await insert_new_from(db, JobTold, _TOLD, moved)
    await db.execute(delete(JobTold).where(*theirs))
    await db.refresh(job)


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
