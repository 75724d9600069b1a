"""A station that gets more windows offers them to who waits; one that gets fewer takes nobody's place away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Slot, Waiting
from db.engine import Database
from services import stations, visit_services, waits
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.table import Row, Table
from tests.fakes.basis import BASIS
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, at, book, check_slots, open_house, somebody

TEN = at(MONDAY, 10)


async def _full(db: AsyncSession) -> None:
    """Let two who fit have the places of ten o'clock, the only time of the week, and a third one wait."""
    house = await open_house(db, week={"0": [["10:00", "10:30"]]})
    for name in ("甲", "乙"):
        await book(db, house, TEN, name)
    who, there = await somebody(db, "丙"), (house.station.id, house.service.id)
    await waits.join(db, VAULT, DEFAULT_BOOKING_RULES, *there, MONDAY, "am", who, "", START)


async def _station(db: AsyncSession, services: str) -> None:
    row = Row(2, {"名称": "南街服务站", "级别": "乡镇", "事项": services})
    report = await stations.import_stations(db, Table((row,)), BASIS, write=True)
    assert report.count("bad") == 0


async def _service(db: AsyncSession, capacity: int) -> None:
    row = Row(2, {"事项": "优待证申领", "同时几人": str(capacity)})
    report = await visit_services.import_services(db, Table((row,)), BASIS, write=True)
    assert report.count("changed") == 1


async def _at_ten(db: AsyncSession) -> tuple[int, int]:
    slot = (await db.scalars(select(Slot).where(Slot.starts_at == TEN).execution_options(populate_existing=True))).one()
    return slot.capacity, slot.taken


@pytest.mark.parametrize("by", ["station", "service"])
async def test_more_places_are_kept_for_who_waits(database: Database, by: str) -> None:
    async with database.transaction() as db:
        await _full(db)
        await (_station(db, "优待证申领 3人") if by == "station" else _service(db, 3))
        row = (await db.scalars(select(Waiting).execution_options(populate_existing=True))).one()
        assert (row.status, await _at_ten(db)) == ("offered", (3, 3))
        await check_slots(db)


@pytest.mark.parametrize("by", ["station", "service"])
async def test_fewer_places_take_nobodys_away(database: Database, by: str) -> None:
    async with database.transaction() as db:
        await _full(db)
        await (_station(db, "优待证申领 1人") if by == "station" else _service(db, 1))
        assert await _at_ten(db) == (2, 2)
        await check_slots(db)


async def test_a_station_with_a_number_of_its_own_does_not_follow_the_service(database: Database) -> None:
    async with database.transaction() as db:
        await _full(db)
        await _station(db, "优待证申领 2人")
        await _service(db, 5)
        assert await _at_ten(db) == (2, 2)


async def test_times_that_are_over_stay_as_they_were(database: Database) -> None:
    async with database.transaction() as db:
        await _full(db)
        row = Row(2, {"名称": "南街服务站", "级别": "乡镇", "事项": "优待证申领 4人"})
        await stations.import_stations(db, Table((row,)), replace(BASIS, now=TEN + timedelta(days=1)), write=True)
        assert await _at_ten(db) == (2, 2)
