"""Fairs, classes and activities in a list: those to come the next first, those past the last first."""

from aiohttp import web

from bot.console.event_words import span, state
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from services import event_list, event_people

ONE = r"/events/{id:\d{1,18}}"
_LAST_PAGE = 10_000

routes = Routes()


@routes.get("/events", "events")
async def listing(visit: Visit) -> web.Response:
    """List events to come, or past ones."""
    past = visit.request.query.get("past") == "1"
    page = min(row_id(visit.request.query.get("page", "")) or 0, _LAST_PAGE)
    async with visit.console.database.snapshot() as db:
        found = await event_people.overview(db, past=past, page=page)
    return visit.render(
        "events.html", found=found, past=past, page=page, more=len(found) == event_people.PAGE,
        kinds=event_list.KINDS, states={event.id: state(event, visit.now) for event, _, _ in found}, span=span,
    )  # fmt: skip
