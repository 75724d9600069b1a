"""Find the station that words name, by its own name, its township or a village it serves: 南街, 南街街道, 石桥村的服务站."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Station, Village
from knowledge.named import alike, contained, ending
from services.townships import read_townships

_OFFICE = re.compile(r"(?:退役军人)?(?:事务)?(?:综合)?(?:服务)(?:保障)?(?:中心站|中心|站|所|点)$")
_AREA = re.compile(
    r"(?:街道办事处|街道|(?:经济|技术|高新|产业|工业)*(?:开发区|园区|新区)|居委会|村委会|社区|镇|乡|村|县|市|区)$"
)
_SAID_SO = re.compile("(?:退役军人)?(?:服务站|服务中心|服务所)|站点|站里|那个站")
"""Only then may a name be meant that was not said as it is written."""
_CENTRE = ("服务中心", "县服务中心", "县里的服务中心", "区服务中心", "市服务中心", "县中心")
"""How the one station of the county is called when no other is."""
_WHOLE = "退役军人事务服务保障中心站"
"""Names that are a part of it say nothing alone."""
_ENDS = ("服务站", "服务中心", "退役军人服务站", "退役军人服务中心", "站")
_LIKELY = 3
_LEAST = 2
"""Characters of a name whose sound says enough before 服务站; alone it takes one more."""


@dataclass(frozen=True, slots=True)
class Found:
    """The stations that may be meant."""

    stations: tuple[Station, ...] = ()
    sure: bool = False
    """There is one, and its name was said."""


async def find_stations(db: AsyncSession, text: str, today: date) -> Found:
    """Return what words name; a station that is closed for good is found too, so that one can say so."""
    stations = {one.id: one for one in await db.scalars(select(Station).order_by(Station.id))}
    villages = (await db.execute(select(Village.name, Village.station_id).where(Village.station_id.is_not(None)))).all()
    open_ones = {n: one for n, one in stations.items() if one.closed_on is None or today < one.closed_on}
    called = _called(stations, {(name, n) for name, n in villages if n in stations})
    areas = {n: _short(_OFFICE.sub("", one.name)) for n, one in open_ones.items()}
    office = _SAID_SO.search(text)
    before = text[: office.start()] if office else text
    named = contained(text, called) or ending(before, areas, _LEAST if office else _LEAST + 1)
    if named:
        chosen = tuple(n for n in named if n in open_ones) or named
        return Found(tuple(stations[n] for n in chosen), len(chosen) == 1)
    if found := await _of_township(db, text, open_ones):
        return found
    likely = alike(_SAID_SO.sub("", text), areas) if office else ()
    return Found(tuple(stations[n] for n in likely[:_LIKELY]))


async def _of_township(db: AsyncSession, text: str, stations: Mapping[int, Station]) -> Found | None:
    """Return the township's own station, or all that lie in it, when a township was named that no station is called after."""
    towns = {n: _short(name) for name, n in (await read_townships(db)).items()}
    named = contained(text, towns)
    if not named:
        return None
    inside = [one for one in stations.values() if one.township_id in named]
    own = [one for one in inside if one.level == "township"]
    return Found(tuple(own or inside), sure=len(named) == 1 and len(own) == 1)


def _called(stations: Mapping[int, Station], villages: Collection[tuple[str, int]]) -> dict[int, list[str]]:
    """Return how each station may be called, also by the villages that it serves."""
    called = {n: list(_names(one.name)) for n, one in stations.items()}
    for village, n in villages:
        called[n] += [name for name in _short(village) if len(name) > 1]
    centres = [n for n, one in stations.items() if one.level == "county"]
    if len(centres) == 1:
        called[centres[0]] += _CENTRE
    return called


@lru_cache(4096)
def _names(full: str) -> Sequence[str]:
    """Return how a station may be called: 南街街道退役军人服务站 is 南街街道, 南街服务站 and 南街 too."""
    area = _OFFICE.sub("", full)
    names = _short(area) if area else []
    alone = [name for name in names if len(name) > 1 and name not in _WHOLE]
    return [full, *alone, *(f"{name}{end}" for name in names for end in _ENDS)]


@lru_cache(8192)
def _short(area: str) -> Sequence[str]:
    base = _AREA.sub("", area)
    return [area, base] if len(base) > 1 and base != area else [area]
