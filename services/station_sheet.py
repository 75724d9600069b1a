"""One station as a form has it: checked and written in the very way of a table, so that both say the same faults."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.places import Station
from services import stations
from services.import_basis import Basis
from services.stations import Values
from services.table import Row, Table

NO_STATION = "没有找到这个服务站。"
KNOWN = "已经有“{name}”了，请换一个名称，或者去改那一个。"
NO_NAME = "请写上名称。"


async def station_of(db: AsyncSession, station_id: int) -> tuple[Station, Values]:
    """Return a station, and what a table says of it.

    Raises:
        Refusal: there is none.
    """
    station = await db.get(Station, station_id)
    if station is None:
        raise Refusal(NO_STATION)
    return station, (await stations.read_stations(db))[station.name]


async def save(db: AsyncSession, station_id: int | None, cells: Mapping[str, str], basis: Basis) -> int:
    """Add a station, or change one, also its name; return its id.

    Raises:
        Refusal: something of it cannot be; with every fault.
    """
    name = cells["名称"]
    if not name:
        raise Refusal(NO_NAME)
    known = await db.scalar(select(Station.id).where(Station.name == name))
    if known is not None and known != station_id:
        raise Refusal(KNOWN.format(name=name))
    if station_id is not None:
        station, _ = await station_of(db, station_id)
        station.name = name
        await db.flush()
    report = await stations.import_stations(db, Table((Row(1, cells),)), basis, write=True)
    if faults := report.lines[0].faults:
        raise Refusal("；".join(faults) + "。")
    return (await db.scalars(select(Station.id).where(Station.name == name))).one()
