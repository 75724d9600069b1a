"""相邻乡镇: staff tick which townships border on which, so that work next door is found, too."""

from aiohttp import web

from bot.console import job_words
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import neighbours, townships

routes = Routes()


@routes.get("/places/neighbours", "places")
async def listing(visit: Visit) -> web.Response:
    """Show every township with those next to it, and one of them to be changed."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        ids = await townships.read_townships(db)
        known = await townships.read_neighbours(db)
    names = {id_: name for name, id_ in sorted(ids.items())}
    chosen = row_id(visit.request.query.get("township", ""))
    return visit.render(
        "neighbours.html", status=422 if refusal else 200, refusal=refusal, names=names, known=known,
        chosen=chosen if chosen in names else None,
    )  # fmt: skip


@routes.post("/places/neighbours", "places")
async def keep(visit: Visit) -> web.Response:
    """Keep what was ticked for one."""
    township_id = visit.form.number("township") or 0
    ticked = [id_ for id_ in map(row_id, visit.form.all("neighbour")) if id_ is not None]
    try:
        async with visit.console.database.transaction() as db:
            await neighbours.set_(db, township_id, ticked)
            names = {id_: name for name, id_ in (await townships.read_townships(db)).items()}
            await visit.record(db, "neighbours_set", f"township:{township_id}", neighbours=ticked)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect("/console/places/neighbours", job_words.NEIGHBOURS_KEPT.format(name=names[township_id]))
