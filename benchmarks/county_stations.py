"""Stations of a whole county that offer two services each, and the visits of many years, for the figures of booking."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.crowd import NOW, analyse
from core.clock import CHINA
from db.base import Base
from db.bookings import Booking, Service, Slot, StationService
from db.engine import Database
from db.places import Station

SERVICES = ("优待证申领", "政策咨询")
MINUTES, CAPACITY = 20, 2
TODAY = NOW.astimezone(CHINA).date()
_A_VISIT = timedelta(minutes=MINUTES)
_AT_A_TIME = 10_000


async def build(database: Database, count: int) -> None:
    """Open so many stations; ids count from 1."""
    stations = [{"id": n, "name": f"第{n}服务站", "level": "village"} for n in range(1, count + 1)]
    services = [
        {"id": n, "name": name, "words": [], "bring": "", "minutes": MINUTES, "capacity": CAPACITY}
        for n, name in enumerate(SERVICES, 1)
    ]
    offered = [{"station_id": station["id"], "service_id": one["id"]} for station in stations for one in services]
    async with database.transaction() as db:
        for table, rows in ((Station, stations), (Service, services), (StationService, offered)):
            await db.execute(insert(table), rows)


async def remember(database: Database, count: int, stations: int) -> None:
    """Write down so many visits of the past, one a slot, by people who are forgotten."""
    async with database.transaction() as db:
        for first in range(0, count, _AT_A_TIME):
            numbers = range(first, min(first + _AT_A_TIME, count))
            await _write(db, Slot, [_slot(n, stations) for n in numbers])
            ids = (await db.scalars(select(Slot.id).order_by(Slot.id).offset(first).limit(len(numbers)))).all()
            await _write(db, Booking, [_visit(n, id_) for n, id_ in zip(numbers, ids, strict=True)])
    await analyse(database)


async def _write(db: AsyncSession, table: type[Base], rows: list[dict[str, Any]]) -> None:
    await db.execute(insert(table), rows)


def _slot(number: int, stations: int) -> dict[str, Any]:
    """Return the n-th slot before today: each station had one at eight o'clock on every day, then at twenty past."""
    station, before = number % stations + 1, number // stations
    day: date = TODAY - timedelta(days=1 + before % 200)
    starts_at = datetime.combine(day, time(8), CHINA) + _A_VISIT * (before // 200)
    return {
        "station_id": station, "service_id": 1, "starts_at": starts_at, "ends_at": starts_at + _A_VISIT,
        "capacity": CAPACITY, "taken": 1,
    }  # fmt: skip


def _visit(number: int, slot_id: int) -> dict[str, Any]:
    return {
        "code": f"past{number}", "slot_id": slot_id, "service_id": 1, "who_key": f"past:{number}", "purpose": "",
        "made_by": "本人", "status": "came", "sequence": 0, "created_at": NOW,
    }  # fmt: skip
