"""What is done at stations (事项): seen at a glance, added, changed, and the usual ones put in with one button."""

from collections.abc import Mapping

from aiohttp import web

from bot.console import place_import, station_words
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import visit_services
from services.visit_services import COLUMNS

routes = Routes()


@routes.get("/places/services", "places")
async def listing(visit: Visit) -> web.Response:
    """Show all, one of them to be changed, or the fields of a new one."""
    name = visit.request.query.get("name", "")
    async with visit.console.database.snapshot() as db:
        known = await visit_services.read_services(db)
    return await _page(visit, known.get(name) or dict.fromkeys(COLUMNS))


async def _page(visit: Visit, cells: Mapping[str, str | None], refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        known = await visit_services.read_services(db)
        offering = await visit_services.stations_by_service(db)
    content = visit.console.library.snapshot.content
    return visit.render(
        "visit_services.html", status=422 if refusal else 200, refusal=refusal, known=known, offering=offering, cells=cells,
        changing=cells["事项"] in known, entries=content.entries,
        shipped=[name for name in content.visit_services if name not in known],
    )  # fmt: skip


@routes.post("/places/services", "places")
async def keep(visit: Visit) -> web.Response:
    """Add one, or change the one of this name."""
    cells = {column: visit.form.get(column) for column in COLUMNS}
    try:
        async with visit.console.database.transaction() as db:
            await visit_services.save_service(db, cells, place_import.basis(visit))
            await visit.record(db, "service_saved", "service:one", name=cells["事项"])
    except Refusal as refusal:
        return await _page(visit, cells, str(refusal))
    return visit.redirect("/console/places/services", station_words.SERVICE_SAVED.format(name=cells["事项"]))


@routes.post("/places/services/shipped", "places")
async def put_in_shipped(visit: Visit) -> web.Response:
    """Put in the usual ones that are not there."""
    shipped = visit.console.library.snapshot.content.visit_services
    async with visit.console.database.transaction() as db:
        before = len(await visit_services.read_services(db))
        count = len(await visit_services.ensure_services(db, shipped, shipped)) - before
        await visit.record(db, "services_shipped", "service:all", count=count)
    return visit.redirect("/console/places/services", station_words.SHIPPED_IN.format(count=count))
