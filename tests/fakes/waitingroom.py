"""A small station whose day is soon full, whoever waits for a place there, and how the line stands."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Waiting
from services import waits
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.bookings import Who
from services.waits import Wait
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, open_house, somebody

TWO_TIMES = {"0": [["09:00", "09:30"], ["15:00", "15:30"]]}
"""Mondays only: half an hour in the morning, and as much in the afternoon."""


async def small_house(db: AsyncSession, **columns: Any) -> House:
    """Add a station that sees one person on a Monday morning, and one in the afternoon."""
    return await open_house(db, **({"week": TWO_TIMES, "capacity": 1} | columns))


async def wait(
    db: AsyncSession, house: House, who: Who | str, half: Literal["am", "pm", "any"] = "any", day: date = MONDAY,
    now: datetime = START, rules: BookingRules = DEFAULT_BOOKING_RULES,
) -> Wait:  # fmt: skip
    """Put somebody, or a new account of that name, at the end of the line."""
    whom = await somebody(db, who) if isinstance(who, str) else who
    return await waits.join(db, VAULT, rules, house.station.id, house.service.id, day, half, whom, "", now)


async def line(db: AsyncSession) -> list[str]:
    """Return how everybody stands who ever waited, in the order in which they came."""
    return list(await db.scalars(select(Waiting.status).order_by(Waiting.id)))
