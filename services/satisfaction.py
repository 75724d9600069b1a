"""How people judged what staff did for them; a bureau reports it as 满意率."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from services import cases

LONGEST_COMMENT = 500


async def rate(db: AsyncSession, case_id: int, address_id: int, mark: int, now: datetime) -> bool:
    """Keep a mark from 1 to 5 of a closed case; False when it is not this person's, or not closed."""
    case = await db.scalar(
        select(SupportCase).where(
            SupportCase.id == case_id, SupportCase.address_id == address_id, SupportCase.status == "closed"
        )
    )
    if case is None:
        return False
    case.rating = mark
    await cases.note_event(db, case, "rated", now, mark=mark)
    return True


async def comment(db: AsyncSession, case_id: int, address_id: int, text: str) -> bool:
    """Keep the sentence that goes with the mark."""
    done = await db.execute(
        update(SupportCase)
        .where(SupportCase.id == case_id, SupportCase.address_id == address_id)
        .values(rating_comment=text[:LONGEST_COMMENT])
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
