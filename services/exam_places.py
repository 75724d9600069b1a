"""Who has a place at an examination or a recuperation: signed up, moved, cancelled, and never more than there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.people import Person
from db.upsert import insert_new
from services import exam_reminders, seats
from services.cases import new_code

_PREFIX = {"exam": "TJ", "recuperation": "LY"}
_CODE_TRIES = 20

FULL = "这个时间刚刚报满了，请换一个时间。"
HAS_PLACE = "这一批已经报过名了，一人只能报一次。"
NO_SESSION = "没有找到这个时间，可能已经取消了。"
NO_PLACE = "没有找到这个报名，可能已经取消了。"
CHANGED = "这个报名刚刚有变动，请再看一次。"
NOBODY = "没有找到这位服务对象。"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place with its session and batch."""

    place: ExamPlace
    session: ExamSession
    batch: ExamBatch


async def sign_up(db: AsyncSession, session_id: int, person_id: int, made_by: str, now: datetime) -> Appointment:
    """Give a person a place.

    Raises:
        Refusal: no place is free, the person has one in this batch, or either does not exist.
    """
    session = await session_of(db, session_id)
    person = await db.get(Person, person_id)
    if person is None or person.deceased_at or person.erased_at:
        raise Refusal(NOBODY)
    if not await seats.take(db, ExamSession, session_id):
        raise Refusal(FULL)
    batch = await db.get_one(ExamBatch, session.batch_id)
    values: dict[str, Any] = {
        "batch_id": batch.id, "session_id": session_id, "person_id": person_id, "made_by": made_by,
        "status": "active", "created_at": now,
    }  # fmt: skip
    for _ in range(_CODE_TRIES):
        if await insert_new(db, ExamPlace, code=f"{_PREFIX[batch.kind]}-{new_code()}", **values):
            break
        if await place_in(db, batch.id, person_id) is not None:
            await seats.give_back(db, ExamSession, session_id)
            raise Refusal(HAS_PLACE)
    else:
        raise RuntimeError("no free code of a place")
    place = await place_in(db, batch.id, person_id)
    assert place is not None
    await exam_reminders.start(db, batch, session, place, now)
    return Appointment(place, session, batch)


async def move(db: AsyncSession, place_id: int, session_id: int, now: datetime) -> Appointment:
    """Move a place to another session of its batch; the old one is kept until the new one is won.

    Raises:
        Refusal: no place is free there, or one of them is gone.
    """
    before = await active(db, place_id)
    session = await session_of(db, session_id)
    if session.batch_id != before.batch.id:
        raise Refusal(NO_SESSION)
    if session.id == before.session.id:
        return before
    await seats.hold(db, ExamSession, (before.session.id, session.id))
    if not await seats.take(db, ExamSession, session.id):
        raise Refusal(FULL)
    if not await _change(db, before, session_id=session.id, attended=None):
        await seats.give_back(db, ExamSession, session.id)
        raise Refusal(CHANGED)
    await seats.give_back(db, ExamSession, before.session.id)
    await exam_reminders.stop(db, before.batch.kind, before.place, now)
    await exam_reminders.start(db, before.batch, session, before.place, now)
    return Appointment(before.place, session, before.batch)


async def cancel(db: AsyncSession, place_id: int, now: datetime) -> Appointment:
    """Cancel a place and give it back, once however often it is asked for.

    Raises:
        Refusal: it was cancelled or moved meanwhile.
    """
    before = await active(db, place_id)
    await seats.hold(db, ExamSession, (before.session.id,))
    if not await _change(db, before, status="cancelled", ended_at=now):
        raise Refusal(CHANGED)
    await seats.give_back(db, ExamSession, before.session.id)
    await exam_reminders.stop(db, before.batch.kind, before.place, now)
    return before


async def cancel_session(db: AsyncSession, session_id: int, now: datetime) -> list[Appointment]:
    """Cancel a session with everybody's place in it; it stays, without places. Return whose they were."""
    await seats.hold(db, ExamSession, (session_id,))
    session = await session_of(db, session_id)
    lost = await _end(db, await _appointments(db, ExamPlace.session_id == session_id), now)
    await db.execute(
        update(ExamSession)
        .where(ExamSession.id == session.id)
        .values(capacity=0, taken=0)
        .execution_options(synchronize_session=False)
    )
    return lost


