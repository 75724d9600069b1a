"""INSERT … ON CONFLICT DO NOTHING on both databases, because catching IntegrityError would spoil the transaction."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Base


async def insert_new(db: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with its unique key is there; tell whether it was inserted."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = table.__table__  # the bare table: the ORM's way of inserting costs twice the time
    assert isinstance(rows, Table)
    statement = insert(rows).values(**values).on_conflict_do_nothing().returning(*rows.primary_key)
    return (await db.execute(statement)).first() is not None
