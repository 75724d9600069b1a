"""Drafts of new entries are looked over here, given their source, and taken out for the knowledge."""

from typing import Any

from aiohttp import web

from bot.console import texts
from bot.console.download import give
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from knowledge.exchange import drawn
from services import draft_entries, drafts

_ONE = r"/drafts/{id:\d{1,18}}"
_NOTICES = {"review": texts.SAVED, "done": texts.DRAFT_DONE, "dropped": texts.DRAFT_DROPPED}

routes = Routes()


@routes.get("/drafts", "drafts")
async def listing(visit: Visit) -> web.Response:
    """List the drafts of one status."""
    status = visit.request.query.get("status", "review")
    async with visit.console.database.snapshot() as db:
        found = await drafts.listing(db, visit.staff, status)
    return visit.render("drafts.html", drafts=found, chosen=status, statuses=drafts.STATUS_NAMES)


@routes.get("/drafts/done.yaml", "drafts")
async def export(visit: Visit) -> web.Response:
    """Give all finished drafts as one file in the knowledge format."""
    async with visit.console.database.transaction() as db:
        found = await drafts.listing(db, visit.staff, "done")
        if not found:
            raise Refusal(texts.NO_DRAFTS)
        rows = [draft_entries.entry_of(draft, code, visit.now) for draft, code in found]
        await visit.record(db, "drafts_exported", "faq_draft:done", rows=len(rows))
    return _file(rows)


@routes.get(rf"{_ONE}/entry.yaml", "drafts")
async def export_one(visit: Visit) -> web.Response:
    """Give one finished draft."""
    async with visit.console.database.transaction() as db:
        draft, code = await drafts.find(db, visit.staff, visit.id())
        row = draft_entries.entry_of(draft, code, visit.now)
        await visit.record(db, "drafts_exported", f"faq_draft:{draft.id}", rows=1)
    return _file([row])


@routes.get(_ONE, "drafts")
async def one(visit: Visit) -> web.Response:
    """Show one, to be changed."""
    return await _page(visit)


@routes.post(_ONE, "drafts")
async def change(visit: Visit) -> web.Response:
    """Save one, finish it, or lay it aside."""
    words = {name: visit.form.get(name) for name in ("question", "answer", "source")}
    status = visit.form.get("status")
    if status not in drafts.STATUS_NAMES:
        raise web.HTTPBadRequest
    try:
        async with visit.console.database.transaction() as db:
            await drafts.change(db, visit.staff, visit.id(), words, status)
            await visit.record(db, "draft_changed", f"faq_draft:{visit.id()}", status=status)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    path = f"/console/drafts/{visit.id()}" if status == "done" else "/console/drafts"
    return visit.redirect(path, _NOTICES[status])


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        draft, code = await drafts.find(db, visit.staff, visit.id())
    row = draft_entries.entry_of(draft, code, visit.now) if draft.status == "done" else None
    words: Any = (
        visit.form.fields if refusal else {name: getattr(draft, name) for name in ("question", "answer", "source")}
    )
    return visit.render(
        "draft.html", status=422 if refusal else 200, refusal=refusal, draft=draft, code=code, words=words,
        missing=draft_entries.missing(row) if row else [], statuses=drafts.STATUS_NAMES, longest=drafts.LONGEST,
    )  # fmt: skip


def _file(rows: list[dict[str, Any]]) -> web.Response:
    return give(texts.DRAFTS_FILE, (texts.DRAFTS_HEADER + drawn({"entries": rows})).encode())
