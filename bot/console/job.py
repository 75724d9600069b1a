"""One post: everything it says, what the law may forbid in it, what it looks like, and how many it reached."""

from aiohttp import web

from bot.console import job_form, job_words, texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from knowledge.job_why import FORMS, pay_words
from services import event_list, job_interest, jobs
from services.job_law import LABELS
from services.job_sheet import SHIFT_NAMES

ONE = r"/jobs/{id:\d{1,18}}"

routes = Routes()


@routes.get(ONE, "jobs")
async def one(visit: Visit) -> web.Response:
    """Show a post."""
    return await show(visit)


async def show(visit: Visit, refusal: str = "") -> web.Response:
    """Show a post with the one that it looks like beside it."""
    async with visit.console.database.snapshot() as db:
        full = await jobs.find(db, visit.id())
        like = await jobs.find(db, full.job.likely_of) if full.job.likely_of else None
        twin = await jobs.find(db, full.job.same_as) if full.job.same_as else None
        interest = await job_interest.of(db, full.job.id)
        event = await event_list.event_of(db, full.job.event_id) if full.job.event_id else None
    return visit.render(
        "job.html", status=422 if refusal else 200, refusal=refusal, full=full, job=full.job, like=like, twin=twin, event=event,
        interest=interest, labels=LABELS, statuses=job_words.STATUSES, sources=job_words.SOURCES, pay=pay_words,
        forms=FORMS, shifts=SHIFT_NAMES, today=job_form.today(visit),
    )  # fmt: skip


@routes.get(f"{ONE}/edit", "jobs")
async def edit(visit: Visit) -> web.Response:
    """Show a post to be changed."""
    async with visit.console.database.snapshot() as db:
        full = await jobs.find(db, visit.id())
    return await job_form.show(visit, job_form.filled(full), full=full)


@routes.post(f"{ONE}/edit", "jobs")
async def change(visit: Visit) -> web.Response:
    """Change a post; who has heard of it does not hear of it again."""
    try:
        async with visit.console.database.transaction() as db:
            sheet = await job_form.read(visit, db, await jobs.find(db, visit.id()))
            job = await jobs.change(db, visit.id(), sheet, visit.now)
            await visit.record(db, "job_changed", f"job:{job.id}", title=job.title, flags=job.flags)
    except Refusal as refusal:
        async with visit.console.database.snapshot() as db:
            full = await jobs.find(db, visit.id())
        return await job_form.show(visit, job_form.typed(visit), str(refusal), full=full)
    held = job.status == "review"
    return visit.redirect(f"/console/jobs/{job.id}", job_words.CHANGED_FLAGGED if held else texts.SAVED)
