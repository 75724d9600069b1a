"""Bring the bureau's service stations in from a table, with their hours and services, and take them out again."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import LEVELS, Station
from services import station_services
from services.import_basis import Basis
from services.imports import Line, Report, check_phone, check_texts, refuse_repeats, unknown
from services.station_cells import check_cells, read_cells, same_way, save_cells
from services.station_services import read_offered, show_offered
from services.table import Table
from services.townships import ensure_townships, read_townships

COLUMNS = (
    "名称", "级别", "上级", "乡镇", "地址", "电话", "经度", "纬度", "星级", "上班时间", "最少提前", "可约天数", "事项", "停用",
)  # fmt: skip
REQUIRED = ("名称", "级别")
LEVEL_NAMES = {"county": "县", "township": "乡镇", "village": "村社"}
_LEVEL_OF = {name: level for level, name in LEVEL_NAMES.items()} | {
    "县级": "county", "区": "county", "市": "county", "乡": "township", "镇": "township", "街道": "township",
    "乡镇级": "township", "村": "village", "社区": "village", "村级": "village",
}  # fmt: skip

_LONGEST = {"上班时间": 300, "事项": 600}

Values = dict[str, str | None]
"""What a station is, by column."""
Names = Mapping[str, Sequence[str]]
"""The services that can be named, with their other words."""


async def read_stations(db: AsyncSession) -> dict[str, Values]:
    """Return every station by name, as a table shows it, parents and townships by name."""
    stations = (await db.scalars(select(Station).order_by(Station.id))).all()
    names = {station.id: station.name for station in stations}
    towns = {id_: name for name, id_ in (await read_townships(db)).items()}
    offered = await station_services.read_all(db)
    found = {
        station.name: {
            "名称": station.name,
            "级别": LEVEL_NAMES[station.level],
            "上级": names.get(station.parent_id or 0),
            "乡镇": towns.get(station.township_id or 0),
            "地址": station.address,
            "电话": station.phone,
            "事项": show_offered(offered.get(station.id, ())) or None,
            **read_cells(station),
        }
        for station in stations
    }
    return {name: {column: values[column] for column in COLUMNS} for name, values in found.items()}


async def import_stations(db: AsyncSession, table: Table, basis: Basis, *, write: bool) -> Report:
    """Add and change stations as the table says; a column it lacks stays as it is, a parent may come later in it."""
    known, names = await read_stations(db), await station_services.names_of(db, basis)
    lines = [_checked(Line(row), names) for row in table.rows]
    refuse_repeats(lines, ["名称"])
    _refuse_parents(lines, known)
    for line in lines:
        if line.fate != "bad":
            old = known.get(line.row.cells["名称"])
            line.fate = "new" if old is None else "same" if old | _values(line, names) == old else "changed"
    wanted = {str(line.cell("名称")): _values(line, names) for line in lines if line.fate in ("new", "changed")}
    towns = await read_townships(db)
    new_towns = dict.fromkeys(town for values in wanted.values() if (town := values.get("乡镇")) and town not in towns)
    if write:
        await _save(db, wanted, basis)
    return Report(lines, tuple(new_towns), table.ignored)


def _checked(line: Line, names: Names) -> Line:
    check_texts(line, REQUIRED, _LONGEST)
    check_phone(line, "电话", ("名称", "上级", "乡镇", "地址"))
    check_cells(line)
    if services := line.cell("事项"):
        try:
            read_offered(services, names)
        except Refusal as refusal:
            line.fault(str(refusal))
    level = line.cell("级别")
    if level and level not in _LEVEL_OF:
        line.fault(f"级别“{level}”不认识，请填{'、'.join(LEVEL_NAMES.values())}")
    return line


def _values(line: Line, names: Names) -> Values:
    """Return what a good line says as it would be printed, only of the columns that its file has."""
    values: Values = {column: same_way(column, line.cell(column)) for column in line.row.cells}
    if services := values.get("事项"):
        values["事项"] = show_offered(read_offered(services, names))
    return values | {"级别": LEVEL_NAMES[_LEVEL_OF[line.row.cells["级别"]]]}


def _parent(line: Line) -> Values:
    said: Values = {"上级": line.cell("上级")} if "上级" in line.row.cells else {}
    return said | {"级别": LEVEL_NAMES[_LEVEL_OF[line.row.cells["级别"]]]}


def _refuse_parents(lines: Sequence[Line], known: Mapping[str, Values]) -> None:
    """Refuse parents that are unknown, below their children, or in a circle; refusing one may orphan others."""
    refused = True
    while refused:
        good = {line.row.cells["名称"]: line for line in lines if line.fate != "bad"}
        merged = {**known, **{name: known.get(name, {}) | _parent(line) for name, line in good.items()}}
        refused = False
        for name, line in good.items():
            for sentence in _faults_of_parent(name, merged):
                line.fault(sentence)
                refused = True


def _faults_of_parent(name: str, merged: Mapping[str, Values]) -> Iterator[str]:
    parent = merged[name].get("上级")
    if parent is None:
        return
    if parent not in merged:
        yield unknown("上级", parent, [other for other in merged if other != name])
        return
    chain = [name]
    while (above := merged[chain[-1]].get("上级")) in merged:
        chain.append(str(above))
        if above == name:
            yield f"上级绕成了圈（{' → '.join(chain)}）"
            return
        if above in chain[:-1]:
            break
    order = [LEVEL_NAMES[level] for level in LEVELS]
    if order.index(str(merged[parent]["级别"])) >= order.index(str(merged[name]["级别"])):
        yield f"上级“{parent}”的级别不比它高，请检查"


async def _save(db: AsyncSession, wanted: Mapping[str, Values], basis: Basis) -> None:
    towns = await ensure_townships(db, [town for values in wanted.values() if (town := values.get("乡镇"))])
    stations = {station.name: station for station in await db.scalars(select(Station))}
    for name, values in wanted.items():
        if name not in stations:
            stations[name] = Station(name=name, level=_LEVEL_OF[str(values["级别"])])
            db.add(stations[name])
    await db.flush()  # so that a parent further down has its id
    for name, values in wanted.items():
        station = stations[name]
        station.level = _LEVEL_OF[str(values["级别"])]
        if "上级" in values:
            station.parent_id = stations[values["上级"]].id if values["上级"] else None
        if "乡镇" in values:
            station.township_id = towns[values["乡镇"]] if values["乡镇"] else None
        station.address = values.get("地址", station.address)
        station.phone = values.get("电话", station.phone)
        save_cells(station, values)
    await db.flush()
    names = await station_services.names_of(db, basis)
    offered = {stations[name].id: values["事项"] or "" for name, values in wanted.items() if "事项" in values}
    await station_services.save_offered(db, {id_: read_offered(text, names) for id_, text in offered.items()}, basis)
