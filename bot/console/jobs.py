"""Staff see all posts, narrowed to what they look for, and add one."""

import secrets

from aiohttp import web

from bot.console import job_form, job_words
from bot.console.campaign_people import Address
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from db.jobs import Employer
from knowledge.job_why import pay_words
from knowledge.place import Place
from services import event_list, job_lists, job_waiting, jobs
from services.job_lists import JobFilter

_LAST_PAGE = 10_000
_LONGEST_WORDS = 60

routes = Routes()


@routes.get("/jobs", "jobs")
async def listing(visit: Visit) -> web.Response:
    """List a page of posts."""
    query, today = visit.request.query, visit.now.astimezone(CHINA).date()
    wanted, number = _wanted(visit), min(row_id(query.get("page", "")) or 1, _LAST_PAGE)
    async with visit.console.database.snapshot() as db:
        found = await job_lists.page(db, wanted, today, max(number, 1))
        sources, waiting = await job_lists.sources(db), await job_waiting.count(db)
        employer = await db.get(Employer, wanted.employer_id) if wanted.employer_id else None
        event = await event_list.event_of(db, wanted.event_id) if wanted.event_id else None
    return visit.render(
        "jobs.html", found=found, wanted=wanted, page=max(number, 1), sources=sources, waiting=waiting,
        kinds=job_form.kinds(visit), statuses=job_words.STATUSES, source_names=job_words.SOURCES, pay=pay_words,
        employer=employer, event=event, address=Address("/console/jobs", query), narrowed=wanted != JobFilter(),
    )  # fmt: skip


def _wanted(visit: Visit) -> JobFilter:
    query = visit.request.query

    def said(name: str) -> str:
        return query.get(name, "").strip()[:_LONGEST_WORDS]

    status = said("status")
    return JobFilter(
        said("text"), said("kind"), "".join(Place.parse(said("city")).parts[-1:]), status if status in job_words.STATUSES else "",
        row_id(said("employer")), said("source"), row_id(said("event")), flagged=said("flagged") == "yes",
    )  # fmt: skip


@routes.get("/jobs/new", "jobs")
async def ask(visit: Visit) -> web.Response:
    """Ask for a new post."""
    return await job_form.show(visit, job_form.blank(visit), reference=secrets.token_urlsafe(12))


@routes.post("/jobs/new", "jobs")
async def make(visit: Visit) -> web.Response:
    """Make a post; sent twice, it is one."""
    reference = visit.form.get("reference")[:40] or secrets.token_urlsafe(12)
    try:
        async with visit.console.database.transaction() as db:
            sheet = await job_form.read(visit, db)
            job = await jobs.post(db, sheet, visit.staff.id, visit.now, reference=reference)
            await visit.record(db, "job_made", f"job:{job.id}", title=job.title, flags=job.flags)
    except Refusal as refusal:
        return await job_form.show(visit, job_form.typed(visit), str(refusal), reference=reference)
    return visit.redirect(f"/console/jobs/{job.id}", job_words.MADE_FLAGGED if job.flags else job_words.MADE)
