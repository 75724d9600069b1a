"""A number of the line as it is kept: found by its id, and changed only as it was seen."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Ticket
from services.ticket_line import first, label, tickets

NO_TICKET = "没有找到这个号，请看现在的情况。"
CHANGED = "{number} 刚才已经有人处理了，请看现在的情况。"
UNCALLED: dict[str, Any] = {"window": None, "staff_id": None, "called_at": None, "ended_at": None}
"""What a number is like that nobody has called."""


async def ticket_of(db: AsyncSession, ticket_id: int, station_id: int) -> Ticket:
    """Return a number of a station.

    Raises:
        Refusal: there is none with this id.
    """
    found = await first(db, tickets().where(Ticket.id == ticket_id, Ticket.station_id == station_id))
    if found is None:
        raise Refusal(NO_TICKET)
    return found


async def change(db: AsyncSession, ticket: Ticket, before: tuple[str, ...], **values: Any) -> Ticket:
    """Change a number that is still as it was; who came second is told so."""
    changed = await db.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.status.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount == 0:
        raise Refusal(CHANGED.format(number=label(ticket)))
    return (await db.scalars(tickets().where(Ticket.id == ticket.id))).one()
