"""Seats of whatever is booked: taken and given back by the database alone, so that none is ever given twice."""

from collections.abc import Iterable

from sqlalchemy import Table, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Base


async def hold(db: AsyncSession, table: type[Base], ids: Iterable[int]) -> None:
    """Lock rows in the order of their ids, so that two who change places with each other never wait in a circle."""
    rows = _rows(table)
    await db.execute(
        select(rows.c.id).where(rows.c.id.in_(list(ids))).order_by(rows.c.id).with_for_update(key_share=True)
    )


async def take(db: AsyncSession, table: type[Base], id_: int, seats: int = 1) -> bool:
    """Take seats; False when so many are not free. The table has the columns id, capacity and taken."""
    rows = _rows(table)
    free = rows.c.taken + seats <= rows.c.capacity
    done = await db.execute(update(rows).where(rows.c.id == id_, free).values(taken=rows.c.taken + seats))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


async def give_back(db: AsyncSession, table: type[Base], id_: int, seats: int = 1) -> None:
    """Give seats back; the caller has ended what they were taken for in the same transaction."""
    rows = _rows(table)
    await db.execute(update(rows).where(rows.c.id == id_).values(taken=rows.c.taken - seats))


def _rows(table: type[Base]) -> Table:
    rows = table.__table__
    assert isinstance(rows, Table)
    return rows
