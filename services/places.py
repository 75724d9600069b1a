"""The bureau's places as staff see them and exchange them: the tree of stations, what is done there, and the grids."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Station
from db.staff import Staff
from services import grids, stations, visit_services
from services.import_basis import Basis
from services.imports import Report
from services.table import Table

Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One kind of place that comes and goes as a table."""

    label: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    bring: Callable[..., Awaitable[Report]]
    """Takes the session, the table, what an import goes by, and by name whether to write."""
    read: Callable[[AsyncSession], Awaitable[Mapping[Any, Cells]]]


async def _import_grids(db: AsyncSession, table: Table, _: Basis, *, write: bool) -> Report:
    return await grids.import_grids(db, table, write=write)


EXCHANGES: Mapping[str, Exchange] = {
    "stations": Exchange(
        "服务站", stations.COLUMNS, stations.REQUIRED, stations.import_stations, stations.read_stations
    ),
    "services": Exchange(
        "事项",
        visit_services.COLUMNS,
        visit_services.REQUIRED,
        visit_services.import_services,
        visit_services.read_services,
    ),
    "grids": Exchange("网格", grids.COLUMNS, grids.REQUIRED, _import_grids, grids.read_grids),
}


async def bring(db: AsyncSession, kind: str, table: Table, basis: Basis, *, write: bool) -> Report:
    """Bring a table in, or only say what it would change."""
    return await EXCHANGES[kind].bring(db, table, basis, write=write)


async def take_out(db: AsyncSession, kind: str) -> list[list[str]]:
    """Return all places of a kind as rows of a table."""
    places = await EXCHANGES[kind].read(db)
    return [[cell or "" for cell in cells.values()] for cells in places.values()]


@dataclass(frozen=True, slots=True)
class Branch:
    """A station in the tree."""

    id: int
    depth: int
    cells: Cells
    staff: int
    """How many active staff it has."""


async def station_tree(db: AsyncSession) -> list[Branch]:
    """Return every station below its parent, with its depth and its staff."""
    cells = await stations.read_stations(db)
    counted = await db.execute(
        select(Station.name, func.count(Staff.id))
        .join(Staff, Staff.station_id == Station.id)
        .where(Staff.active)
        .group_by(Station.name)
    )
    staff = dict(counted.all())
    ids = dict((await db.execute(select(Station.name, Station.id))).all())
    below: dict[str | None, list[str]] = {}
    for name, values in cells.items():
        below.setdefault(values["上级"], []).append(name)
    return [
        Branch(ids[name], depth, cells[name], staff.get(name, 0))
        for depth, name in _walk(below, below.get(None, []), 0)
    ]


def _walk(below: Mapping[str | None, list[str]], names: Iterable[str], depth: int) -> Iterable[tuple[int, str]]:
    for name in names:
        yield depth, name
        yield from _walk(below, below.get(name, []), depth + 1)
