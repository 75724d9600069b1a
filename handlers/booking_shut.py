"""A visit that can be no more, as its station is closed then or does this no longer: nobody is asked to come in vain."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from handlers.event_screens import moment, wrapped
from services import closures
from services.booking_rows import Visit
from services.timetable import Timetable, read_timetable

SHUT = "{who}约的这个时间，服务站办不了这件事了，请先别跑一趟。\n{what}\n{why}预约码 {code}\n改个时间或者取消，回复数字就行。"
WHAT, WHY = "{when}到{station}办{service}", "原因：{reason}"


def shut(timetable: Timetable, one: Visit, who: str) -> str:
    """Return what to say to whoever would come in vain."""
    starts_at = one.slot.starts_at
    reason = timetable.closure(one.station.id, day_of(starts_at))
    what = WHAT.format(when=moment(starts_at), station=one.station.name, service=one.service.name)
    why = wrapped(WHY.format(reason=reason)) + "\n" if reason else ""
    return SHUT.format(who=who, what=wrapped(what), why=why, code=one.booking.code)


async def shut_now(db: AsyncSession, one: Visit, who: str) -> str | None:
    """Return the same of a visit that stands no more; None of one that does."""
    timetable = await read_timetable(db, service_id=one.service.id, station_ids=[one.station.id])
    return None if closures.stands(timetable, one) else shut(timetable, one, who)