async def cancel_all(db: AsyncSession, person_id: int, now: datetime) -> int:
    """Give back every place to come of somebody who has died or whose record was erased; return how many."""
    to_come = ExamPlace.person_id == person_id, ExamSession.day >= now.astimezone(CHINA).date()
    count = 0
    while found := await _appointments(db, *to_come):  # once more when one was moved just now
        await seats.hold(db, ExamSession, [one.session.id for one in found])
        for one in await _end(db, found, now):
            await seats.give_back(db, ExamSession, one.session.id)
            count += 1
    return count


async def hand_over(db: AsyncSession, from_id: int, to_id: int, now: datetime) -> None:
    """Move the places of a record that is joined with another; where both have one in a batch, one is given back."""
    theirs = select(ExamPlace.batch_id).where(ExamPlace.person_id == to_id, ExamPlace.status == "active")
    for one in await _appointments(db, ExamPlace.person_id == from_id, ExamPlace.batch_id.in_(theirs)):
        await cancel(db, one.place.id, now)
    await db.execute(update(ExamPlace).where(ExamPlace.person_id == from_id).values(person_id=to_id))


async def active(db: AsyncSession, place_id: int) -> Appointment:
    """Return a place that is not cancelled.

    Raises:
        Refusal: there is none.
    """
    found = await find(db, place_id)
    if found is None:
        raise Refusal(NO_PLACE)
    return found


async def find(db: AsyncSession, place_id: int) -> Appointment | None:
    """Return a place that is not cancelled, None when there is none."""
    return next(iter(await _appointments(db, ExamPlace.id == place_id)), None)


async def standing(db: AsyncSession, place_ids: Iterable[int]) -> list[Appointment]:
    """Return those of several places that are not cancelled."""
    return await _appointments(db, ExamPlace.id.in_(list(place_ids)))


async def of_person(db: AsyncSession, person_id: int, today: date) -> list[Appointment]:
    """Return a person's places to come, the next first."""
    last_day = func.coalesce(ExamSession.until, ExamSession.day)
    return await _appointments(db, ExamPlace.person_id == person_id, last_day >= today)


async def place_in(db: AsyncSession, batch_id: int, person_id: int) -> ExamPlace | None:
    """Return a person's place in a batch."""
    return await db.scalar(
        select(ExamPlace).where(
            ExamPlace.batch_id == batch_id, ExamPlace.person_id == person_id, ExamPlace.status == "active"
        )
    )


async def session_of(db: AsyncSession, session_id: int) -> ExamSession:
    """Return a session.

    Raises:
        Refusal: there is none.
    """
    session = await db.get(ExamSession, session_id, populate_existing=True)
    if session is None:
        raise Refusal(NO_SESSION)
    return session


async def _appointments(db: AsyncSession, *conditions: Any) -> list[Appointment]:
    rows = await db.execute(
        select(ExamPlace, ExamSession, ExamBatch)
        .join(ExamSession, ExamSession.id == ExamPlace.session_id)
        .join(ExamBatch, ExamBatch.id == ExamPlace.batch_id)
        .where(ExamPlace.status == "active", *conditions)
        .order_by(ExamSession.day, ExamSession.half, ExamPlace.id)
        .execution_options(populate_existing=True)
    )
    return [Appointment(*row) for row in rows]


async def _end(db: AsyncSession, places: Sequence[Appointment], now: datetime) -> list[Appointment]:
    ended = [one for one in places if await _change(db, one, status="cancelled", ended_at=now)]
    for one in ended:
        await exam_reminders.stop(db, one.batch.kind, one.place, now)
    return ended


async def _change(db: AsyncSession, before: Appointment, **values: Any) -> bool:
    """Change a place that still stands as it was read; False when somebody was quicker."""
    done = await db.execute(
        update(ExamPlace)
        .where(
            ExamPlace.id == before.place.id,
            ExamPlace.status == "active",
            ExamPlace.session_id == before.session.id,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
