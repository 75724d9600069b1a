"""Posts that look alike, side by side: staff say whether they are one, so that nobody hears of it twice."""

from aiohttp import web

from bot.console import job_words
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from knowledge.job_why import pay_words
from services import job_twins, job_waiting

_LAST_PAGE = 10_000

routes = Routes()


@routes.get("/jobs/twins", "jobs")
async def listing(visit: Visit) -> web.Response:
    """Show a page of pairs."""
    number = max(min(row_id(visit.request.query.get("page", "")) or 1, _LAST_PAGE), 1)
    async with visit.console.database.snapshot() as db:
        pairs, more = await job_twins.pairs(db, number)
        waiting = await job_waiting.count(db)
    return visit.render(
        "job_twins.html", pairs=pairs, more=more, page=number, waiting=waiting, pay=pay_words,
        statuses=job_words.STATUSES, sources=job_words.SOURCES,
    )  # fmt: skip
