"""INSERT … ON CONFLICT DO NOTHING on both databases, because catching IntegrityError would spoil the transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Select, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Base

T = TypeVar("T", bound=Base)


async def insert_new(db: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with its unique key is there; tell whether it was inserted."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = table.__table__  # the bare table: the ORM's way of inserting costs twice the time
    assert isinstance(rows, Table)
    statement = insert(rows).values(**values).on_conflict_do_nothing().returning(*rows.primary_key)
    return (await db.execute(statement)).first() is not None


async def insert_row(db: AsyncSession, table: type[T], **values: Any) -> T | None:
    """Insert a row unless one with its unique key is there; return it as it is now, None when it was not inserted."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = table.__table__
    assert isinstance(rows, Table)
    statement = insert(rows).values(**values).on_conflict_do_nothing().returning(*rows.c)
    row: T | None = await db.scalar(select(table).from_statement(statement))
    return row


async def insert_all_new(db: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of many rows whose unique keys are not there yet, in one round trip; return how many were."""
    if not rows:
        return 0
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    target = table.__table__
    assert isinstance(target, Table)
    # The rows as parameters: as values of the statement they would be compiled anew every time, which takes longer than to insert.
    statement = insert(target).on_conflict_do_nothing().returning(*target.primary_key)
    return len((await db.execute(statement, list(rows))).all())


async def insert_selected(
    db: AsyncSession, table: type[Base], columns: Sequence[str], rows: Select[*tuple[Any, ...]]
) -> int:
    """Insert what a query selects, leaving out rows whose unique keys are there; return how many were new."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    target = table.__table__
    assert isinstance(target, Table)
    done = await db.execute(insert(target).from_select(list(columns), rows).on_conflict_do_nothing())
    assert isinstance(done, CursorResult)
    return done.rowcount


async def insert_new_from(
    db: AsyncSession, table: type[Base], columns: Sequence[str], rows: Select[*tuple[Any, ...]]
) -> int:
    """Insert what a query gives, inside the database, but for rows whose unique keys are there; return how many were."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    target = table.__table__
    assert isinstance(target, Table)
    rows = rows.where(text("true"))  # without a WHERE, SQLite reads ON CONFLICT as a join's ON
    done = await db.execute(insert(target).from_select(columns, rows).on_conflict_do_nothing())
    assert isinstance(done, CursorResult)
    return done.rowcount
