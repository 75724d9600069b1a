"""Staff bind accounts to records: they decide what was asked in the chat, and print codes on paper."""

from aiohttp import web

from bot.console import texts
from bot.console.case_words import CHANNELS
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE, DELIVER
from core.errors import Refusal
from handlers import account_notices
from services import binding_requests, binding_slips
from services.binding_slips import Slip
from services.bindings import VALID_FOR

_PAGE = "/console/people/bindings"

routes = Routes()


@routes.get("/people/bindings", "people")
async def waiting(visit: Visit) -> web.Response:
    """Show what was asked, with the records it may mean, and the form that prints a village."""
    return await _show(visit)


@routes.post(r"/people/bindings/{id:\d{1,18}}/accept", "people")
async def accept(visit: Visit) -> web.Response:
    """Bind the account that asked to the record that was chosen, and tell."""
    person_id = visit.form.number("person") or 0
    try:
        async with visit.console.database.transaction() as db:
            request = await binding_requests.accept(db, visit.staff, visit.id(), person_id, visit.now)
            await account_notices.tell_decided(db, visit.console.vault, request, visit.now)
            await visit.record(db, "binding_accepted", f"person:{person_id}", address=request.address_id)
    except Refusal as refusal:
        return await _show(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, CONSOLE])
    return visit.redirect(_PAGE, texts.BINDING_ACCEPTED)


@routes.post(r"/people/bindings/{id:\d{1,18}}/refuse", "people")
async def refuse(visit: Visit) -> web.Response:
    """Say no, and tell how it is done at the counter."""
    try:
        async with visit.console.database.transaction() as db:
            request = await binding_requests.refuse(db, visit.staff, visit.id(), visit.now)
            await account_notices.tell_decided(db, visit.console.vault, request, visit.now)
            await visit.record(db, "binding_refused", f"binding_request:{request.id}", address=request.address_id)
    except Refusal as refusal:
        return await _show(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, CONSOLE])
    return visit.redirect(_PAGE, texts.BINDING_REFUSED)


@routes.post("/people/bindings/print", "people")
async def print_village(visit: Visit) -> web.Response:
    """Make and show the slips of a village; a code is shown this once."""
    village = visit.form.number("village") or 0
    try:
        async with visit.console.database.transaction() as db:
            slips = await binding_slips.of_village(db, visit.console.vault, visit.staff, village, visit.now)
            await visit.record(db, "binding_printed", f"village:{village}", count=len(slips))
    except Refusal as refusal:
        return await _show(visit, str(refusal))
    return _slips(visit, slips)


@routes.post(r"/people/{id:\d{1,18}}/code", "people")
async def print_one(visit: Visit) -> web.Response:
    """Make and show the slip of one person."""
    async with visit.console.database.transaction() as db:
        slip = await binding_slips.of_person(db, visit.console.vault, visit.staff, visit.id(), visit.now)
        await visit.record(db, "binding_printed", f"person:{visit.id()}", count=1)
    return _slips(visit, [slip])


async def _show(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.transaction() as db:
        asked = await binding_requests.waiting(db, visit.console.vault, visit.staff)
        villages = await binding_slips.villages(db)
        await visit.record(db, "bindings_viewed", "binding_request:list", shown=len(asked))
    return visit.render(
        "bindings.html", status=422 if refusal else 200, refusal=refusal, asked=asked, villages=villages,
        channels=CHANNELS, most=binding_slips.MOST,
    )  # fmt: skip


def _slips(visit: Visit, slips: list[Slip]) -> web.Response:
    return visit.render("binding_slips.html", slips=slips, until=visit.now + VALID_FOR)
