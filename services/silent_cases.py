"""Somebody was reminded to the last step and stayed silent: a case for the station, to call or to visit, never to cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.cases import CaseEvent, SupportCase
from db.people import Address, Conversation
from db.upsert import insert_all_new
from services import cases, people_phone

REASON, MATTER = "no_answer", "生存认证"
QUESTION = "{title}：提醒了几次没有回音。请打电话问候，或者上门看看。"


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who stayed silent, where the talk is kept, and whose station it concerns."""

    person_id: int
    address_id: int | None
    """None where no account can be written to."""
    station_id: int | None


async def open_all(db: AsyncSession, silent: Sequence[Silent], title: str, now: datetime) -> set[int]:
    """Open a case for each; return the people for whom one is open now.

    A conversation in the middle of a turn is left for the next pass: whoever waited for it here, holding a reminder
    that the turn wants, would wait for ever.
    """
    by_phone = [one.person_id for one in silent if one.address_id is None]
    phones = await people_phone.addresses(db, by_phone, now) if by_phone else {}
    at = {one.address_id or phones[one.person_id]: one for one in silent}
    await insert_all_new(db, Conversation, [{"address_id": id_, "data": {}, "menu": []} for id_ in at])
    free = select(Conversation).where(Conversation.address_id.in_(at)).order_by(Conversation.address_id)
    found = await db.scalars(free.with_for_update(key_share=True, skip_locked=True), execution_options=_FRESH)
    talks = {talk.address_id: talk for talk in found.all()}
    question = QUESTION.format(title=title)
    added = [_row(one, address_id, question, now) for address_id, one in at.items() if _idle(talks.get(address_id))]
    await insert_all_new(db, SupportCase, added)
    codes = select(SupportCase).where(SupportCase.code.in_([row["code"] for row in added]))
    for case in (await db.scalars(codes)).all() if added else ():
        if (case.address_id, case.opened_at) in {(row["address_id"], row["opened_at"]) for row in added}:
            talks[case.address_id].case_id = case.id
    await db.flush()
    new = {row["address_id"] for row in added}
    opened = [talk for talk in talks.values() if talk.case_id is not None]
    await insert_all_new(db, CaseEvent, [_event(talk, now, new=talk.address_id in new) for talk in opened])
    return {at[talk.address_id].person_id for talk in opened}


def _idle(talk: Conversation | None) -> bool:
    return talk is not None and talk.case_id is None


def _row(one: Silent, address_id: int, question: str, now: datetime) -> dict[str, Any]:
    """Return a case without the clock of an answer, for nobody waits for words; a code in use makes it wait a pass."""
    return {
        "code": cases.new_code(), "address_id": address_id, "kind": "errand", "crisis": False, "reason": REASON,
        "question": question, "category": MATTER, "station_id": one.station_id, "status": "open", "opened_at": now,
        "last_at": now, "escalation": 0, "reopened": 0, "told_closed_hours": False,
    }  # fmt: skip


def _event(talk: Conversation, now: datetime, *, new: bool) -> dict[str, Any]:
    detail = {"reason": REASON, "kind": "errand"} if new else {}
    return {"case_id": talk.case_id, "kind": "opened" if new else "silent", "detail": detail, "at": now}


async def lock(db: AsyncSession, person_ids: Select[int] | Sequence[int]) -> None:
    """Lock the conversations of people's cases of silence, in one order."""
    ids = (await db.scalars(_cases(person_ids, SupportCase.address_id))).all()
    if ids:
        held = select(Conversation).where(Conversation.address_id.in_(ids)).order_by(Conversation.address_id)
        await db.scalars(held.with_for_update(key_share=True), execution_options=_FRESH)


async def close(db: AsyncSession, person_ids: Sequence[int], now: datetime) -> None:
    """Close people's cases of silence as resolved, without a word to them."""
    for case_id in (await db.scalars(_cases(person_ids, SupportCase.id))).all():
        await cases.close(db, case_id, "resolved", now)


_FRESH = {"populate_existing": True}


def _cases(person_ids: Select[int] | Sequence[int], wanted: InstrumentedAttribute[int]) -> Select[int]:
    return (
        select(wanted)
        .join(Address, Address.id == SupportCase.address_id)
        .where(
            Address.person_id.in_(person_ids), SupportCase.status != "closed",
            SupportCase.reason == REASON, SupportCase.category == MATTER, SupportCase.kind == "errand",
        )
        .order_by(SupportCase.address_id)
    )  # fmt: skip
