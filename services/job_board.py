"""The board of open posts in memory, and the number by which every process knows that it has grown old."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.jobs import Employer, Job, JobBoard
from db.upsert import insert_new
from knowledge.job_board import Board
from knowledge.job_wish import Post
from services.townships import read_neighbours, read_townships

GONE = "没有找到这个岗位。"
_ROW = 1
_ABOUT = 600
"""Characters of a post's text that order it: what matters stands at its beginning."""
_COLUMNS = (
    Job.id, func.coalesce(Job.group_id, Job.id), Job.title, Employer.name, Job.employer_id,
    Employer.verified_at.is_not(None), Job.kind, Job.city, Job.township_id, Job.pay_from, Job.pay_to, Job.form,
    Job.shift, Job.age_from, Job.age_to, func.coalesce(Job.veterans_quota, 0) > 0, Job.closes_on,
    func.substr(Job.about, 1, _ABOUT), Job.event_id,
)  # fmt: skip
"""In the order of the fields of a Post."""


async def bump(db: AsyncSession) -> None:
    """Raise the board's number: called first by whoever changes posts, employers or neighbours, so that changes queue."""
    if not await _raise(db) and not await insert_new(db, JobBoard, id=_ROW, version=1):
        await _raise(db)


async def _raise(db: AsyncSession) -> bool:
    done = await db.execute(
        update(JobBoard)
        .where(JobBoard.id == _ROW)
        .values(version=JobBoard.version + 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def locked(db: AsyncSession, job_id: int) -> Job:
    """Return a post that nobody else changes until this transaction ends; the board's number is raised.

    Raises:
        Refusal: there is none.
    """
    await bump(db)
    job = await db.get(Job, job_id, populate_existing=True)
    if job is None:
        raise Refusal(GONE)
    return job


async def posts(db: AsyncSession, ids: Iterable[int]) -> dict[int, Job]:
    """Return posts as they are now, by id."""
    rows = await db.scalars(select(Job).where(Job.id.in_(list(ids))), execution_options={"populate_existing": True})
    return {job.id: job for job in rows}


async def read(db: AsyncSession, ids: Iterable[int] | None = None) -> Board:
    """Read a board of every open post, or of those of some that are open."""
    wanted = select(*_COLUMNS).join(Employer, Employer.id == Job.employer_id).where(Job.status == "open")
    if ids is not None:
        wanted = wanted.where(Job.id.in_(list(ids)))
    near = await read_neighbours(db)
    names = {id_: name for name, id_ in (await read_townships(db)).items()}
    rows = (await db.execute(wanted)).all()
    return await asyncio.to_thread(_board, rows, near, names)  # of 20,000 posts it takes most of a second


def _board(rows: Sequence[Any], near: Mapping[int, frozenset[int]], names: Mapping[int, str]) -> Board:
    return Board([Post(*row) for row in rows], near, names)


class Shelf:
    """The board of this process, read again when posts have changed; whoever has no shelf is only slower."""

    def __init__(self) -> None:
        self._board, self._version = Board(()), -1
        self._reading = asyncio.Lock()

    async def board(self, db: AsyncSession) -> Board:
        """Return the board as of now."""
        version = await db.scalar(select(JobBoard.version).where(JobBoard.id == _ROW)) or 0
        if version == self._version:
            return self._board
        async with self._reading:  # who holds it only reads, and so waits for nobody
            if version != self._version:
                self._board, self._version = await read(db), version
            return self._board
