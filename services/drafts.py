"""An answer of staff's that others could use becomes a draft entry; it counts only once somebody adds its source."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import SupportCase
from db.content import FaqDraft
from db.media import Attachment
from db.staff import Staff
from db.turns import Inbox, Outbox
from db.upsert import insert_new
from services import cases
from services.scope import visible_cases

STATUS_NAMES = {"review": "待审", "done": "已完成", "dropped": "不采用"}
_LABEL = re.compile(r"^【[^】\n]*】\n")
"""How a message of staff's begins: who wrote it, for the person only."""
_NUMBERS = re.compile(r"\d{11,}[Xx]?")
"""Mobile phones, identity cards, bank cards: a question that others will read must not carry them."""
LONGEST = {"question": 60, "answer": 420, "source": 500}

NO_ANSWER = "这张求助单还没有工作人员的文字答复，不能转为问答草稿。"
NO_QUESTION = "这张求助单里没有对方的文字，不能转为问答草稿。"
TWICE = "这张求助单已经转成问答草稿了，在“问答草稿”里可以找到。"
GONE = "没有找到这份草稿。"
NO_SOURCE = "请写上依据，例如文件名和第几条。没有依据的答复不能给大家用。"


async def from_case(db: AsyncSession, case_id: int, staff: Staff, now: datetime) -> FaqDraft:
    """Make a draft of what was asked and what staff answered.

    Raises:
        Refusal: not for these eyes, never answered in words, or made into one before.
    """
    case = await db.scalar(select(SupportCase).where(SupportCase.id == case_id, visible_cases(staff)))
    if case is None:
        raise Refusal(cases.GONE)
    answer = await _answers(db, case_id)
    if not answer:
        raise Refusal(NO_ANSWER)
    question = (case.question or await _first_words(db, case_id)).strip()
    if not question:
        raise Refusal(NO_QUESTION)
    values = {"case_id": case.id, "staff_id": staff.id, "status": "review", "at": now}
    words = {"question": _NUMBERS.sub("***", question), "answer": answer}
    if not await insert_new(db, FaqDraft, **values, **words):
        raise Refusal(TWICE)
    return (await db.scalars(select(FaqDraft).where(FaqDraft.case_id == case.id))).one()


async def listing(db: AsyncSession, staff: Staff, status: str) -> Sequence[tuple[FaqDraft, str | None]]:
    """Return the drafts of a status with their cases' codes, the newest first."""
    rows = await db.execute(
        select(FaqDraft, SupportCase.code)
        .outerjoin(SupportCase, SupportCase.id == FaqDraft.case_id)
        .where(FaqDraft.status == status, _visible(staff))
        .order_by(FaqDraft.id.desc())
    )
    return [(draft, code) for draft, code in rows]


async def find(db: AsyncSession, staff: Staff, draft_id: int) -> tuple[FaqDraft, str | None]:
    """Return a draft that a member of staff may see, with its case's code.

    Raises:
        Refusal: there is none with this id, or not for these eyes.
    """
    draft = select(FaqDraft, SupportCase.code).outerjoin(SupportCase, SupportCase.id == FaqDraft.case_id)
    found = (await db.execute(draft.where(FaqDraft.id == draft_id, _visible(staff)))).first()
    if found is None:
        raise Refusal(GONE)
    return found[0], found[1]


async def change(db: AsyncSession, staff: Staff, draft_id: int, words: dict[str, str], status: str) -> FaqDraft:
    """Write question, answer and source, and set the status; only with a source is a draft done.

    Raises:
        Refusal: gone, a text is missing or too long, or it has no source.
    """
    locked = select(FaqDraft).where(FaqDraft.id == draft_id, _visible(staff)).with_for_update(of=FaqDraft)
    draft = await db.scalar(locked)
    if draft is None:
        raise Refusal(GONE)
    question, answer, source = (words[name].strip() for name in ("question", "answer", "source"))
    for name, label, text in (("question", "问题", question), ("answer", "回答", answer), ("source", "依据", source)):
        if (not text and name != "source") or (status == "done" and len(text) > LONGEST[name]):
            raise Refusal(f"{label}要写，最多 {LONGEST[name]} 个字，现在是 {len(text)} 个字。")
    if status == "done" and not source:
        raise Refusal(NO_SOURCE)
    draft.question, draft.answer, draft.source, draft.status = question, answer, source or None, status
    await db.flush()
    return draft


def _visible(staff: Staff) -> ColumnElement[bool]:
    """Editors see every draft, for they see no cases; others see those of their cases."""
    if staff.role == "editor":
        return true()
    seen = exists().where(SupportCase.id == FaqDraft.case_id, visible_cases(staff)).correlate(FaqDraft)
    return or_(FaqDraft.case_id.is_(None), seen)


async def _answers(db: AsyncSession, case_id: int) -> str:
    """Return staff's words without labels; a file's row carries no words of theirs."""
    files = select(Attachment.outbox_id).where(Attachment.outbox_id.is_not(None))
    rows = await db.scalars(
        select(Outbox)
        .where(
            Outbox.case_id == case_id,
            Outbox.staff_id.is_not(None),
            Outbox.status != "cancelled",
            Outbox.id.not_in(files),
        )
        .order_by(Outbox.id)
    )
    return "\n".join(_LABEL.sub("", row.payload["text"]).strip() for row in rows).strip()


async def _first_words(db: AsyncSession, case_id: int) -> str:
    said = select(Inbox.text).where(Inbox.case_id == case_id, Inbox.kind == "text").order_by(Inbox.at).limit(1)
    return await db.scalar(said) or ""
