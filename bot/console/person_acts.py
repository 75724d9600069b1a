"""Accounts are put to the right person, taken off the wrong one, and two records of one person become one."""

from aiohttp import web

from bot.console import texts
from bot.console.person import show
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import person_records

_ONE = r"/people/{id:\d{1,18}}"

routes = Routes()


@routes.post(f"{_ONE}/link", "people")
async def link(visit: Visit) -> web.Response:
    """Put an account without a record to this one."""
    address_id = visit.form.number("address") or 0
    async with visit.console.database.transaction() as db:
        await person_records.link(db, visit.staff, address_id, visit.id())
        await visit.record(db, "person_linked", f"person:{visit.id()}", address=address_id)
    return _back(visit, texts.PERSON_LINKED)


@routes.post(f"{_ONE}/unlink", "people")
async def unlink(visit: Visit) -> web.Response:
    """Take an account off this record."""
    address_id = visit.form.number("address") or 0
    async with visit.console.database.transaction() as db:
        await person_records.unlink(db, visit.staff, visit.id(), address_id, visit.now)
        await visit.record(db, "person_unlinked", f"person:{visit.id()}", address=address_id)
    return _back(visit, texts.PERSON_UNLINKED)


@routes.post(f"{_ONE}/join", "people")
async def join(visit: Visit) -> web.Response:
    """Take another record into this one."""
    other = visit.form.number("other") or 0
    try:
        async with visit.console.database.transaction() as db:
            filled = await person_records.join(db, visit.staff, visit.id(), other, visit.now)
            await visit.record(db, "person_joined", f"person:{visit.id()}", other=f"person:{other}", filled=filled)
    except Refusal as refusal:
        return await show(visit, refusal=str(refusal))
    return _back(visit, texts.PERSON_JOINED)


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect(f"/console/people/{visit.id()}", notice)
