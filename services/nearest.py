"""Which service stations are nearest to where somebody is, as the crow flies."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import Station

_EARTH_METRES = 6_371_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Near:
    """A station, and how far away it is; None where it, or whoever asks, has no place."""

    station: Station
    metres: float | None = None


def read_place(data: Mapping[str, Any] | None) -> Place | None:
    """Read what a channel has; None for nothing, or for no place on earth."""
    if data is None:
        return None
    latitude, longitude = data.get("latitude"), data.get("longitude")
    numbers = all(type(number) in (int, float) for number in (latitude, longitude))
    if not numbers or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # type: ignore[operator]
        return None
    return Place(float(latitude), float(longitude))  # type: ignore[arg-type]


async def nearest(db: AsyncSession, place: Place, today: date) -> list[Near]:
    """Return all stations whose place is known, the nearest first, without those closed for good."""
    open_ones = or_(Station.closed_on.is_(None), Station.closed_on > today)
    rows = await db.scalars(select(Station).where(open_ones).order_by(Station.id))
    return [near for near in by_distance(rows, place) if near.metres is not None]


def by_distance(stations: Iterable[Station], place: Place | None) -> list[Near]:
    """Return stations with how far they are, the nearest first; those without a place come last, in their order."""
    found = [Near(station, _metres(station, place)) for station in stations]
    return sorted(found, key=lambda near: math.inf if near.metres is None else near.metres)


def _metres(station: Station, place: Place | None) -> float | None:
    if place is None or station.latitude is None or station.longitude is None:
        return None
    here, there = math.radians(place.latitude), math.radians(station.latitude)
    east = math.radians(station.longitude - place.longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))
