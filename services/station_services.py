"""Which services a station offers, as one cell says: 优待证申领 20分钟 2人；政策咨询."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Service, StationService
from knowledge.visit_services import MINUTES, PLACES
from services import waits
from services.import_basis import Basis
from services.imports import unknown
from services.visit_services import ensure_services

_APART = re.compile(r"[;、\n]+")
_MINUTES, _PLACES = re.compile(r"(\d+)\s*分钟?"), re.compile(r"(\d+)\s*[人个](?:同时)?")
_AROUND = "(),， 每次同时"


class Offered(NamedTuple):
    """A service of a station; None means as the service has it."""

    name: str
    minutes: int | None
    capacity: int | None


def read_offered(text: str, names: Mapping[str, Sequence[str]]) -> list[Offered]:
    """Return the services that a cell names; `names` are those that can be named, each with its other words.

    Raises:
        Refusal: one is unknown, named twice, or its numbers cannot be.
    """
    found: dict[str, Offered] = {}
    for part in filter(None, map(str.strip, _APART.split(unicodedata.normalize("NFKC", text)))):
        one = _read(part, names)
        if one.name in found:
            raise Refusal(f"事项“{one.name}”写了两次")
        found[one.name] = one
    return sorted(found.values())


def _read(part: str, names: Mapping[str, Sequence[str]]) -> Offered:
    minutes, places = _MINUTES.search(part), _PLACES.search(part)
    name = _PLACES.sub("", _MINUTES.sub("", part)).strip(_AROUND)
    if name not in names:
        meant = [other for other, words in names.items() if name in words]
        raise Refusal(f"没有找到事项“{name}”，是不是{meant[0]}" if meant else unknown("事项", name, names))
    return Offered(name, _number(minutes, MINUTES, name, "分钟"), _number(places, PLACES, name, "人"))


def _number(found: re.Match[str] | None, allowed: range, name: str, unit: str) -> int | None:
    if found is not None and (len(found[1]) > 4 or int(found[1]) not in allowed):
        raise Refusal(f"事项“{name}”的 {found[1]}{unit}不对，请填 {allowed[0]} 到 {allowed[-1]}")
    return None if found is None else int(found[1])


def show_offered(offered: Iterable[Offered]) -> str:
    """Return services as a cell has them, in one order whatever they were written in."""
    return "；".join(
        one.name + (f" {one.minutes}分钟" if one.minutes else "") + (f" {one.capacity}人" if one.capacity else "")
        for one in sorted(offered)
    )


async def names_of(db: AsyncSession, basis: Basis) -> dict[str, Sequence[str]]:
    """Return the services that can be named: those that are there, and those that are shipped."""
    shipped: dict[str, Sequence[str]] = {name: service.words for name, service in basis.shipped.items()}
    return shipped | {row.name: row.words for row in await db.scalars(select(Service))}


async def read_all(db: AsyncSession) -> dict[int, list[Offered]]:
    """Return what every station offers."""
    rows = await db.execute(
        select(StationService.station_id, Service.name, StationService.minutes, StationService.capacity).join(
            Service, Service.id == StationService.service_id
        )
    )
    found: dict[int, list[Offered]] = {}
    for station_id, name, minutes, capacity in rows:
        found.setdefault(station_id, []).append(Offered(name, minutes, capacity))
    return found


async def save_offered(db: AsyncSession, wanted: Mapping[int, Sequence[Offered]], basis: Basis) -> None:
    """Let stations, by id, offer just these; a shipped service is made when it is named first.

    Whoever has booked what is offered no more, or no more for so many, keeps the booking until staff move or cancel it;
    places that are more than before are kept for who waits.
    """
    services = await ensure_services(db, [one.name for offered in wanted.values() for one in offered], basis.shipped)
    there = await db.scalars(select(StationService).where(StationService.station_id.in_(list(wanted))))
    rows = {(row.station_id, row.service_id): row for row in there}
    more: list[tuple[int, int]] = []
    for station_id, offered in wanted.items():
        for one in offered:
            service = services[one.name]
            row = rows.pop((station_id, service.id), None)
            after = one.capacity or service.capacity
            if row is None:
                row = StationService(station_id=station_id, service_id=service.id)
                db.add(row)
            elif after > (row.capacity or service.capacity):
                more.append((station_id, service.id))
            row.minutes, row.capacity = one.minutes, one.capacity
    for row in rows.values():
        await db.delete(row)
    await db.flush()
    await waits.refill(db, basis.rules, more, basis.now)
