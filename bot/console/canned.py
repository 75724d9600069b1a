"""Staff keep the replies that they use often."""

from aiohttp import web

from bot.console import texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import canned

_ONE = r"/canned/{id:\d{1,18}}"

routes = Routes()


@routes.get("/canned", "drafts")
async def listing(visit: Visit) -> web.Response:
    """Show all, each to be changed in its place."""
    return await _page(visit)


@routes.post("/canned", "drafts")
async def add(visit: Visit) -> web.Response:
    """Add one."""
    try:
        async with visit.console.database.transaction() as db:
            added = await canned.add(db, visit.form.get("title"), visit.form.get("text"))
            await visit.record(db, "canned_added", f"canned_reply:{added.id}", title=added.title)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return _back(visit, texts.CANNED_ADDED)


@routes.post("/canned/defaults", "drafts")
async def put_in_defaults(visit: Visit) -> web.Response:
    """Put in the shipped ones that are not there."""
    async with visit.console.database.transaction() as db:
        count = await canned.put_in_defaults(db)
        await visit.record(db, "canned_defaults", "canned_reply:all", count=count)
    return _back(visit, texts.DEFAULTS_IN.format(count=count))


@routes.post(_ONE, "drafts")
async def change(visit: Visit) -> web.Response:
    """Change one."""
    try:
        async with visit.console.database.transaction() as db:
            changed = await canned.change(db, visit.id(), visit.form.get("title"), visit.form.get("text"))
            await visit.record(db, "canned_changed", f"canned_reply:{changed.id}", title=changed.title)
    except Refusal as refusal:
        return await _page(visit, str(refusal), visit.id())
    return _back(visit, texts.SAVED)


@routes.post(f"{_ONE}/remove", "drafts")
async def remove(visit: Visit) -> web.Response:
    """Delete one."""
    async with visit.console.database.transaction() as db:
        removed = await canned.remove(db, visit.id())
        await visit.record(db, "canned_removed", f"canned_reply:{removed.id}", title=removed.title)
    return _back(visit, texts.CANNED_REMOVED.format(title=removed.title))


async def _page(visit: Visit, refusal: str = "", refused_id: int | None = None) -> web.Response:
    """Show all; what was refused stands in the form it was typed into."""
    async with visit.console.database.snapshot() as db:
        replies = await canned.everything(db)
    defaults_left = not set(canned.DEFAULTS) <= {reply.title for reply in replies}
    return visit.render(
        "canned.html", status=422 if refusal else 200, refusal=refusal, refused_id=refused_id, replies=replies,
        blanks=canned.BLANKS, defaults_left=defaults_left,
    )  # fmt: skip


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect("/console/canned", notice)
