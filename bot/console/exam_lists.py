"""Who has a place: masked on the screen, in full on paper and in a file, each look recorded."""

import asyncio
from typing import Any

from aiohttp import web

from bot.console import exam_words
from bot.console.download import give
from bot.console.exams import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from handlers.exam_screens import when
from services import exam_lists, exam_places, exams
from services.exam_lists import COLUMNS, Line
from services.table import write_table

SESSION = r"/exams/sessions/{id:\d{1,18}}"

routes = Routes()


@routes.get(f"{ONE}/places", "exams")
async def places(visit: Visit) -> web.Response:
    """Show everybody of a batch, masked."""
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
        lines = await exam_lists.lines(db, visit.console.vault, visit.staff, batch_id=batch.id)
    await _record(visit, "exam_listed", f"exam_batch:{batch.id}", shown=len(lines))
    return visit.render("exam_places.html", batch=batch, lines=lines, when=when, came=exam_words.CAME)


@routes.get(f"{ONE}/print", "exams")
async def print_batch(visit: Visit) -> web.Response:
    """Show everybody of a batch in full, to be printed."""
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
        lines = await exam_lists.lines(db, visit.console.vault, visit.staff, batch_id=batch.id, full=True)
    return await _paper(visit, batch.title, lines, f"exam_batch:{batch.id}")


@routes.get(f"{SESSION}/print", "exams")
async def print_session(visit: Visit) -> web.Response:
    """Show everybody of a session in full, to be printed."""
    async with visit.console.database.snapshot() as db:
        session = await exam_places.session_of(db, visit.id())
        batch = await exams.batch_of(db, session.batch_id)
        lines = await exam_lists.lines(db, visit.console.vault, visit.staff, session_id=session.id, full=True)
    return await _paper(visit, f"{batch.title} {when(session)}", lines, f"exam_session:{session.id}")


async def _paper(visit: Visit, title: str, lines: list[Line], object_: str) -> web.Response:
    await _record(visit, "exam_printed", object_, rows=len(lines))
    return visit.render("exam_print.html", title=title, columns=COLUMNS, rows=exam_lists.table(lines, when))


@routes.get(f"{ONE}/export.{{suffix:xlsx|csv}}", "exams")
async def export(visit: Visit) -> web.Response:
    """Give everybody of a batch as a file; with attendance filled in, it can be imported again."""
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
        lines = await exam_lists.lines(db, visit.console.vault, visit.staff, batch_id=batch.id, full=True)
    await _record(visit, "exam_exported", f"exam_batch:{batch.id}", rows=len(lines))
    suffix = visit.request.match_info["suffix"]
    content = await asyncio.to_thread(write_table, COLUMNS, exam_lists.table(lines, when), xlsx=suffix == "xlsx")
    return give(exam_words.LIST_NAME.format(title=batch.title, suffix=suffix), content)


async def _record(visit: Visit, action: str, object_: str, **detail: Any) -> None:
    async with visit.console.database.transaction() as db:
        await visit.record(db, action, object_, **detail)
