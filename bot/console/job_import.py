"""A list of posts comes in: looked over row by row first, then written in batches; a second time changes nothing."""

import asyncio
from datetime import date

from aiohttp import web

from bot.console import job_form, job_words, texts
from bot.console.download import give
from bot.console.form import row_id
from bot.console.import_desk import Job
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from knowledge.content import SHIPPED
from knowledge.job_why import pay_words
from services import event_list, job_import, job_lists, job_waiting
from services.imports import Line
from services.job_import import Import, JobLine, JobReport
from services.job_law import LABELS, flags
from services.table import write_table

_JOB = r"/jobs/import/{token:[\w-]{10,40}}"
_ABOUT = "jobs"
_SHOWN = 100
"""Rows on a page."""
_CLOSED_AT_ONCE = 200
_LONGEST_SOURCE = 30
_TOLD = ("单位", "岗位", "月薪", "年龄", "截止日期", "电话")
"""What of a bad row is shown beside its faults; the file that is given back has all."""

routes = Routes()


@routes.get("/jobs/import", "jobs")
async def ask(visit: Visit) -> web.Response:
    """Ask for a file."""
    return await _ask(visit)


async def _ask(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        fairs = await event_list.to_come(db, visit.now, ("fair",))
        sources = [one for one in await job_lists.sources(db) if one not in job_words.SOURCES]
        waiting = await job_waiting.count(db)
    event = visit.form.number("event") or row_id(visit.request.query.get("event", ""))
    return visit.render(
        "job_upload.html", status=422 if refusal else 200, refusal=refusal, fairs=fairs, event=event, waiting=waiting,
        columns=job_import.COLUMNS, most=job_import.MOST_ROWS, source=visit.form.get("source"), sources=sources,
    )  # fmt: skip


@routes.get(r"/jobs/import/sample.{suffix:xlsx|csv|json}", "jobs")
async def sample(visit: Visit) -> web.Response:
    """Give a list to be filled in, invented."""
    suffix = visit.request.match_info["suffix"]
    content = await asyncio.to_thread((SHIPPED / "samples" / f"jobs.{suffix}").read_bytes)
    return give(texts.SAMPLE_NAME.format(label=job_words.IMPORT_NAME, suffix=suffix), content)


@routes.post("/jobs/import", "jobs")
async def upload(visit: Visit) -> web.Response:
    """Take a file in, and look it over in the background; nothing is written yet."""
    uploads, source = visit.form.uploads("file"), visit.form.get("source").strip()
    if not uploads or uploads[0].data is None:
        return await _ask(visit, texts.FILE_TOO_LARGE if uploads else texts.NO_FILE)
    if not source or len(source) > _LONGEST_SOURCE or source in job_words.SOURCES:
        return await _ask(visit, job_words.NO_SOURCE)
    content = uploads[0].data
    try:
        job = visit.console.imports.open(visit.staff.id, _ABOUT, uploads[0].name)
    except Refusal as refusal:
        return await _ask(visit, str(refusal))
    job.asked = {"source": source, "event": visit.form.get("event")}
    await visit.console.imports.work(job, lambda: _look_over(visit, job, content))
    return visit.redirect(f"/console/jobs/import/{job.token}")


@routes.get(_JOB, "jobs")
async def report(visit: Visit) -> web.Response:
    """Show where a list stands, and what was found in it."""
    if (job := _job(visit)) is None:
        return await _ask(visit, texts.TABLE_GONE)
    page = max(row_id(visit.request.query.get("page", "")) or 1, 1)
    start = (page - 1) * _SHOWN
    lines = job.report.lines if job.report else ()
    good = [line for line in lines if isinstance(line, JobLine) and line.fate in ("new", "changed")]
    missing = job.report.missing if isinstance(job.report, JobReport) else ()
    return visit.render(
        "job_import.html", status=422 if job.state == "failed" else 200, refusal=job.refusal, job=job, page=page,
        bad=job.bad[start : start + _SHOWN], more=len(job.bad) > start + _SHOWN, good=good[:_SHOWN], total=len(good),
        missing=missing, columns=_TOLD, path=f"/console/jobs/import/{job.token}", pay=pay_words,
        flags=lambda line: [LABELS[name] for name in flags(line.sheet)],
    )  # fmt: skip


@routes.post(_JOB, "jobs")
async def write(visit: Visit) -> web.Response:
    """Write what was shown, in the background; asked twice, it is written once."""
    if (job := _job(visit)) is None:
        return await _ask(visit, texts.TABLE_GONE)
    if job.state == "read":
        job.state = "writing"
        close = visit.form.get("close_missing") == "yes"
        await visit.console.imports.work(job, lambda: _write(visit, job, close=close))
    return visit.redirect(f"/console/jobs/import/{job.token}")


@routes.get(f"{_JOB}/bad.xlsx", "jobs")
async def bad_rows(visit: Visit) -> web.Response:
    """Give the bad rows back with what is wrong with them, to be put right and brought in again."""
    if (job := _job(visit)) is None:
        raise Refusal(texts.TABLE_GONE)
    rows = [[str(line.row.number), "；".join(line.faults), *_cells(line)] for line in job.bad]
    content = await asyncio.to_thread(write_table, ["行号", "问题", *job_import.COLUMNS], rows, xlsx=True)
    return give(f"{texts.BAD_ROWS}.xlsx", content)


async def _look_over(visit: Visit, job: Job, content: bytes) -> None:
    table = await asyncio.to_thread(job_import.read, content)
    job.rows = len(table.rows)
    async with visit.console.database.snapshot() as db:
        job.report = await job_import.check(db, table, await _import(visit, job))
    job.bad = [line for line in job.report.lines if line.fate == "bad"]
    job.counts = {fate: job.report.count(fate) for fate in ("new", "changed", "same", "bad")}
    job.state = "read"


async def _import(visit: Visit, job: Job) -> Import:
    async with visit.console.database.snapshot() as db:
        places = await job_form.places(visit, db)
    today: date = job_form.today(visit)
    words = visit.console.library.snapshot.content.jobs
    return Import(job.asked["source"], words, places, today, row_id(job.asked["event"]))


async def _write(visit: Visit, job: Job, *, close: bool) -> None:
    """Write what is good; the audit tells that it began, and what came of it even where it broke off."""
    source = job.asked["source"]
    closed = 0
    await _record(visit, "jobs_import_begun", source, rows=job.rows, **job.counts)
    try:
        await _write_batches(visit, job)
        closed = await _close_missing(visit, job) if close else 0
    finally:
        await _record(visit, "jobs_imported", source, written=job.written, closed=closed, **job.counts)
    job.counts["closed"] = closed
    visit.console.imports.finish(job)


async def _record(visit: Visit, action: str, source: str, **detail: int) -> None:
    async with visit.console.database.transaction() as db:
        await visit.record(db, action, "job:import", source=source, **detail)


async def _write_batches(visit: Visit, job: Job) -> None:
    assert job.report is not None
    what = await _import(visit, job)
    for lines in job_import.batches(job.report):
        async with visit.console.database.transaction() as db:
            done = await job_import.apply(db, lines, what, job.staff_id, visit.now)
        job.written += done


async def _close_missing(visit: Visit, job: Job) -> int:
    assert isinstance(job.report, JobReport)
    missing, closed = job.report.missing, 0
    for start in range(0, len(missing), _CLOSED_AT_ONCE):
        async with visit.console.database.transaction() as db:
            closed += await job_import.close_missing(db, missing[start : start + _CLOSED_AT_ONCE], visit.now)
    return closed


def _job(visit: Visit) -> Job | None:
    return visit.console.imports.find(visit.request.match_info["token"], visit.staff.id, _ABOUT)


def _cells(line: Line) -> list[str]:
    return [line.cell(column) or "" for column in job_import.COLUMNS]
