"""Who came, as the hospital's table has it: shown row by row first, then, once confirmed, written."""

import asyncio
from typing import Any

from aiohttp import web

from bot.console import exam_words, texts
from bot.console.exams import ONE
from bot.console.place_import import seal, unseal
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import attendance, exams
from services.table import Table

routes = Routes()


@routes.get(f"{ONE}/attendance", "exams")
async def ask(visit: Visit) -> web.Response:
    """Ask for a file."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "", **context: Any) -> web.Response:
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
    shared = {"batch": batch, "columns": attendance.COLUMNS, "report": None, "refusal": refusal}
    return visit.render("exam_attendance.html", status=422 if refusal else 200, **(shared | context))


@routes.post(f"{ONE}/attendance", "exams")
async def try_out(visit: Visit) -> web.Response:
    """Show what a file would change; nothing is written."""
    try:
        table = await _read_upload(visit)
        sealed = seal(visit, table)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    async with visit.console.database.snapshot() as db:
        report = await attendance.bring(
            db, visit.console.vault, visit.staff, visit.id(), table, visit.now, write=False
        )  # fmt: skip
    found = {fate: [line for line in report.lines if line.fate == fate] for fate in ("changed", "bad")}
    return await _page(visit, report=report, good=found["changed"], bad=found["bad"], sealed=sealed)


async def _read_upload(visit: Visit) -> Table:
    uploads = visit.form.uploads("file")
    if not uploads:
        raise Refusal(texts.NO_FILE)
    if uploads[0].data is None:
        raise Refusal(texts.FILE_TOO_LARGE)
    return await asyncio.to_thread(attendance.read, uploads[0].data)


@routes.post(f"{ONE}/attendance/confirmed", "exams")
async def write(visit: Visit) -> web.Response:
    """Write the rows that were shown."""
    try:
        table = unseal(visit)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    async with visit.console.database.transaction() as db:
        report = await attendance.bring(db, visit.console.vault, visit.staff, visit.id(), table, visit.now, write=True)
        counts = {"changed": report.count("changed"), "bad": report.count("bad")}
        await visit.record(db, "exam_attendance_imported", f"exam_batch:{visit.id()}", **counts)
    return visit.redirect(f"/console/exams/{visit.id()}/places", exam_words.IMPORTED.format(**counts))
