"""Staff prepare batches of examinations and recuperation: for whom, where, until when, and open them for signing up."""

from datetime import date
from typing import Any

from aiohttp import web

from bot.console import exam_words, texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from db.exams import ExamBatch
from handlers.exam_screens import when
from services import exam_lists, exam_sessions, exams
from services.exams import BatchSheet
from services.person_cards import CATEGORIES

ONE = r"/exams/{id:\d{1,18}}"

routes = Routes()


@routes.get("/exams", "exams")
async def listing(visit: Visit) -> web.Response:
    """List all batches with their numbers."""
    async with visit.console.database.snapshot() as db:
        found = await exam_lists.overview(db)
    return visit.render("exams.html", found=found, kinds=exam_words.KINDS, statuses=exam_words.STATUSES)


@routes.get("/exams/new", "exam_plans")
async def ask(visit: Visit) -> web.Response:
    """Ask for a new batch."""
    return _form(visit, BatchSheet("exam", "", "", "", "", "", (), None))


@routes.post("/exams/new", "exam_plans")
async def make(visit: Visit) -> web.Response:
    """Make a batch."""
    sheet = _sheet(visit)
    try:
        async with visit.console.database.transaction() as db:
            batch = await exams.create(db, visit.staff, sheet, visit.now)
            await visit.record(db, "exam_made", f"exam_batch:{batch.id}", title=batch.title)
    except Refusal as refusal:
        return _form(visit, sheet, refusal=str(refusal))
    return visit.redirect(f"/console/exams/{batch.id}", exam_words.MADE)


@routes.get(f"{ONE}/edit", "exam_plans")
async def edit(visit: Visit) -> web.Response:
    """Show a batch to be changed."""
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
    return _form(visit, batch, batch=batch)


@routes.post(f"{ONE}/edit", "exam_plans")
async def change(visit: Visit) -> web.Response:
    """Change a batch; whoever has a place reads the new words from then on."""
    sheet = _sheet(visit)
    try:
        async with visit.console.database.transaction() as db:
            batch = await exams.change(db, visit.id(), sheet)
            await visit.record(db, "exam_changed", f"exam_batch:{batch.id}", title=batch.title)
    except Refusal as refusal:
        async with visit.console.database.snapshot() as db:
            batch = await exams.batch_of(db, visit.id())
        return _form(visit, sheet, batch=batch, refusal=str(refusal))
    return visit.redirect(f"/console/exams/{batch.id}", texts.SAVED)


def _sheet(visit: Visit) -> BatchSheet:
    form = visit.form
    return BatchSheet(
        form.get("kind"), form.get("title"), form.get("place"), form.get("before"), form.get("bring"),
        form.get("phone"), form.all("category"), read_day(form.get("closes_on")),
    )  # fmt: skip


def _form(
    visit: Visit, sheet: BatchSheet | ExamBatch, *, batch: ExamBatch | None = None, refusal: str = ""
) -> web.Response:
    return visit.render(
        "exam_form.html", status=422 if refusal else 200, refusal=refusal, sheet=sheet, batch=batch,
        kinds=exam_words.KINDS, categories=CATEGORIES,
    )  # fmt: skip


@routes.get(ONE, "exams")
async def one(visit: Visit) -> web.Response:
    """Show a batch with its sessions."""
    return await show(visit)


async def show(visit: Visit, refusal: str = "") -> web.Response:
    """Show a batch; what was typed into a form that was refused stays in it."""
    async with visit.console.database.snapshot() as db:
        batch = await exams.batch_of(db, visit.id())
        sessions = await exam_sessions.sessions_of(db, batch.id)
    shared: dict[str, Any] = {"kinds": exam_words.KINDS, "statuses": exam_words.STATUSES, "when": when}
    return visit.render(
        "exam.html", status=422 if refusal else 200, refusal=refusal, batch=batch, sessions=sessions,
        capacity=sum(session.capacity for session in sessions), taken=sum(session.taken for session in sessions),
        today=visit.now.astimezone(CHINA).date(), **shared,
    )  # fmt: skip


@routes.post(f"{ONE}/{{how:open|close}}", "exam_plans")
async def set_open(visit: Visit) -> web.Response:
    """Open a batch for signing up, or close it."""
    opened = visit.request.match_info["how"] == "open"
    try:
        async with visit.console.database.transaction() as db:
            batch = await exams.set_open(db, visit.id(), opened=opened)
            await visit.record(db, "exam_opened" if opened else "exam_closed", f"exam_batch:{batch.id}")
    except Refusal as refusal:
        return await show(visit, str(refusal))
    return visit.redirect(f"/console/exams/{visit.id()}", exam_words.OPENED if opened else exam_words.CLOSED)


def read_day(text: str) -> date | None:
    """Return a day that a browser gives, None for nothing or for none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
