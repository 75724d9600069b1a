"""Bring villages, their grids and grid workers in from a table, and take them out again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Grid, Station, Village
from services.imports import Fate, Line, Report, check_phone, check_texts, refuse_repeats, unknown
from services.table import Table
from services.townships import ensure_townships, read_townships

COLUMNS = ("乡镇", "村社", "网格", "网格员", "电话", "服务站")
REQUIRED = ("乡镇", "村社", "网格")

_FIELDS = {"网格员": "worker_name", "电话": "worker_phone"}
Place = tuple[str, str]
"""A township and a village of it."""
Values = dict[str, str | None]


async def read_grids(db: AsyncSession) -> dict[tuple[str, str, str | None], Values]:
    """Return every grid, as a table shows it; a village without grids is a row of its own."""
    towns = {id_: name for name, id_ in (await read_townships(db)).items()}
    rows = await db.execute(
        select(Village.township_id, Village.name, Grid.name, Grid.worker_name, Grid.worker_phone, Station.name)
        .outerjoin(Grid, Grid.village_id == Village.id)
        .outerjoin(Station, Station.id == Village.station_id)
    )
    found: dict[tuple[str, str, str | None], Values] = {}
    for town, village, grid, worker, phone, station in rows:
        cells = (towns[town], village, grid, worker, phone, station)
        found[towns[town], village, grid] = dict(zip(COLUMNS, cells, strict=True))
    return dict(sorted(found.items(), key=lambda item: [part or "" for part in item[0]]))


async def import_grids(db: AsyncSession, table: Table, *, write: bool) -> Report:
    """Add and change villages and grids as the table says; a column it lacks stays as it is."""
    known = await read_grids(db)
    stations = {station.name: station.id for station in await db.scalars(select(Station))}
    lines = [_checked(Line(row), stations) for row in table.rows]
    refuse_repeats(lines, REQUIRED)
    _refuse_two_stations(lines)
    villages: dict[Place, str | None] = {(str(v["乡镇"]), str(v["村社"])): v["服务站"] for v in known.values()}
    new_places = _new_places(lines, villages)
    for line in lines:
        if line.fate != "bad":
            line.fate = _fate(line, known, villages)
    if write:
        await _save(db, [line for line in lines if line.fate in ("new", "changed")], stations)
    return Report(lines, new_places, table.ignored)


def _checked(line: Line, stations: Mapping[str, int]) -> Line:
    check_texts(line, ("乡镇", "村社"))
    check_phone(line, "电话", ("乡镇", "村社", "网格", "网格员", "服务站"))
    station = line.cell("服务站")
    if station and station not in stations:
        line.fault(unknown("服务站", station, stations))
    if line.cell("网格") is None and (line.cell("网格员") or line.cell("电话")):
        line.fault("有网格员或电话，但网格没有填")
    return line


def _place(line: Line) -> Place:
    return line.row.cells["乡镇"], line.row.cells["村社"]


def _refuse_two_stations(lines: Sequence[Line]) -> None:
    """Refuse a row that sends a village to another station than a row above."""
    said: dict[Place, tuple[str | None, int]] = {}
    for line in lines:
        if line.fate != "bad" and "服务站" in line.row.cells:
            station, number = said.setdefault(_place(line), (line.cell("服务站"), line.row.number))
            if station != line.cell("服务站"):
                line.fault(f"同一个村社的服务站和第 {number} 行不一样")


def _new_places(lines: Sequence[Line], villages: Mapping[Place, object]) -> tuple[str, ...]:
    new = dict.fromkeys(_place(line) for line in lines if line.fate != "bad" and _place(line) not in villages)
    return tuple("".join(place) for place in new)


def _fate(
    line: Line, known: Mapping[tuple[str, str, str | None], Values], villages: Mapping[Place, str | None]
) -> Fate:
    place, grid = _place(line), line.cell("网格")
    said = {column: line.cell(column) for column in line.row.cells}
    if place in villages and grid is None:
        old: Values | None = dict.fromkeys(COLUMNS) | {"乡镇": place[0], "村社": place[1], "服务站": villages[place]}
    else:
        old = known.get((*place, grid))
    if old is None:
        return "new"
    return "same" if old | said == old else "changed"


async def _save(db: AsyncSession, lines: Sequence[Line], stations: Mapping[str, int]) -> None:
    """Write thousands of rows in a few statements, because meanwhile SQLite lets nobody else write."""
    towns = await ensure_townships(db, [line.row.cells["乡镇"] for line in lines])
    places = [(towns[line.row.cells["乡镇"]], line.row.cells["村社"]) for line in lines]
    villages = await _villages(db)
    new_villages = [
        {"township_id": town, "name": name} for town, name in dict.fromkeys(places) if (town, name) not in villages
    ]
    if new_villages:
        await db.execute(insert(Village), new_villages)
        villages = await _villages(db)
    ids = [villages[place] for place in places]
    served = {
        id_: stations.get(line.cell("服务站") or "")
        for id_, line in zip(ids, lines, strict=True)
        if "服务站" in line.row.cells
    }
    if served:
        await db.execute(update(Village), [{"id": id_, "station_id": station} for id_, station in served.items()])
    await _save_workers(db, ids, lines)


async def _villages(db: AsyncSession) -> dict[tuple[int, str], int]:
    rows = await db.execute(select(Village.township_id, Village.name, Village.id))
    return {(town, name): id_ for town, name, id_ in rows}


async def _save_workers(db: AsyncSession, villages: Sequence[int], lines: Sequence[Line]) -> None:
    rows = await db.execute(select(Grid.village_id, Grid.name, Grid.id))
    known = {(village, name): id_ for village, name, id_ in rows}
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for village, line in zip(villages, lines, strict=True):
        if (name := line.cell("网格")) is None:
            continue
        values = {field: line.cell(column) for column, field in _FIELDS.items() if column in line.row.cells}
        if (village, name) in known:
            changed.append({"id": known[village, name]} | values)
        else:
            added.append({"village_id": village, "name": name} | values)
    if added:
        await db.execute(insert(Grid), added)
    if changed and len(changed[0]) > 1:
        await db.execute(update(Grid), changed)
