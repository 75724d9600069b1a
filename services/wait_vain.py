"""Whoever waits for what can be had no more, whatever the cause, is not left waiting: their line ends, and they are told."""

from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of, start_of
from db.bookings import Slot, Waiting
from services import seats
from services.timetable import Timetable, read_timetable
from services.wait_rows import IN_LINE, end_all, half_of


async def end_vain(db: AsyncSession, now: datetime) -> int:
    """End the lines of services that are not offered any more, and of days or halves of them without any times.

    Return how many lines; the next tick tells those who stood in them.
    """
    in_line = select(Waiting.station_id, Waiting.service_id, Waiting.day, Waiting.half).distinct()
    lines = (await db.execute(in_line.where(IN_LINE, Waiting.day >= day_of(now)))).all()
    if not lines:
        return 0
    timetable = await read_timetable(db, station_ids={one.station_id for one in lines})
    vain = [(*one,) for one in lines if not _can_be(timetable, *one)]
    if not vain:
        return 0
    await _hold(db, {(station_id, service_id, day) for station_id, service_id, day, _ in vain})
    line = tuple_(Waiting.station_id, Waiting.service_id, Waiting.day, Waiting.half)
    for slot_id, kept in (await end_all(db, now, line.in_(vain))).items():
        await seats.give_back(db, Slot, slot_id, kept)
    return len(vain)


def _can_be(timetable: Timetable, station_id: int, service_id: int, day: date, half: str) -> bool:
    """Tell whether there are times at all, full or not."""
    provision = timetable.provision(station_id, service_id)
    return provision is not None and any(half in ("any", half_of(one)) for one in timetable.starts(provision, day))


async def _hold(db: AsyncSession, days: set[tuple[int, int, date]]) -> None:
    """Lock all times of these days, so that none is given back or offered meanwhile."""
    of_lines = tuple_(Slot.station_id, Slot.service_id).in_({line[:2] for line in days})
    to_come = Slot.starts_at >= start_of(min(day for *_, day in days))
    which = select(Slot.id, Slot.station_id, Slot.service_id, Slot.starts_at).where(of_lines, to_come)
    rows = await db.execute(which)
    await seats.hold(db, Slot, [id_ for id_, *line, starts_at in rows if (*line, day_of(starts_at)) in days])
