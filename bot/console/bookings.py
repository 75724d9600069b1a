"""Who is booked when and where: a list for any day, and the search for one by code, name or phone."""

from datetime import timedelta

from aiohttp import web

from bot.console import desk_words, to_do
from bot.console.desk_words import day_name, time_name
from bot.console.form import read_day, row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA, day_of
from core.errors import Refusal
from services import booking_lists, booking_search, desk_board, visitors, wait_lists
from services.booking_lists import PAGE, Sieve
from services.booking_rows import Visit as Booked
from services.calendar import read_calendar

_LAST_PAGE = 10_000

routes = Routes()


@routes.get("/bookings", "bookings")
async def listing(visit: Visit) -> web.Response:
    """Show a page of a list."""
    query, today = visit.request.query, day_of(visit.now)
    first = read_day(query.get("first", "")) or today
    last = read_day(query.get("last", "")) or first
    sieve = Sieve(
        row_id(query.get("station", "")), first, max(first, last),
        query.get("status") if query.get("status") in desk_words.BOOKING_STATES else None,
    )  # fmt: skip
    number = min(row_id(query.get("page", "")) or 0, _LAST_PAGE)
    return await _page(visit, sieve, desk_words.BACKWARDS if last < first and "last" in query else "", number=number)


async def _page(
    visit: Visit, sieve: Sieve, refusal: str = "", *, number: int = 0, found: list[Booked] | None = None, most: str = ""
) -> web.Response:
    """Show a list, or what a search found."""
    async with visit.console.database.snapshot() as db:
        stations = await desk_board.stations(db, visit.staff, day_of(visit.now))
        calendar = await read_calendar(db)
        rows, count = (
            (found, len(found)) if found is not None else await booking_lists.page(db, visit.staff, sieve, number)
        )
        who = await visitors.read(db, visit.console.vault, rows)
        calls = await wait_lists.calls(db, visit.staff, visit.now)
        to_be_done = await to_do.read(db, visit)
        by_station = {} if found is not None else await booking_lists.by_station(db, visit.staff, sieve)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "bookings_listed", "booking:list", shown=len(rows), station=sieve.station_id)
    days = {row.booking.id: row.slot.starts_at.astimezone(CHINA).date() for row in rows}
    return visit.render(
        "bookings.html", status=422 if refusal else 200, refusal=refusal, rows=rows, count=count, who=who, sieve=sieve,
        number=number, more=found is None and (number + 1) * PAGE < count, searched=found is not None, most=most, stations=stations,
        days=days, unconfirmed={day for day in days.values() if not calendar.day(day).confirmed}, day_name=day_name,
        time_name=time_name, states=desk_words.BOOKING_STATES, today=day_of(visit.now), last_day=day_of(visit.now) + timedelta(days=6),
        calls=calls, station=None, tomorrow=day_of(visit.now) + timedelta(days=1), by_station=by_station, **to_be_done,
    )  # fmt: skip


@routes.post("/bookings/find", "bookings")
async def find(visit: Visit) -> web.Response:
    """Open the booking whose code was typed or scanned, or list those of a whole name or phone."""
    words, today = visit.form.get("words"), day_of(visit.now)
    code = booking_search.read_code(words)
    if code is not None:
        async with visit.console.database.snapshot() as db:
            coded = await booking_search.by_code(db, visit.staff, code)
        if coded is None:
            return await _page(visit, Sieve(None, today, today), booking_search.GONE)
        return visit.redirect(f"/console/bookings/{coded.booking.id}")
    try:
        async with visit.console.database.snapshot() as db:
            found = await booking_search.find(db, visit.console.vault, visit.staff, words, visit.now)
        async with visit.console.database.transaction() as db:
            await visit.record(db, "bookings_searched", "booking:list", shown=len(found.visits))
    except Refusal as refusal:
        return await _page(visit, Sieve(None, today, today), str(refusal))
    most = "" if found.whole else desk_words.ONLY_NEXT.format(most=booking_search.MOST)
    if not found.visits:
        return await _page(visit, Sieve(None, today, today), desk_words.NOT_CALLED.format(words=words) + most)
    return await _page(visit, Sieve(), found=found.visits, most=most)
