"""A station is closed for a day: staff say which and why, and see which days to come are closed already."""

from datetime import date

from aiohttp import web

from bot.console import station_words
from bot.console.desk_words import day_name
from bot.console.form import read_day, row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import day_of
from core.errors import Refusal
from services import closure_list, closures, desk_board

routes = Routes()


@routes.get("/closures", "bookings")
async def ask(visit: Visit) -> web.Response:
    """Ask for a day, and show those to come."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    today = day_of(visit.now)
    async with visit.console.database.snapshot() as db:
        stations = await desk_board.stations(db, visit.staff, today)
        closed = await closure_list.to_come(db, visit.staff, today)
    chosen = visit.form.number("station") or row_id(visit.request.query.get("station", ""))
    return visit.render(
        "closures.html", status=422 if refusal else 200, refusal=refusal, stations=stations, closed=closed, today=today,
        chosen=chosen, day_name=day_name, longest=closures.LONGEST_REASON,
    )  # fmt: skip


@routes.post("/closures", "bookings")
async def close(visit: Visit) -> web.Response:
    """Close a day; whoever has booked is helped on the page that follows."""
    try:
        station_id, day = _which(visit)
        async with visit.console.database.transaction() as db:
            station = await desk_board.station_of(db, visit.staff, station_id)
            reason = visit.form.get("reason")
            booked = await closures.close(db, station_id, day, reason, visit.staff.id, visit.now)
            await visit.record(db, "station_closed", f"station:{station_id}", day=str(day), booked=len(booked))
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    said = station_words.CLOSED_BOOKED if booked else station_words.CLOSED_NOBODY
    path = f"/console/stranded?station={station_id}&day={day}" if booked else "/console/closures"
    return visit.redirect(path, said.format(station=station.name, day=day_name(day)))


@routes.post("/closures/reopen", "bookings")
async def reopen(visit: Visit) -> web.Response:
    """Let a station be open on a day again."""
    try:
        station_id, day = _which(visit)
        async with visit.console.database.transaction() as db:
            station = await desk_board.station_of(db, visit.staff, station_id)
            await closures.reopen(db, station_id, day)
            await visit.record(db, "station_reopened", f"station:{station_id}", day=str(day))
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(
        "/console/closures", station_words.REOPENED.format(station=station.name, day=day_name(day))
    )  # fmt: skip


def _which(visit: Visit) -> tuple[int, date]:
    station_id = visit.form.number("station")
    if station_id is None:
        raise Refusal(station_words.NO_STATION)
    day = read_day(visit.form.get("day"))
    if day is None:
        raise Refusal(station_words.NO_DAY)
    return station_id, day
