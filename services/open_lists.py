"""Who of staff looks after those that are not certified yet, and how many of them there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Certification
from db.people import Person
from db.places import Grid
from db.staff import Staff
from db.turns import Outbox

_SHOWN = 20
"""Lines of one message; the whole list is on the visit sheet."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """Those of one grid who are not certified yet."""

    grid: str
    count: int
    first: Sequence[tuple[int, str | None]]
    """The first of them: certification and sealed name."""


async def workers(db: AsyncSession, grid_ids: Sequence[int]) -> Sequence[Staff]:
    """Return the workers of some grids whom a private message reaches."""
    rows = select(Staff).where(Staff.role == "grid", Staff.grid_id.in_(grid_ids))
    return (await db.scalars(rows.where(Staff.active, Staff.telegram_id.is_not(None)).order_by(Staff.id))).all()


async def leads(db: AsyncSession) -> Sequence[Staff]:
    """Return the leads whom a private message reaches."""
    rows = select(Staff).where(Staff.role == "lead", Staff.active, Staff.telegram_id.is_not(None))
    return (await db.scalars(rows.order_by(Staff.id))).all()


async def said_already(db: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Return which of some messages are written down."""
    if not keys:
        return set()
    known = await db.scalars(select(Outbox.dedupe_key).where(Outbox.dedupe_key.in_(keys)))
    return {key for key in known if key}


async def in_grids(db: AsyncSession, campaign_id: int, grid_ids: Sequence[int]) -> dict[int, OpenList]:
    """Return the list of each grid that has anybody left."""
    if not grid_ids:
        return {}
    place = func.row_number().over(partition_by=Person.grid_id, order_by=Certification.id)
    rows = (
        select(
            Person.grid_id, Certification.id, Person.name, place.label("place"),
            func.count().over(partition_by=Person.grid_id).label("whole"),
        )
        .join(Person, Person.id == Certification.person_id)
        .where(
            Certification.campaign_id == campaign_id, Certification.status == "open", Person.grid_id.in_(grid_ids),
        )
        .subquery()
    )  # fmt: skip
    found = await db.execute(
        select(Grid.id, Grid.name, rows.c.whole, rows.c.id, rows.c.name)
        .join(Grid, Grid.id == rows.c.grid_id)
        .where(rows.c.place <= _SHOWN)
        .order_by(Grid.id, rows.c.id)
    )
    lists: dict[int, tuple[str, int, list[tuple[int, str | None]]]] = {}
    for grid_id, grid, count, certification_id, name in found:
        lists.setdefault(grid_id, (grid, count, []))[2].append((certification_id, name))
    return {grid_id: OpenList(*one) for grid_id, one in lists.items()}
