"""Each role sees the cases it may see and no other, in one condition, on both databases."""

import pytest
from sqlalchemy import select

from db.cases import SupportCase
from db.engine import Database
from db.people import Address
from db.places import Station
from db.staff import ROLES, Staff
from services.scope import may, visible_cases
from tests.fakes.clock import SettableClock

STATIONS = {"county": None, "east": "county", "west": "county", "east-village": "east", "other-county": None}


@pytest.fixture
async def stations(database: Database, clock: SettableClock) -> dict[str, int]:
    """Make a tree of stations, and at each (and at none) a consult and an errand, named after the place."""
    ids: dict[str, int] = {}
    async with database.transaction() as db:
        for name, parent in STATIONS.items():
            station = Station(name=name, level="township", parent_id=ids.get(parent or ""))
            db.add(station)
            await db.flush()
            ids[name] = station.id
        for place in (*STATIONS, "nowhere"):
            for kind in ("consult", "errand"):
                address = Address(channel="web", external_id=f"{place}-{kind}", created_at=clock())
                db.add(address)
                await db.flush()
                db.add(
                    SupportCase(
                        code=f"{place}-{kind}", address_id=address.id, kind=kind, reason="asked", crisis=False,
                        station_id=ids.get(place), question="问", opened_at=clock(), last_at=clock(),
                    )
                )  # fmt: skip
    return ids


ALL = {*STATIONS, "nowhere"}
SEEN = [
    ("admin", None, ALL),
    ("admin", "west", ALL),
    ("lead", None, ALL),
    ("lead", "county", {"county", "east", "west", "east-village", "nowhere"}),
    ("lead", "east", {"east", "east-village", "nowhere"}),
    ("lead", "east-village", {"east-village", "nowhere"}),
    ("agent", None, ALL),
    ("agent", "east", {"east", "nowhere"}),
    ("editor", None, set()),
    ("editor", "east", set()),
]


async def _seen(database: Database, role: str, station_id: int | None) -> set[str]:
    staff = Staff(login="x", name="x", role=role, station_id=station_id)
    async with database.snapshot() as db:
        return set(await db.scalars(select(SupportCase.code).where(visible_cases(staff))))


@pytest.mark.parametrize(("role", "station", "places"), SEEN)
async def test_who_sees_which_stations(
    database: Database, stations: dict[str, int], role: str, station: str | None, places: set[str]
) -> None:
    expected = {f"{place}-{kind}" for place in places for kind in ("consult", "errand")}
    assert await _seen(database, role, stations[station] if station else None) == expected


async def test_a_grid_worker_sees_the_errands_of_their_station(database: Database, stations: dict[str, int]) -> None:
    assert await _seen(database, "grid", stations["east"]) == {"east-errand"}
    assert await _seen(database, "grid", None) == set()


async def test_stations_in_a_circle_do_not_hang(database: Database, stations: dict[str, int]) -> None:
    async with database.transaction() as db:
        (await db.get_one(Station, stations["county"])).parent_id = stations["east-village"]
    assert await _seen(database, "lead", stations["west"]) == {
        "west-consult", "west-errand", "nowhere-consult", "nowhere-errand",
    }  # fmt: skip
    assert "west-errand" in await _seen(database, "lead", stations["east"])


async def test_it_joins_other_conditions(database: Database, stations: dict[str, int]) -> None:
    staff = Staff(login="x", name="x", role="lead", station_id=stations["east"])
    wanted = select(SupportCase.code).where(visible_cases(staff), SupportCase.kind == "errand")
    async with database.snapshot() as db:
        assert set(await db.scalars(wanted)) == {"east-errand", "east-village-errand", "nowhere-errand"}


def test_rights() -> None:
    def whole(role: str, station_id: int | None = None) -> set[str]:
        staff = Staff(login="x", name="x", role=role, station_id=station_id)
        rights = ("cases", "people", "staff", "calendar", "places", "audit", "drafts", "statistics")
        return {right for right in rights if may(staff, right)}

    assert [len(whole(role)) for role in ROLES] == [8, 7, 3, 1, 1]
    assert whole("lead", 1) == {"cases", "people", "drafts", "statistics"}
    assert whole("admin", 1) == whole("admin")
    assert whole("editor") == {"drafts"}
    assert whole("grid") == {"cases"}
