"""A bureau's rows in short: stations, staff, and people who asked for something."""

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.places import Station
from db.staff import Staff
from services import cases, people
from services.calendar import read_calendar
from services.cases import Plea

_numbers = count(1)


async def add_station(db: AsyncSession, name: str, parent: Station | None = None) -> Station:
    """Add a station below another."""
    station = Station(name=name, level="township" if parent else "county", parent_id=parent.id if parent else None)
    db.add(station)
    await db.flush()
    return station


async def add_staff(db: AsyncSession, now: datetime, role: str = "agent", station: Station | None = None) -> Staff:
    """Add a person of staff."""
    station_id = station.id if station else None
    staff = Staff(login=f"bureau{next(_numbers)}", name="李四", role=role, station_id=station_id, created_at=now)
    db.add(staff)
    await db.flush()
    return staff


async def add_case(
    db: AsyncSession, now: datetime, question: str = "优待证怎么补办", kind: str = "consult",
    station: Station | None = None, sender: str | None = None, channel: str = "telegram", **columns: Any,
) -> SupportCase:  # fmt: skip
    """Let somebody open a case, a stranger unless a sender is named."""
    conversation = await people.open_conversation(db, channel, sender or f"person-{next(_numbers)}", now)
    plea = Plea("asked", kind, question)
    station_id = station.id if station else None
    case, _ = await cases.open_case(db, conversation, plea, await read_calendar(db), now, station_id=station_id)
    for name, value in columns.items():
        setattr(case, name, value)
    await db.flush()
    return case
