"""The townships that stations and grids name; one that is new comes with them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Township


async def read_townships(db: AsyncSession) -> dict[str, int]:
    """Return the ids of all townships by name."""
    return {town.name: town.id for town in await db.scalars(select(Township))}


async def ensure_townships(db: AsyncSession, names: Iterable[str]) -> dict[str, int]:
    """Add the townships that are new; return the ids of all by name."""
    known = await read_townships(db)
    added = [Township(name=name) for name in dict.fromkeys(names) if name not in known]
    db.add_all(added)
    await db.flush()
    return known | {town.name: town.id for town in added}
