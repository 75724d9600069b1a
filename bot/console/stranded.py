"""Bookings whose time is open no more (要处理的预约): staff move or cancel each or all, and are told whom to telephone."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import station_words
from bot.console.booking import read_moment
from bot.console.booking_change import Change, change
from bot.console.desk_words import time_name
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE, DELIVER
from core.clock import CHINA, day_of
from core.errors import Refusal
from handlers import booking_notices
from services import booking_search, bookings, closures, desk_board, stranded_times, visitors
from services.booking_rows import Visit as Booked
from services.events import LONGEST_REASON
from services.timetable import read_timetable
from services.visitors import Visitor
from services.who import BY_STAFF

routes = Routes()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one: as it is now, or why it could not be; and whether it has to be told over the telephone."""

    visit: Booked
    refusal: str
    silent: bool
    believed_at: datetime
    who: Visitor


@routes.get("/stranded", "bookings")
async def listing(visit: Visit) -> web.Response:
    """Show all, or those of a day that was just closed."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    station_id, day = row_id(visit.request.query.get("station", "")), visit.request.query.get("day", "")
    async with visit.console.database.snapshot() as db:
        timetable = await read_timetable(db, today=day_of(visit.now))
        rows = await closures.stranded(db, timetable, visit.now, visit.staff)
        of_day = [one for one in rows if one.station.id == station_id and str(_day(one)) == day]
        shown = of_day or rows
        stations = await desk_board.stations(db, visit.staff, day_of(visit.now))
        ids = {station.id for station in stations}
        times = await stranded_times.instead(db, timetable, shown, ids, visit.console.booking_rules, visit.now)
        who = await visitors.read(db, visit.console.vault, shown)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "stranded_listed", "booking:list", shown=len(shown))
    reasons = [timetable.closure(one.station.id, _day(one)) for one in shown]
    return visit.render(
        "stranded.html", status=422 if refusal else 200, refusal=refusal, rows=shown, others=len(rows) - len(shown),
        times=times, who=who, time_name=time_name, reason=reasons[0] if len(set(reasons)) == 1 else None,
        names={one.station.id: one.station.name for one in timetable.provisions}, longest=LONGEST_REASON,
        why={one.booking.id: reason for one, reason in zip(shown, reasons, strict=True)}, key=_key,
        ticked=visit.form.all("booking"),
    )  # fmt: skip


def _day(one: Booked) -> date:
    return one.slot.starts_at.astimezone(CHINA).date()


def _key(station_id: int, starts_at: datetime) -> str:
    """Return a time as a field of the form carries it."""
    return f"{station_id}@{starts_at.isoformat()}"


@routes.post("/stranded", "bookings")
async def handle(visit: Visit) -> web.Response:
    """Move or cancel those that are ticked, each in a transaction of its own."""
    ids = [id_ for id_ in map(row_id, visit.form.all("booking")) if id_ is not None]
    reason = " ".join(visit.form.get("reason").split())
    if not ids:
        return await _page(visit, station_words.NOTHING_TICKED)
    if not reason or len(reason) > LONGEST_REASON:
        return await _page(visit, station_words.NO_REASON.format(most=LONGEST_REASON))
    moving = visit.form.get("act") == "move"
    done = [one for id_ in ids if (one := await _handle(visit, id_, reason, moving=moving))]
    if not done:
        return await _page(visit, booking_search.GONE)
    await visit.console.wake.announce([DELIVER, CONSOLE])
    return visit.render(
        "stranded_done.html", done=done, unseen=len(ids) - len(done), moving=moving, reason=reason, time_name=time_name
    )


async def _handle(visit: Visit, booking_id: int, reason: str, *, moving: bool) -> Done | None:
    """Move or cancel one; None for what is not theirs, which takes away nothing of what was done with the others."""
    async with visit.console.database.snapshot() as db:
        before = await booking_search.seen(db, visit.staff, booking_id)
    if before is None:
        return None
    said, silent, believed_at, refused = before, False, before.slot.starts_at, ""
    what: booking_notices.News = "moved" if moving else "cancelled"
    wanted = Change(booking_id, visit.form.number(f"sequence_{booking_id}"), what, reason)
    try:
        async with visit.console.database.transaction() as db:
            act = partial(_move if moving else _cancel, db, visit, reason)
            changed = await change(db, visit, wanted, act)
            said, silent, believed_at = changed.visit, not changed.reached, changed.believed_at
    except Refusal as refusal:
        said, silent, refused = before, False, str(refusal)
    async with visit.console.database.snapshot() as db:
        who = (await visitors.read(db, visit.console.vault, [said], full=silent))[booking_id]
    return Done(said, refused, silent, believed_at, who)


async def _move(db: AsyncSession, visit: Visit, reason: str, before: Booked) -> None:
    station, at, moment = visit.form.get(f"to_{before.booking.id}").partition("@")
    if not at:
        raise Refusal(station_words.NO_TIME)
    starts_at = read_moment(moment)
    await desk_board.station_of(db, visit.staff, row_id(station) or 0)
    await bookings.move(
        db, visit.console.booking_rules, before.booking.id, int(station), starts_at, BY_STAFF, visit.now, reason
    )


async def _cancel(db: AsyncSession, visit: Visit, reason: str, before: Booked) -> None:
    await bookings.cancel(db, visit.console.booking_rules, before.booking.id, BY_STAFF, visit.now, reason)
