"""Who is to be rung up (要打电话): staff changed their visit and no notice reached them; the list stays until they were."""

from aiohttp import web

from bot.console import desk_words
from bot.console.desk_words import time_name
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import booking_calls, visitors, wait_lists

_PAGE = "/calls"

routes = Routes()


@routes.get(_PAGE, "bookings")
async def listing(visit: Visit) -> web.Response:
    """Show them, the nearest time first."""
    return await _page(visit)


@routes.post(f"{_PAGE}/reveal", "bookings")
async def reveal(visit: Visit) -> web.Response:
    """Show names and phones in full, to ring up or to print."""
    return await _page(visit, full=True)


async def _page(visit: Visit, refusal: str = "", *, full: bool = False) -> web.Response:
    async with visit.console.database.snapshot() as db:
        rows = await booking_calls.to_ring(db, visit.staff)
        count = await booking_calls.count(db, visit.staff)
        calls = await wait_lists.calls(db, visit.staff, visit.now)
        who = await visitors.read(db, visit.console.vault, [one.visit for one in rows], full=full)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "calls_revealed" if full else "calls_listed", "booking:list", shown=len(rows))
    return visit.render(
        "calls.html", status=422 if refusal else 200, refusal=refusal, rows=rows, count=count, who=who, full=full,
        calls=calls, station=None, time_name=time_name,
    )  # fmt: skip


@routes.post(_PAGE + r"/{id:\d{1,18}}/rung", "bookings")
async def rung(visit: Visit) -> web.Response:
    """Take somebody off the list who was rung up."""
    try:
        async with visit.console.database.transaction() as db:
            code = await booking_calls.rung(db, visit.staff, visit.id(), visit.form.number("sequence"))
            await visit.record(db, "booking_rung", f"booking:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect("/console/calls", desk_words.RUNG.format(code=code))
