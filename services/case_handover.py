"""To whom a case can be handed: only to colleagues who may see it, or to a station's queue."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.places import Station
from db.staff import Staff


@dataclass(frozen=True, slots=True)
class Targets:
    """Names by row id."""

    colleagues: Mapping[int, str]
    stations: Mapping[int, str]
    everybody: Mapping[int, str]
    """Those too who have left, for what they did."""


async def targets_of(db: AsyncSession, case: SupportCase) -> Targets:
    """Return who can take a case over, and all stations."""
    asked = select(Staff.id, Staff.name, and_(Staff.active, sees(case))).order_by(Staff.name, Staff.id)
    people = (await db.execute(asked)).all()
    stations = await db.execute(select(Station.id, Station.name).order_by(Station.name))
    return Targets(
        colleagues={staff_id: name for staff_id, name, able in people if able},
        stations=dict(stations.all()),
        everybody={staff_id: name for staff_id, name, _ in people},
    )


def sees(case: SupportCase) -> ColumnElement[bool]:
    """Hold for the staff who see a case: services.scope.visible_cases from the other side."""
    answering = Staff.role.in_(("admin", "lead", "agent"))
    if case.station_id is None:
        return answering
    above = _above(case.station_id)
    near = or_(
        Staff.role == "admin",
        Staff.station_id.is_(None),
        Staff.station_id == case.station_id,
        and_(Staff.role == "lead", Staff.station_id.in_(select(above.c.id))),
    )
    errand = and_(Staff.role == "grid", Staff.station_id == case.station_id)
    seen = and_(answering, near)
    return or_(seen, errand) if case.kind == "errand" else seen


def _above(station_id: int) -> CTE:
    tree = select(Station.id, Station.parent_id).where(Station.id == station_id)
    found = tree.cte("stations_above", recursive=True)
    return found.union(select(Station.id, Station.parent_id).where(Station.id == found.c.parent_id))
