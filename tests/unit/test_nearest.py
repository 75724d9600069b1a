"""Distances as the crow flies, and only from places on earth."""

import pytest

from db.places import Station
from handlers.station_screens import far_label
from services.nearest import Place, by_distance, read_place

HERE = Place(30.63, 120.56)


def station(name: str, latitude: float | None, longitude: float | None) -> Station:
    return Station(name=name, level="village", latitude=latitude, longitude=longitude)


def test_the_nearest_comes_first_and_those_without_a_place_last() -> None:
    rows = [
        station("无", None, None),
        station("远", 31.63, 120.56),
        station("近", 30.64, 120.56),
        station("又无", 30.6, None),
    ]
    found = by_distance(rows, HERE)
    assert [near.station.name for near in found] == ["近", "远", "无", "又无"]
    assert [near.metres and round(near.metres, -2) for near in found] == [1100, 111200, None, None]


def test_without_a_place_the_order_stays() -> None:
    rows = [station("甲", 31.0, 120.0), station("乙", 30.6, 120.5)]
    assert [near.station.name for near in by_distance(rows, None)] == ["甲", "乙"]


def test_the_other_side_of_the_date_line_is_near() -> None:
    (near,) = by_distance([station("东", 0.0, -179.95)], Place(0.0, 179.95))
    assert round(near.metres or 0, -3) == 11000


@pytest.mark.parametrize(
    "data",
    [None, {}, {"latitude": 1}, {"latitude": "1", "longitude": 1}, {"latitude": float("nan"), "longitude": 1}, {"latitude": 91, "longitude": 1}],
)  # fmt: skip
def test_what_is_no_place_on_earth_is_none(data: dict[str, object] | None) -> None:
    assert read_place(data) is None


@pytest.mark.parametrize(
    ("metres", "label"),
    [(0, "约 100 米"), (149, "约 100 米"), (940, "约 900 米"), (960, "约 1.0 公里"), (9940, "约 9.9 公里"), (25400, "约 25 公里")],
)  # fmt: skip
def test_how_far_reads_plainly(metres: float, label: str) -> None:
    assert far_label(metres) == label
