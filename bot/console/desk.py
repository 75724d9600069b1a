"""The desk of a station: who is there and who is next at my window; what a colleague does shows by itself."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk_words, live, to_do
from bot.console.routes import Routes
from bot.console.visit import PATH, Visit
from core.clock import day_of
from core.errors import Refusal
from db.bookings import Ticket
from db.places import Station
from db.staff import Staff
from services import desk_board, desk_wall, ticket_line, wait_lists
from services.desk_board import Board
from services.ticket_line import read_window, window_name
from services.timetable import read_timetable

ONE = r"/desk/{id:\d{1,18}}"
_SEAT, _SEAT_SECONDS = "yizhan_console_window", 90 * 24 * 3600

routes = Routes()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search at the desk found, or why an act was refused."""

    refusal: str = ""
    words: str = ""
    only: frozenset[int | str] | None = None
    """The keys of the lines that are shown; None for all."""
    booking_id: int | None = None
    """A booking that was found but is not for here and today."""


def topic(station_id: int) -> str:
    """Return the topic that the open desks and the wall of a station wait on."""
    return f"desk:{station_id}"


@routes.get("/desk", "bookings")
async def choose(visit: Visit) -> web.Response:
    """Lead to the window where this browser was last, or let the station be chosen."""
    station, _, window = visit.request.cookies.get(_SEAT, "").partition("-")
    async with visit.console.database.snapshot() as db:
        found = await desk_board.stations(db, visit.staff, day_of(visit.now))
    if "all" not in visit.request.query:
        if len(found) == 1:
            station = str(found[0].id)
        if any(str(one.id) == station for one in found):
            return visit.redirect(path(int(station), unquote(window)))
    return visit.render("desk_stations.html", stations=found)


def path(station_id: int, window: str, given: int | None = None) -> str:
    """Return where the desk of a window is."""
    named = {"window": window} if window else {}
    query = urlencode(named | ({"given": given} if given else {}))
    return f"/console/desk/{station_id}{'?' if query else ''}{query}"


@routes.get(ONE, "bookings")
async def desk(visit: Visit) -> web.Response:
    """Show the desk."""
    try:
        window = read_window(visit.request.query["window"]) if "window" in visit.request.query else ""
    except Refusal as refusal:
        return await show(visit, "", Looked(str(refusal)))
    response = await show(visit, window, Looked())
    if window:
        response.set_cookie(
            _SEAT, f"{visit.id()}-{quote(window)}", max_age=_SEAT_SECONDS, path=PATH, httponly=True, samesite="Lax",
            secure=visit.console.secure,
        )  # fmt: skip
    return response


async def show(visit: Visit, window: str, looked: Looked) -> web.Response:
    """Show the whole day, or only those who were looked for."""
    given = visit.request.query.get("given", "")
    async with visit.console.database.snapshot() as db:
        station, shown = await _now(db, visit, window)
        timetable = await read_timetable(db, station_ids=[station.id], today=day_of(visit.now))
        ticket = await db.get(Ticket, int(given)) if given.isascii() and given.isdigit() and len(given) < 19 else None
        if ticket is not None and ticket.station_id != station.id:
            ticket = None
        ahead = await ticket_line.ahead_of(db, ticket, visit.now) if ticket else 0
        to_be_done = await to_do.read(db, visit)
    board: Board = shown["board"]
    async with visit.console.database.transaction() as db:
        await visit.record(db, "desk_viewed", f"station:{station.id}", shown=len(board.lines))
    found = None if looked.only is None else [one for one in board.lines if desk_board.key(one) in looked.only]
    return visit.render(
        "desk.html", status=422 if looked.refusal else 200, refusal=looked.refusal, looked=looked, found=found,
        services=[one.service for one in timetable.provisions if one.station.id == station.id], given=ticket, ahead=ahead,
        label=ticket_line.label, closed=timetable.closure(station.id, board.day),
        free=not timetable.periods(station.id, board.day), **shown, **to_be_done,
    )  # fmt: skip


@routes.get(f"{ONE}/now", "bookings", quiet=True)
async def now(visit: Visit) -> web.Response:
    """Return the parts of the desk that change by themselves."""
    window = visit.request.query.get("window", "")
    async with visit.console.database.snapshot() as db:
        _, shown = await _now(db, visit, window)
    return visit.render("desk_now.html", **shown)


@routes.get(f"{ONE}/stream", "bookings", quiet=True)
async def follow(visit: Visit) -> web.StreamResponse:
    """Tell an open desk or wall when something has changed."""
    station_id = visit.id()
    async with visit.console.database.snapshot() as db:
        await desk_board.station_of(db, visit.staff, station_id)

    async def look(db: AsyncSession) -> str:
        return await desk_wall.pulse(db, station_id, visit.now)

    return await live.follow(visit, topic(station_id), look)


async def _now(db: AsyncSession, visit: Visit, window: str) -> tuple[Station, dict[str, Any]]:
    station = await desk_board.station_of(db, visit.staff, visit.id())
    board = await desk_board.read(db, visit.console.vault, station, visit.now)
    mine = board.at(window)
    by = await db.get(Staff, mine.ticket.staff_id) if mine and mine.ticket and mine.ticket.staff_id else None
    return station, {
        "calls": await wait_lists.calls(db, visit.staff, visit.now, station.id), "station": station, "board": board, "window": window, "window_name": window_name, "mine": mine,
        "colleague": by.name if by and by.id != visit.staff.id else "",
        "states": desk_words.STATES, "how_late": desk_words.HOW_LATE,
        "waits": lambda moment: int((visit.now - moment).total_seconds() // 60),
    }  # fmt: skip
