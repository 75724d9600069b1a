"""What an open page hears of: new words, new cases, and dangers that nobody has taken."""

import json

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import live
from bot.console.case_words import how_long
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE
from services import case_pulse, case_queue

routes = Routes()


@routes.get("/stream", "cases", quiet=True)
async def follow(visit: Visit) -> web.StreamResponse:
    """Tell a page when what it shows has changed: the queue, or the case it names."""
    named = visit.request.query.get("case", "")
    case_id = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None

    async def look(db: AsyncSession) -> str:
        staff, now = visit.staff, visit.now
        mark = await (case_pulse.of_queue(db, staff) if case_id is None else case_pulse.of_case(db, staff, case_id))
        counts = await case_queue.count(db, staff, now)
        dangers = [case.id for case in await case_queue.dangers(db, staff)]
        # The minute is part of it, because waiting times and due dates are shown.
        return json.dumps({"waiting": counts["waiting"], "dangers": dangers, "mark": f"{mark} {now:%H:%M}"})

    return await live.follow(visit, CONSOLE, look)


@routes.get("/alarm", "cases", quiet=True)
async def alarm(visit: Visit) -> web.Response:
    """Name the dangers that nobody has taken; nothing of what was said."""
    async with visit.console.database.snapshot() as db:
        dangers = await case_queue.dangers(db, visit.staff)
    return visit.render("alarm.html", dangers=dangers, how_long=how_long)
