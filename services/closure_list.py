"""The days to come on which stations are closed, for those who decide about them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import StationClosure
from db.places import Station
from db.staff import Staff
from services.scope import near


class Closed(NamedTuple):
    """A day and the station that is closed on it."""

    row: StationClosure
    station: Station


async def to_come(db: AsyncSession, staff: Staff, today: date) -> Sequence[Closed]:
    """Return those near enough for a person of staff, the next first."""
    rows = await db.execute(
        select(StationClosure, Station)
        .join(Station, Station.id == StationClosure.station_id)
        .where(StationClosure.day >= today, near(staff, Station.id))
        .order_by(StationClosure.day, Station.id)
    )
    return [Closed(*row) for row in rows]
