"""One record: made, shown masked, opened for one look by a logged act, and changed."""

from aiohttp import web

from bot.console import texts
from bot.console.case_words import CHANNELS, KINDS, OUTCOMES
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import person_cards, person_family, person_file, person_records, person_search, strangers
from services.person_records import Sheet
from services.proxies import RELATIONS

_ONE = r"/people/{id:\d{1,18}}"
_LONGEST_REASON = 200

routes = Routes()


@routes.get("/people/new", "people")
async def ask(visit: Visit) -> web.Response:
    """Ask for the record of an account."""
    address = visit.request.query.get("address", "")
    return await _new(visit, int(address) if address.isascii() and address.isdigit() and len(address) < 19 else 0)


@routes.post("/people/new", "people")
async def make(visit: Visit) -> web.Response:
    """Make the record of an account."""
    address_id = visit.form.number("address") or 0
    try:
        async with visit.console.database.transaction() as db:
            person = await person_records.create(
                db, visit.console.vault, visit.staff, address_id, _sheet(visit), visit.now
            )
            await visit.record(db, "person_made", f"person:{person.id}", address=address_id)
    except Refusal as refusal:
        return await _new(visit, address_id, str(refusal))
    return visit.redirect(f"/console/people/{person.id}", texts.PERSON_MADE)


@routes.get(_ONE, "people")
async def one(visit: Visit) -> web.Response:
    """Show a record, masked."""
    return await show(visit)


@routes.post(_ONE, "people")
async def change(visit: Visit) -> web.Response:
    """Change a record; the audit names the fields, never what stands in them."""
    try:
        async with visit.console.database.transaction() as db:
            fields = await person_records.change(
                db, visit.console.vault, visit.staff, visit.id(), _sheet(visit),
                drop_phone=visit.form.get("drop_phone") == "yes",
            )  # fmt: skip
            if fields:
                await visit.record(db, "person_changed", f"person:{visit.id()}", fields=fields)
    except Refusal as refusal:
        return await show(visit, refusal=str(refusal))
    return visit.redirect(f"/console/people/{visit.id()}", texts.SAVED)


@routes.post(f"{_ONE}/reveal", "people")
async def reveal(visit: Visit) -> web.Response:
    """Show name and phone in full, in this answer only."""
    return await show(visit, reveal=True)


async def show(visit: Visit, *, refusal: str = "", reveal: bool = False) -> web.Response:
    """Show a record; each look is recorded, a look behind the mask as such, with the reason that was given."""
    vault, full = visit.console.vault, None
    async with visit.console.database.transaction() as db:
        file = await person_file.read(db, vault, visit.staff, visit.id())
        stations, regions = await person_file.stations(db), await person_search.regions(db)
        family = await person_family.read(db, vault, visit.id(), visit.now)
        if reveal:
            full = person_cards.opened(vault, await person_search.person_of(db, visit.staff, visit.id()))
            reason = visit.form.get("reason")[:_LONGEST_REASON]
            await visit.record(db, "person_revealed", f"person:{visit.id()}", reason=reason)
        else:
            await visit.record(db, "person_viewed", f"person:{visit.id()}")
    return visit.render(
        "person.html", status=422 if refusal else 200, refusal=refusal, file=file, card=file.card, full=full,
        sheet=_sheet(visit) if refusal else Sheet("", "", file.card.region, file.card.categories, file.card.station_id),
        stations=stations, regions=regions, categories=person_cards.CATEGORIES, channels=CHANNELS,
        kinds=KINDS, outcomes=OUTCOMES, family=family, relations=RELATIONS,
    )  # fmt: skip


def _sheet(visit: Visit) -> Sheet:
    form = visit.form
    return Sheet(
        form.get("name"), form.get("phone"), form.get("region"), form.all("category"), form.number("station_id")
    )


async def _new(visit: Visit, address_id: int, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        address = await strangers.look(db, visit.staff, address_id)
        stations, regions = await person_file.stations(db), await person_search.regions(db)
    return visit.render(
        "person_new.html", status=422 if refusal else 200, refusal=refusal, address=address, sheet=_sheet(visit),
        stations=stations, regions=regions, categories=person_cards.CATEGORIES, channels=CHANNELS,
    )  # fmt: skip
