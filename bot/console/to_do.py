"""What is to be done about bookings besides who stands at the desk, for the pages that every clerk opens each day."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.visit import Visit
from core.clock import day_of
from services import booking_calls, closures
from services.timetable import read_timetable


async def stranded(db: AsyncSession, visit: Visit) -> int:
    """Return how many bookings whoever is signed in has to help, as their time is open no more."""
    timetable = await read_timetable(db, today=day_of(visit.now))
    return await closures.stranded_count(db, timetable, visit.now, visit.staff)


async def read(db: AsyncSession, visit: Visit) -> dict[str, int]:
    """Return these, and how many are to be rung up."""
    return {"stranded": await stranded(db, visit), "rings": await booking_calls.count(db, visit.staff)}
