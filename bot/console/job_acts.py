"""What staff do with a post: close it, open it again, let it out after a look, say whether it is the same as another."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import job_words
from bot.console.job import ONE, show
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.jobs import Job
from services import job_twins, jobs

_ACTS: dict[str, tuple[Callable[[AsyncSession, Visit], Awaitable[Job]], str, str]] = {
    "close": (lambda db, visit: jobs.close(db, visit.id(), visit.now), "job_closed", job_words.CLOSED),
    "reopen": (lambda db, visit: jobs.reopen(db, visit.id(), visit.now), "job_reopened", job_words.REOPENED),
    "approve": (lambda db, visit: jobs.approve(db, visit.id(), visit.now), "job_approved", job_words.APPROVED),
    "same": (lambda db, visit: job_twins.same(db, visit.id()), "job_same", job_words.SAME),
    "different": (lambda db, visit: job_twins.different(db, visit.id()), "job_different", job_words.DIFFERENT),
}

routes = Routes()


@routes.post(f"{ONE}/{{act:close|reopen|approve|same|different}}", "jobs")
async def act(visit: Visit) -> web.Response:
    """Do it, and go back to where it was asked."""
    work, action, sentence = _ACTS[visit.request.match_info["act"]]
    try:
        async with visit.console.database.transaction() as db:
            before = (await jobs.find(db, visit.id())).job.likely_of
            job = await work(db, visit)
            await visit.record(db, action, f"job:{job.id}", **({"like": before} if before else {}))
    except Refusal as refusal:
        return await show(visit, str(refusal))
    back = "/console/jobs/twins" if visit.form.get("back") == "twins" else f"/console/jobs/{visit.id()}"
    waits = action == "job_reopened" and job.status == "review"
    return visit.redirect(back, job_words.CHANGED_FLAGGED if waits else sentence)
