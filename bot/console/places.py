"""Staff see the bureau's stations and grids, and take them out as a table."""

import asyncio

from aiohttp import web

from bot.console import texts, to_do
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from knowledge.content import SHIPPED
from services import places
from services.places import EXCHANGES
from services.table import write_table

routes = Routes()

_MOST_GRIDS = 200
"""Grids on one page; who looks for another types its village."""


@routes.get("/places", "places")
async def stations(visit: Visit) -> web.Response:
    """Show the tree of stations."""
    async with visit.console.database.snapshot() as db:
        tree = await places.station_tree(db)
        waiting = await to_do.stranded(db, visit)
    return visit.render("places.html", tree=tree, stranded=waiting)


@routes.get("/places/grids", "places")
async def grids(visit: Visit) -> web.Response:
    """Show the grids with their workers, all or those of a township, village or worker."""
    wanted = visit.request.query.get("q", "").strip()
    async with visit.console.database.transaction() as db:
        rows = [row for row in await places.take_out(db, "grids") if any(wanted in cell for cell in row)]
        await visit.record(db, "grids_viewed", "grid:all", q=wanted)
    return visit.render(
        "grids.html", columns=EXCHANGES["grids"].columns, rows=rows[:_MOST_GRIDS], count=len(rows), q=wanted
    )


@routes.get(r"/places/{kind:stations|services|grids}/export.{suffix:xlsx|csv}", "places")
async def export(visit: Visit) -> web.Response:
    """Give all stations, services or grids as a file."""
    kind = visit.request.match_info["kind"]
    async with visit.console.database.transaction() as db:
        rows = await places.take_out(db, kind)
        await visit.record(db, "places_exported", f"{kind}:all", rows=len(rows))
    suffix = visit.request.match_info["suffix"]
    exchange = EXCHANGES[kind]
    content = await asyncio.to_thread(write_table, exchange.columns, rows, xlsx=suffix == "xlsx")
    return give(f"{exchange.label}.{suffix}", content)


@routes.get(r"/places/{kind:stations|services|grids}/sample.{suffix:xlsx|csv}", "places")
async def sample(visit: Visit) -> web.Response:
    """Give the sample file, invented, to be filled in."""
    kind, suffix = visit.request.match_info["kind"], visit.request.match_info["suffix"]
    content = (SHIPPED / "samples" / f"{kind}.{suffix}").read_bytes()
    return give(texts.SAMPLE_NAME.format(label=EXCHANGES[kind].label, suffix=suffix), content)
