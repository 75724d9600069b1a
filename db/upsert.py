"""INSERT … ON CONFLICT DO NOTHING on both databases, because catching IntegrityError would spoil the transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Base

_ROWS = 500
"""Rows of one statement: SQLite takes 32,766 parameters, PostgreSQL 32,767."""


async def insert_new(db: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with its unique key is there; tell whether it was inserted."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = table.__table__  # the bare table: the ORM's way of inserting costs twice the time
    assert isinstance(rows, Table)
    statement = insert(rows).values(**values).on_conflict_do_nothing().returning(*rows.primary_key)
    return (await db.execute(statement)).first() is not None


async def insert_all_new(db: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of many rows whose unique keys are not there yet, in one round trip; return how many were."""
    if not rows:
        return 0
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    target = table.__table__
    assert isinstance(target, Table)
    inserted = 0
    for start in range(0, len(rows), _ROWS):
        statement = insert(target).values(rows[start : start + _ROWS]).on_conflict_do_nothing()
        done = await db.execute(statement)
        assert isinstance(done, CursorResult)
        inserted += done.rowcount
    return inserted
