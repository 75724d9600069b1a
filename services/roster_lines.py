"""One row of a roster: who it is, by marks, and what it says of the person; with every fault told at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import Grid, Station, Township, Village
from services import identity, imports
from services.imports import Line, check_phone, check_texts
from services.masks import read_name, read_phone
from services.person_cards import CATEGORIES, id_tail_key, name_key, phone_key
from services.roster_match import Identity
from services.vault import Vault

_APART = re.compile(r"[、，,;；/\s]+")
_OLDEST, _YOUNGEST = 1900, 2020
Read = TypeVar("Read")


@dataclass(slots=True)
class RosterLine(Line):
    """A row, and what was understood of it."""

    identity: Identity | None = None
    name: str = ""
    phone: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """What the row says, by column of Person."""
    person_id: int | None = None


@dataclass(slots=True)
class Places:
    """What the columns of places may name."""

    villages: Mapping[tuple[str, str], tuple[int, int | None]]
    """Id and station, by township and name."""
    named: Mapping[str, Sequence[tuple[str, str]]]
    """The villages of a name."""
    grids: Mapping[tuple[int, str], int]
    stations: Mapping[str, int]
    towns: frozenset[str]
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    """What was said of an unknown name: looking for similar ones takes long, and a file repeats its mistakes."""

    def unknown(self, what: str, name: str, names: Sequence[str]) -> str:
        """Say that a name is not known, and which known ones look like it."""
        if (what, name) not in self.said:
            self.said[what, name] = imports.unknown(what, name, names)
        return self.said[what, name]


async def read_places(db: AsyncSession) -> Places:
    """Read the places of the bureau."""
    villages = await db.execute(
        select(Township.name, Village.name, Village.id, Village.station_id).join(
            Township, Township.id == Village.township_id
        )
    )
    grids = await db.execute(select(Grid.village_id, Grid.name, Grid.id))
    stations = await db.execute(select(Station.name, Station.id))
    towns = await db.scalars(select(Township.name))
    known = {(town, name): (id_, station_id) for town, name, id_, station_id in villages}
    named: dict[str, list[tuple[str, str]]] = {}
    for place in known:
        named.setdefault(place[1], []).append(place)
    return Places(
        known,
        named,
        {(village_id, name): id_ for village_id, name, id_ in grids},
        dict(iter(stations)),
        frozenset(towns),
    )


def read_line(line: RosterLine, places: Places, vault: Vault) -> None:
    """Understand a row; what is wrong with it becomes its faults."""
    check_texts(line, ("姓名",))
    if line.faults:
        return
    check_phone(line, "电话", ("姓名", "乡镇", "村", "网格", "类别", "服务站"))
    name = _try(line, "姓名", read_name)
    number, tail = _try(line, "身份证号", identity.read_id), _try(line, "身份证后四位", identity.read_tail)
    if number and tail and number[-4:] != tail:
        line.fault("身份证号和身份证后四位对不上")
    tail = number[-4:] if number else tail
    if tail is None and not line.faults:
        line.fault("身份证号和身份证后四位，至少要填一个")
    village_id = _read_village(line, places)
    _read_station(line, places)
    if number is None and tail and line.cell("村") is None:
        line.fault("没有完整的身份证号时，乡镇和村都要填")
    line.phone = _try(line, "电话", read_phone)
    _read_facts(line, number)
    if line.faults or name is None or tail is None:
        return
    line.name = name
    line.identity = Identity(
        name_key(vault, name), identity.id_key(vault, number) if number else None, id_tail_key(vault, tail),
        village_id, phone_key(vault, line.phone),
    )  # fmt: skip


def _try(line: Line, column: str, read: Callable[[str], Read]) -> Read | None:
    text = line.cell(column)
    if text is None:
        return None
    try:
        return read(text)
    except Refusal as refusal:
        line.fault(str(refusal).rstrip("。"))
        return None


def _read_village(line: RosterLine, places: Places) -> int | None:
    """Understand township, village and grid; return the village."""
    town, name, grid = line.cell("乡镇"), line.cell("村"), line.cell("网格")
    if town and town not in places.towns:
        line.fault(places.unknown("乡镇", town, list(places.towns)))
        return None
    if not name:
        line.facts |= {"region": town} if town else {}
        if grid:
            line.fault("有网格，但村没有填")
        return None
    known = [place for place in places.named.get(name, ()) if town in (None, place[0])]
    if len(known) != 1:
        among = [village for place_town, village in places.villages if town in (None, place_town)]
        line.fault("有几个乡镇都有这个村，请填乡镇" if known else places.unknown("村", name, among))
        return None
    village_id, station_id = places.villages[known[0]]
    line.facts |= {"village_id": village_id, "region": " ".join(known[0])}
    if station_id is not None:
        line.facts["station_id"] = station_id
    if grid and (village_id, grid) not in places.grids:
        line.fault(places.unknown("网格", grid, [one for at, one in places.grids if at == village_id]))
    elif grid:
        line.facts["grid_id"] = places.grids[village_id, grid]
    return village_id


def _read_station(line: RosterLine, places: Places) -> None:
    """Understand the station, which goes before that of the village."""
    station = line.cell("服务站")
    if station and station not in places.stations:
        line.fault(places.unknown("服务站", station, list(places.stations)))
    elif station:
        line.facts["station_id"] = places.stations[station]


def _read_facts(line: RosterLine, number: str | None) -> None:
    year = line.cell("出生年")
    if year and not (year[:4].isdigit() and _OLDEST <= int(year[:4]) <= _YOUNGEST):
        line.fault(f"出生年“{year}”不对，请写四位数的年份")
    elif number:
        line.facts["birth_year"] = identity.birth_year(number)
        if year and int(year[:4]) != line.facts["birth_year"]:
            line.fault("出生年和身份证号对不上")
    elif year:
        line.facts["birth_year"] = int(year[:4])
    named = [one for one in _APART.split(line.cell("类别") or "") if one]
    if unknown := [one for one in named if one not in CATEGORIES]:
        line.fault(imports.unknown("类别", unknown[0], CATEGORIES))
    elif named:
        line.facts["categories"] = named
