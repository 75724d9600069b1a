"""A roster, or the list of those certified elsewhere, comes in: looked over row by row first, then written in batches."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.console import texts
from bot.console.download import give
from bot.console.form import row_id
from bot.console.import_desk import Job
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import campaigns, certification_results, roster
from services.imports import Line
from services.table import write_table

_ONE = r"/campaigns/{id:\d{1,18}}/{kind:roster|results}"
_JOB = rf"{_ONE}/{{token:[\w-]{{10,40}}}}"
_SHOWN = 100
"""Rows on a page."""
_SECRET = ("身份证号", "身份证后四位")
"""Columns that are not shown again."""
_ACTS = {
    "roster": ("campaign_roster_begun", "campaign_roster_imported"),
    "results": ("campaign_results_begun", "campaign_results_imported"),
}

routes = Routes()


@routes.get(_ONE, "campaign_plans")
async def ask(visit: Visit) -> web.Response:
    """Ask for a file."""
    return await _ask(visit)


@routes.get(f"{_ONE}/sample.xlsx", "campaign_plans")
async def sample(visit: Visit) -> web.Response:
    """Give a table to be filled in, with an invented row."""
    kind = visit.request.match_info["kind"]
    content = await asyncio.to_thread(write_table, _columns(kind), [texts.SAMPLE_ROWS[kind]], xlsx=True)
    return give(texts.SAMPLE_NAME.format(label=texts.IMPORT_NAMES[kind], suffix="xlsx"), content)


@routes.post(_ONE, "campaign_plans")
async def upload(visit: Visit) -> web.Response:
    """Take a file in, and look it over in the background; nothing is written yet."""
    uploads = visit.form.uploads("file")
    if not uploads or uploads[0].data is None:
        return await _ask(visit, texts.FILE_TOO_LARGE if uploads else texts.NO_FILE)
    content = uploads[0].data
    try:
        job = visit.console.imports.open(visit.staff.id, _about(visit), uploads[0].name)
    except Refusal as refusal:
        return await _ask(visit, str(refusal))
    await visit.console.imports.work(job, lambda: _look_over(visit, job, content))
    return visit.redirect(f"/console{_path(visit)}/{job.token}")


@routes.get(_JOB, "campaign_plans")
async def report(visit: Visit) -> web.Response:
    """Show where a table stands, and what was found in it."""
    if (job := _job(visit)) is None:
        return await _ask(visit, texts.TABLE_GONE)
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
    page = row_id(visit.request.query.get("page", "")) or 1
    start = (page - 1) * _SHOWN
    good = [line for line in job.report.lines if line.fate in ("new", "changed")] if job.report else []
    kind = visit.request.match_info["kind"]
    return visit.render(
        "campaign_import.html", status=422 if job.state == "failed" else 200, refusal=job.refusal, campaign=campaign,
        job=job, kind=kind, name=texts.IMPORT_NAMES[kind], bad=job.bad[start : start + _SHOWN], page=page,
        more=len(job.bad) > start + _SHOWN, good=good[:_SHOWN], path=f"/console{_path(visit)}", total=len(good),
        columns=[column for column in _columns(kind) if column not in _SECRET],
    )  # fmt: skip


@routes.post(_JOB, "campaign_plans")
async def write(visit: Visit) -> web.Response:
    """Write what was shown, in the background; asked twice, it is written once."""
    if (job := _job(visit)) is None:
        return await _ask(visit, texts.TABLE_GONE)
    if job.state == "read":
        job.state = "writing"
        await visit.console.imports.work(job, lambda: _write(visit, job))
    return visit.redirect(f"/console{_path(visit)}/{job.token}")


@routes.get(f"{_JOB}/bad.xlsx", "campaign_plans")
async def bad_rows(visit: Visit) -> web.Response:
    """Give the bad rows back with what is wrong with them, to be put right and brought in again."""
    if (job := _job(visit)) is None:
        raise Refusal(texts.TABLE_GONE)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "campaign_exported", f"campaign:{visit.id()}", what="bad_rows", rows=len(job.bad))
    columns = _columns(visit.request.match_info["kind"])
    rows = [[str(line.row.number), "；".join(line.faults), *_cells(line, columns)] for line in job.bad]
    content = await asyncio.to_thread(write_table, ["行号", "问题", *columns], rows, xlsx=True)
    return give(f"{texts.BAD_ROWS}.xlsx", content)


async def _look_over(visit: Visit, job: Job, content: bytes) -> None:
    console, campaign_id = visit.console, visit.id()
    read = roster.read if _is_roster(visit) else certification_results.read
    table = await asyncio.to_thread(read, content)
    job.rows = len(table.rows)
    async with console.database.snapshot() as db:
        if _is_roster(visit):
            job.report = await roster.check(db, console.vault, table, campaign_id)
        else:
            job.report = await certification_results.check(db, console.vault, table, campaign_id, visit.now)
    job.bad = [line for line in job.report.lines if line.fate == "bad"]
    job.counts = {fate: job.report.count(fate) for fate in ("new", "changed", "same", "bad")}
    job.state = "read"


async def _write(visit: Visit, job: Job) -> None:
    """Write what is good; the audit tells that it began, and what came of it even where it broke off."""
    begun, ended = _ACTS[visit.request.match_info["kind"]]
    await _record(visit, begun, rows=job.rows, **job.counts)
    try:
        await _write_batches(visit, job)
    finally:
        await _record(visit, ended, written=job.written, **job.counts)
    visit.console.imports.finish(job)


async def _record(visit: Visit, action: str, **detail: int) -> None:
    async with visit.console.database.transaction() as db:
        await visit.record(db, action, f"campaign:{visit.id()}", **detail)


async def _write_batches(visit: Visit, job: Job) -> None:
    console, campaign_id = visit.console, visit.id()
    assert job.report is not None
    some = roster.batches(job.report) if _is_roster(visit) else certification_results.batches(job.report)
    for lines in some:
        async with console.database.transaction() as db:
            if _is_roster(visit):
                done = await roster.apply(db, console.vault, lines, campaign_id, visit.now)
            else:
                done = await certification_results.apply(db, lines, campaign_id, job.staff_id, visit.now)
        job.written += done


async def _ask(visit: Visit, refusal: str = "") -> web.Response:
    kind = visit.request.match_info["kind"]
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
    return visit.render(
        "campaign_upload.html", status=422 if refusal else 200, refusal=refusal, campaign=campaign, kind=kind,
        name=texts.IMPORT_NAMES[kind], columns=_columns(kind), path=f"/console{_path(visit)}", most=roster.MOST_ROWS,
    )  # fmt: skip


def _job(visit: Visit) -> Job | None:
    return visit.console.imports.find(visit.request.match_info["token"], visit.staff.id, _about(visit))


def _about(visit: Visit) -> str:
    return f"{visit.request.match_info['kind']}:{visit.id()}"


def _path(visit: Visit) -> str:
    return f"/campaigns/{visit.id()}/{visit.request.match_info['kind']}"


def _is_roster(visit: Visit) -> bool:
    return visit.request.match_info["kind"] == "roster"


def _columns(kind: str) -> Sequence[str]:
    return roster.COLUMNS if kind == "roster" else certification_results.COLUMNS


def _cells(line: Line, columns: Sequence[str]) -> list[str]:
    return [line.cell(column) or "" for column in columns]
