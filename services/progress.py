"""How far a campaign has come, as one person of staff may see it: by station, by village, by way, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Certification
from db.people import Person
from db.places import Station, Township, Village
from db.staff import Staff
from services import cohort


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of one station or village are where; total is the sum of the other four."""

    id: int | None
    """None for people who belong to none."""
    name: str
    total: int
    done: int
    claimed: int
    open: int
    deceased: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many were certified on a day, and until its end."""

    day: date
    done: int
    so_far: int


async def overall(db: AsyncSession, campaign_id: int, staff: Staff) -> Progress:
    """Return the whole."""
    rows = await db.execute(select(*_counts()).select_from(Certification).join(Person).where(*_of(campaign_id, staff)))
    total, done, claimed, open_, deceased = list(rows.one())
    return Progress(None, "", total, done, claimed, open_, deceased)


async def by_station(db: AsyncSession, campaign_id: int, staff: Staff) -> list[Progress]:
    """Return a row for each station, those without a station last."""
    return await _grouped(db, campaign_id, staff, Station.id, func.coalesce(Station.name, ""))


async def by_village(db: AsyncSession, campaign_id: int, staff: Staff, station_id: int | None = None) -> list[Progress]:
    """Return a row for each village, of all stations or of one; those without a village last."""
    name = func.coalesce(Township.name, "") + func.coalesce(Village.name, "")
    narrowed = () if station_id is None else (Person.station_id == station_id,)
    return await _grouped(db, campaign_id, staff, Village.id, name, *narrowed)


async def by_way(db: AsyncSession, campaign_id: int, staff: Staff) -> dict[str, int]:
    """Count the certified by way."""
    rows = await db.execute(
        select(Certification.way, func.count())
        .join(Person)
        .where(*_of(campaign_id, staff), Certification.status == "done")
        .group_by(Certification.way)
    )
    return {str(way): number for way, number in rows}


async def by_day(db: AsyncSession, campaign_id: int, staff: Staff) -> list[Day]:
    """Count the certified by day in China; days without any are left out."""
    if db.get_bind().dialect.name == "postgresql":
        day: ColumnElement[Any] = cast(func.date(func.timezone("Asia/Shanghai", Certification.done_at)), String)
    else:
        day = func.date(Certification.done_at, literal("+8 hours"))
    rows = await db.execute(
        select(day, func.count())
        .select_from(Certification)
        .join(Person)
        .where(*_of(campaign_id, staff), Certification.status == "done")
        .group_by(day)
        .order_by(day)
    )
    found: list[Day] = []
    for written, number in rows:
        found.append(Day(date.fromisoformat(written), number, number + (found[-1].so_far if found else 0)))
    return found


def _of(campaign_id: int, staff: Staff) -> Sequence[ColumnElement[bool]]:
    return Certification.campaign_id == campaign_id, Certification.status != "removed", cohort.visible(staff)


def _counts() -> list[ColumnElement[int]]:
    states = ("done", "claimed", "open", "deceased")
    return [func.count(), *(func.count().filter(Certification.status == state) for state in states)]


async def _grouped(
    db: AsyncSession, campaign_id: int, staff: Staff, id_: Any, name: ColumnElement[str], *also: ColumnElement[bool]
) -> list[Progress]:
    rows = await db.execute(
        select(id_, name, *_counts())
        .select_from(Certification)
        .join(Person)
        .outerjoin(Station, Station.id == Person.station_id)
        .outerjoin(Village, Village.id == Person.village_id)
        .outerjoin(Township, Township.id == Village.township_id)
        .where(*_of(campaign_id, staff), *also)
        .group_by(id_, name)
        .order_by(id_.is_(None), name)
    )
    return [Progress(*row) for row in rows]
