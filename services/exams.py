"""Batches of physical examinations and of short recuperation: for whom, where, and when there are how many places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.exams import ExamBatch, ExamSession
from db.people import Person
from db.staff import Staff
from services.person_cards import CATEGORIES

KINDS = {"exam": "体检", "recuperation": "疗养"}
_LONGEST = {"title": 30, "place": 60, "before": 120, "bring": 120, "phone": 30}
_LABELS = {"title": "名称", "place": "地点", "before": "注意事项", "bring": "要带的东西", "phone": "电话"}

GONE = "没有找到这一批，可能已经被删掉。"


@dataclass(frozen=True, slots=True)
class BatchSheet:
    """What staff write of a batch."""

    kind: str
    title: str
    place: str
    before: str
    bring: str
    phone: str
    categories: Sequence[str]
    closes_on: date | None


async def create(db: AsyncSession, staff: Staff, sheet: BatchSheet, now: datetime) -> ExamBatch:
    """Make a batch, a draft that nobody sees in the chat.

    Raises:
        Refusal: something is missing, or there is one of this title.
    """
    if sheet.kind not in KINDS:
        raise Refusal("请选择是体检还是疗养。")
    batch = ExamBatch(kind=sheet.kind, created_by=staff.id, created_at=now)
    await _fill(db, batch, sheet)
    db.add(batch)
    await db.flush()
    return batch


async def change(db: AsyncSession, batch_id: int, sheet: BatchSheet) -> ExamBatch:
    """Change a batch; its kind stays.

    Raises:
        Refusal: something is missing, or there is another of this title.
    """
    batch = await batch_of(db, batch_id)
    await _fill(db, batch, sheet)
    await db.flush()
    return batch


async def _fill(db: AsyncSession, batch: ExamBatch, sheet: BatchSheet) -> None:
    for name, longest in _LONGEST.items():
        text = " ".join(getattr(sheet, name).split())
        if not text and name != "before":
            raise Refusal(f"请写上{_LABELS[name]}。")
        if len(text) > longest:
            raise Refusal(f"{_LABELS[name]}写得太长，最多 {longest} 个字。")
        setattr(batch, name, text)
    if unknown := [one for one in sheet.categories if one not in CATEGORIES]:
        raise Refusal(f"没有“{unknown[0]}”这一类，请重新选择。")
    if sheet.closes_on is None:
        raise Refusal("请选报名截止日。")
    batch.categories = [one for one in CATEGORIES if one in sheet.categories]
    batch.closes_on = sheet.closes_on
    same = select(ExamBatch.id).where(ExamBatch.title == batch.title, ExamBatch.id != (batch.id or 0))
    with db.no_autoflush:
        if await db.scalar(same) is not None:
            raise Refusal(f"已经有叫“{batch.title}”的一批了，请换个名称。")


async def set_open(db: AsyncSession, batch_id: int, *, opened: bool) -> ExamBatch:
    """Open a batch for signing up in the chat, or close it.

    Raises:
        Refusal: there is no place in it yet.
    """
    batch = await batch_of(db, batch_id)
    if opened and not await db.scalar(select(func.sum(ExamSession.capacity)).where(ExamSession.batch_id == batch_id)):
        raise Refusal("还没有安排时间和名额，请先安排，再开放报名。")
    batch.status = "open" if opened else "closed"
    await db.flush()
    return batch


async def batch_of(db: AsyncSession, batch_id: int) -> ExamBatch:
    """Return a batch.

    Raises:
        Refusal: there is none.
    """
    batch = await db.get(ExamBatch, batch_id)
    if batch is None:
        raise Refusal(GONE)
    return batch


async def open_for(db: AsyncSession, person: Person | None, today: date) -> list[ExamBatch]:
    """Return the batches that take people on now and have days to come: those for a person, or all for a stranger."""
    with_days = select(ExamSession.batch_id).where(ExamSession.day > today, ExamSession.capacity > 0)
    rows = await db.scalars(
        select(ExamBatch)
        .where(ExamBatch.status == "open", ExamBatch.closes_on >= today, ExamBatch.id.in_(with_days))
        .order_by(ExamBatch.closes_on, ExamBatch.id)
    )
    return [batch for batch in rows if person is None or is_for(batch, person)]


def is_for(batch: ExamBatch, person: Person) -> bool:
    """Tell whether a batch is for a person."""
    return not batch.categories or bool(set(batch.categories) & set(person.categories))


def takes_changes(batch: ExamBatch, today: date) -> bool:
    """Tell whether people may still sign up, move and cancel by themselves."""
    return batch.status == "open" and today <= batch.closes_on
