"""What became of a message of a case, where staff see it: marks in the staff group, history in the case."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.turns import Outbox
from services import cases, staff_group

_SYSTEM = "系统"


async def sent(db: AsyncSession, rows: Iterable[Outbox], now: datetime) -> None:
    """Mark in the group the answers that have now reached the channel with all their parts."""
    for row in rows:
        origin = _origin(row)
        if row.case_id is not None and origin and not await _parts_missing(db, row, origin):
            await staff_group.mark(db, row.case_id, origin, "sent", now)


async def lost(db: AsyncSession, row: Outbox, error: str, now: datetime, *, unreachable: bool) -> None:
    """Tell staff that words of theirs did not arrive."""
    if row.case_id is None:
        return
    case = await db.get_one(SupportCase, row.case_id)
    kind = "unreachable" if unreachable else "undelivered"
    await cases.note_event(db, case, kind, now, row.staff_id, outbox_id=row.id, error=error)
    if origin := _origin(row):
        await staff_group.mark(db, case.id, origin, "blocked" if unreachable else "dead", now)
    elif row.staff_id is not None:
        text = ("没有送到：对方已屏蔽" if unreachable else "没有送到") + f"\n{row.payload['text']}"
        await staff_group.say(db, case.id, text, now, who=_SYSTEM, key=f"lost:{row.id}")


def _origin(row: Outbox) -> int | None:
    return row.payload.get("origin") if row.staff_id is not None else None


async def _parts_missing(db: AsyncSession, row: Outbox, origin: int) -> bool:
    others = await db.scalars(
        select(Outbox).where(Outbox.case_id == row.case_id, Outbox.id != row.id, Outbox.status != "sent")
    )
    return any(_origin(other) == origin for other in others)
