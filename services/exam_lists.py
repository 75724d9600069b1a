"""What staff see of batches: their numbers, and who has a place, masked on the screen and in full on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.exams import ExamBatch, ExamPlace, ExamSession
from db.people import Person
from db.staff import Staff
from services import person_cards, reach
from services.scope import visible_people
from services.vault import Vault

COLUMNS = ("报名号", "姓名", "电话", "服务站", "时间", "到没到")
CAME, MISSED = "到了", "没到"


@dataclass(frozen=True, slots=True)
class Overview:
    """A batch in the list of all."""

    batch: ExamBatch
    first: date | None = None
    last: date | None = None
    capacity: int = 0
    taken: int = 0


async def overview(db: AsyncSession) -> list[Overview]:
    """Return all batches with their numbers, the newest first."""
    last = func.max(func.coalesce(ExamSession.until, ExamSession.day))
    rows = await db.execute(
        select(
            ExamSession.batch_id, func.min(ExamSession.day), last, func.sum(ExamSession.capacity),
            func.sum(ExamSession.taken),
        ).group_by(ExamSession.batch_id)
    )  # fmt: skip
    numbers: dict[int, tuple[Any, ...]] = {batch_id: tuple(rest) for batch_id, *rest in rows}
    batches = await db.scalars(select(ExamBatch).order_by(ExamBatch.id.desc()))
    return [Overview(batch, *numbers.get(batch.id, ())) for batch in batches]


@dataclass(frozen=True, slots=True)
class Line:
    """One person with a place."""

    place: ExamPlace
    session: ExamSession
    name: str
    phone: str
    station: str
    told: bool
    """A message reaches the person by itself; whoever it does not reach is telephoned."""


async def lines(
    db: AsyncSession, vault: Vault, staff: Staff, *, batch_id: int | None = None, session_id: int | None = None,
    full: bool = False, status: str = "active",
) -> list[Line]:  # fmt: skip
    """Return who has a place in a batch or one session, of the people for these eyes; in full only for a logged act."""
    which: list[ColumnElement[bool]] = [ExamPlace.status == status, visible_people(staff)]
    if batch_id is not None:
        which.append(ExamPlace.batch_id == batch_id)
    if session_id is not None:
        which.append(ExamPlace.session_id == session_id)
    rows = await db.execute(
        select(ExamPlace, ExamSession, Person, reach.fate("exam"))
        .join(ExamSession, ExamSession.id == ExamPlace.session_id)
        .join(Person, Person.id == ExamPlace.person_id)
        .where(*which)
        .order_by(ExamSession.day, ExamSession.half, ExamPlace.id)
    )
    found = rows.all()
    cards = {card.id: card for card in await person_cards.cards(db, vault, [person for _, _, person, _ in found])}
    names = {
        person.id: person_cards.opened(vault, person) if full else (cards[person.id].name, cards[person.id].phone)
        for _, _, person, _ in found
    }
    return [
        Line(place, session, *names[person.id], cards[person.id].station, fate == "now")
        for place, session, person, fate in found
    ]


async def to_telephone(db: AsyncSession, vault: Vault, staff: Staff, session: ExamSession) -> list[Line]:
    """Return those who lost their place with a cancelled session, and whom no push tells of it."""
    if session.capacity:
        return []
    ended = await lines(db, vault, staff, session_id=session.id, status="cancelled")
    latest = max((one.place.ended_at for one in ended if one.place.ended_at), default=None)
    return [one for one in ended if one.place.ended_at == latest and not one.told]


def table(found: Sequence[Line], when: Callable[[ExamSession], str]) -> list[list[str]]:
    """Return the lines as a table of COLUMNS; `when` words a session."""
    came = {True: CAME, False: MISSED, None: ""}
    return [
        [one.place.code, one.name, one.phone, one.station, when(one.session), came[one.place.attended]] for one in found
    ]
