"""Staff see all broadcasts, and write one."""

from aiohttp import web
from sqlalchemy import select

from bot.console import broadcast_form, broadcast_words, texts
from bot.console.broadcast_form import Typed
from bot.console.message_looks import looks
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.places import Township
from services import broadcast_list, broadcast_text, broadcasts, person_file
from services.person_cards import CATEGORIES

_ONE = r"/broadcasts/{id:\d{1,18}}"

routes = Routes()


@routes.get("/broadcasts", "broadcasts")
async def listing(visit: Visit) -> web.Response:
    """List the newest."""
    async with visit.console.database.snapshot() as db:
        rows = await broadcast_list.newest(db)
    return visit.render(
        "broadcasts.html", rows=rows, statuses=broadcast_words.STATUSES, approver=broadcasts.may_approve(visit.staff)
    )


@routes.get("/broadcasts/new", "broadcasts")
async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return await _form(visit, Typed())


@routes.post("/broadcasts/new", "broadcasts")
async def make(visit: Visit) -> web.Response:
    """Write a draft, or only show how it will look."""
    found = broadcast_form.typed(visit.form)
    if visit.form.get("act") == "preview":
        return await _form(visit, found, preview=True)
    try:
        async with visit.console.database.transaction() as db:
            made = await broadcasts.create(db, visit.staff, broadcast_form.read(found), visit.now)
            await visit.record(db, "broadcast_drafted", f"broadcast:{made.id}", title=made.title)
    except Refusal as refusal:
        return await _form(visit, found, str(refusal))
    return visit.redirect(f"/console/broadcasts/{made.id}", texts.SAVED)


@routes.get(f"{_ONE}/edit", "broadcasts")
async def edit(visit: Visit) -> web.Response:
    """Show the form of one."""
    async with visit.console.database.snapshot() as db:
        broadcast = await broadcasts.read(db, visit.id())
    return await _form(visit, broadcast_form.shown(broadcast))


@routes.post(f"{_ONE}/edit", "broadcasts")
async def change(visit: Visit) -> web.Response:
    """Change one; whatever was submitted is a draft again."""
    async with visit.console.database.snapshot() as db:
        known = broadcast_form.shown(await broadcasts.read(db, visit.id()))
    found = broadcast_form.typed(visit.form, known.failed_of)
    if visit.form.get("act") == "preview":
        return await _form(visit, found, preview=True)
    try:
        async with visit.console.database.transaction() as db:
            changed = await broadcasts.change(db, visit.staff, visit.id(), broadcast_form.read(found), visit.now)
            await visit.record(db, "broadcast_changed", f"broadcast:{changed.id}", title=changed.title)
    except Refusal as refusal:
        return await _form(visit, found, str(refusal))
    return visit.redirect(f"/console/broadcasts/{changed.id}", broadcast_words.BACK_TO_DRAFT)


async def _form(visit: Visit, found: Typed, refusal: str = "", *, preview: bool = False) -> web.Response:
    async with visit.console.database.snapshot() as db:
        stations = await person_file.stations(db)
        towns = (await db.scalars(select(Township).order_by(Township.name))).all()
    seen = broadcast_text.preview(found.title, found.body) if preview else None
    return visit.render(
        "broadcast_form.html", status=422 if refusal else 200, refusal=refusal, typed=found, towns=towns,
        stations=stations, categories=CATEGORIES, preview=seen, looks=looks(seen.text) if seen else [],
        longest=broadcast_text.LONGEST_BODY, action=visit.request.path,
    )  # fmt: skip
