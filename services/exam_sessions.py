"""When there are how many places: half-days of an examination made in one go, groups of a recuperation one by one."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.exams import ExamSession
from db.upsert import insert_all_new
from services.calendar import read_calendar
from services.exams import batch_of

HALVES = ("am", "pm")
LONGEST_STRETCH, LONGEST_STAY = 92, 31
"""Days that are filled with sessions at once, and days of a recuperation."""
MOST_PLACES = 1000

GONE = "没有找到这个时间，可能已经取消了。"


async def add_half_days(
    db: AsyncSession, batch_id: int, days: Sequence[date], halves: Sequence[str], capacity: int,
    *, free_days: bool = False,
) -> int:  # fmt: skip
    """Make the sessions of many days at once, working days only unless told otherwise; those there stay as they are.

    Raises:
        Refusal: nothing would be made, or the number of places cannot be.
    """
    batch = await batch_of(db, batch_id)
    _check_capacity(capacity)
    if batch.kind != "exam" or not halves or any(half not in HALVES for half in halves):
        raise Refusal("请选上午、下午，或两个都选。")
    if not days or len(days) > LONGEST_STRETCH:
        raise Refusal(f"“到哪天”不能早于“从哪天”，一次最多安排 {LONGEST_STRETCH} 天。")
    calendar = await read_calendar(db)
    chosen = [day for day in days if free_days or calendar.day(day).working]
    if not chosen:
        raise Refusal("这几天都不上班。要安排的话，请勾选“周末和放假也安排”。")
    values = {"batch_id": batch_id, "capacity": capacity, "taken": 0, "until": None}
    return await insert_all_new(
        db, ExamSession, [values | {"day": day, "half": half} for day in chosen for half in halves]
    )


async def add_group(
    db: AsyncSession, batch_id: int, first: date, until: date, capacity: int
) -> None:  # fmt: skip
    """Add a group to a recuperation.

    Raises:
        Refusal: the days cannot be, or a group begins on the same one.
    """
    batch = await batch_of(db, batch_id)
    _check_capacity(capacity)
    if batch.kind != "recuperation" or not timedelta() <= until - first < timedelta(days=LONGEST_STAY):
        raise Refusal(f"“到哪天”不能早于“从哪天”，一期最多 {LONGEST_STAY} 天。")
    values = {"batch_id": batch_id, "capacity": capacity, "taken": 0, "until": until, "day": first, "half": "days"}
    if not await insert_all_new(db, ExamSession, [values]):
        raise Refusal("这一天已经有一期开始了。")


async def set_capacity(db: AsyncSession, session_id: int, capacity: int) -> ExamSession:
    """Change how many places a session has, never below those that are taken.

    Raises:
        Refusal: more are taken.
    """
    _check_capacity(capacity)
    done = await db.execute(
        update(ExamSession)
        .where(ExamSession.id == session_id, ExamSession.taken <= capacity)
        .values(capacity=capacity)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    session = await db.get(ExamSession, session_id, populate_existing=True)
    if session is None:
        raise Refusal(GONE)
    if not done.rowcount:
        raise Refusal(f"已经报了 {session.taken} 人，名额不能比这个少。")
    return session


def _check_capacity(capacity: int) -> None:
    if not 1 <= capacity <= MOST_PLACES:
        raise Refusal(f"名额请写 1 到 {MOST_PLACES} 之间的数。")


async def free_sessions(db: AsyncSession, batch_id: int, today: date) -> list[ExamSession]:
    """Return the sessions after today that have places left, the next first."""
    rows = await db.scalars(
        select(ExamSession)
        .where(ExamSession.batch_id == batch_id, ExamSession.day > today, ExamSession.taken < ExamSession.capacity)
        .order_by(ExamSession.day, ExamSession.half)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def sessions_of(db: AsyncSession, batch_id: int) -> list[ExamSession]:
    """Return all sessions of a batch, in their order."""
    rows = await db.scalars(
        select(ExamSession)
        .where(ExamSession.batch_id == batch_id)
        .order_by(ExamSession.day, ExamSession.half)
        .execution_options(populate_existing=True)
    )
    return list(rows)
