"""Small marks that change with what staff look at, so that an open page asks anew only when there is something new."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import CaseEvent, CaseNote, SupportCase
from db.media import Attachment
from db.staff import Staff
from db.turns import Inbox, InboxVersion, Outbox
from services.scope import visible_cases


async def of_queue(db: AsyncSession, staff: Staff) -> str:
    """Return a mark of all open cases that a person of staff may see."""
    # Whoever writes moves last_at, whatever else happens is an event.
    newest = select(func.max(CaseEvent.id)).scalar_subquery()
    opened = and_(SupportCase.status.in_(("open", "claimed")), visible_cases(staff))
    return await _mark(db, [func.count(), func.max(SupportCase.last_at), newest], opened)


async def of_case(db: AsyncSession, staff: Staff, case_id: int) -> str:
    """Return a mark of one case, the same for ever where there is none to be seen."""
    files = select(func.count(Attachment.id)).where(Attachment.address_id == SupportCase.address_id)
    versions = select(func.count(InboxVersion.id)).join(Inbox).where(Inbox.case_id == case_id)
    return await _mark(
        db,
        [
            SupportCase.status, SupportCase.claimed_by, SupportCase.kind, SupportCase.due_at,
            _count(Inbox.event_id, Inbox.case_id == case_id),
            _count(Outbox.id, Outbox.case_id == case_id),
            _count(Outbox.id, Outbox.case_id == case_id, Outbox.status == "ready"),
            _count(Outbox.id, Outbox.case_id == case_id, Outbox.status == "dead"),
            _count(Outbox.read_at, Outbox.case_id == case_id),
            _count(CaseNote.id, CaseNote.case_id == case_id),
            _count(CaseEvent.id, CaseEvent.case_id == case_id),
            files.where(Attachment.status == "pending").correlate(SupportCase).scalar_subquery(),
            files.correlate(SupportCase).scalar_subquery(),
            versions.scalar_subquery(),
        ],
        and_(SupportCase.id == case_id, visible_cases(staff)),
    )  # fmt: skip


def _count(column: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(*conditions).correlate(None).scalar_subquery()


async def _mark(db: AsyncSession, columns: list[Any], condition: ColumnElement[bool]) -> str:
    row = (await db.execute(select(*columns).select_from(SupportCase).where(condition))).first()
    return "" if row is None else " ".join(map(str, row))
