"""举报虚假: staff read what people say against a post, and decide once for all of it."""

from aiohttp import web

from bot.console import job_words
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from handlers import job_false
from services import job_reports, job_waiting
from services.job_law import LABELS

routes = Routes()


@routes.get("/jobs/reports", "jobs")
async def listing(visit: Visit) -> web.Response:
    """List the posts that somebody reported."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        found, waiting = await job_reports.waiting(db), await job_waiting.count(db)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "job_reports_viewed", "job:reports", shown=len(found))
    return visit.render(
        "job_reports.html", status=422 if refusal else 200, refusal=refusal, found=found, waiting=waiting,
        statuses=job_words.STATUSES, labels=LABELS,
    )  # fmt: skip


@routes.post(r"/jobs/{id:\d{1,18}}/reports", "jobs")
async def decide(visit: Visit) -> web.Response:
    """Close a post that is false, or put it back."""
    false = visit.form.get("outcome") == "false"
    try:
        async with visit.console.database.transaction() as db:
            job = await job_reports.decide(db, visit.id(), visit.staff.id, false=false, now=visit.now)
            if false:
                await job_false.warn(db, job, visit.now)
            await visit.record(db, "job_report_decided", f"job:{job.id}", outcome="false" if false else "fine")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect("/console/jobs/reports", job_words.FALSE if false else job_words.FINE)
