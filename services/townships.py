"""The townships that stations and grids name, where one that is new comes with them, and which border on each other."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Township, TownshipNeighbour


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


async def read_neighbours(db: AsyncSession) -> Mapping[int, frozenset[int]]:
    """Return the neighbours of every township that has any."""
    found: dict[int, set[int]] = {}
    for one, other in await db.execute(select(TownshipNeighbour.township_id, TownshipNeighbour.neighbour_id)):
        found.setdefault(one, set()).add(other)
    return {id_: frozenset(others) for id_, others in found.items()}
