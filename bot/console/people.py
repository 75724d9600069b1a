"""Staff find whom we serve: in a masked list, by a whole name or phone, or among those who have no record yet."""

from aiohttp import web

from bot.console.case_words import CHANNELS
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import person_file, person_search, strangers
from services.person_cards import CATEGORIES, Card
from services.person_search import Wanted

routes = Routes()


@routes.get("/people", "people")
async def listing(visit: Visit) -> web.Response:
    """List the newest records, narrowed to what was chosen."""
    query = visit.request.query
    wanted = Wanted(
        query.get("region", "").strip(), query.get("category", ""), _number(query.get("station", "")),
        query.get("channel", ""),
    )  # fmt: skip
    async with visit.console.database.transaction() as db:
        cards, more = await person_search.page(
            db, visit.console.vault, visit.staff, wanted, _number(query.get("before", ""))
        )
        stations = await person_file.stations(db)
        narrowed = [name for name in ("region", "category", "station", "channel") if query.get(name)]
        await visit.record(db, "people_listed", "person:list", by=narrowed, shown=len(cards))
    following = visit.request.rel_url.update_query(before=str(more)).query_string if more else ""
    return visit.render(
        "people.html", cards=cards, following=following, stations=stations, categories=CATEGORIES, wanted=wanted,
        channels=CHANNELS,
    )  # fmt: skip


@routes.post("/people/find", "people")
async def find(visit: Visit) -> web.Response:
    """Find by a whole name or phone, which is posted so that it stands in no address and no log."""
    words, address_id = visit.form.get("words"), visit.form.number("address")
    cards: list[Card] = []
    refusal = ""
    try:
        async with visit.console.database.transaction() as db:
            cards = await person_search.find(db, visit.console.vault, visit.staff, words)
            by = "phone" if any(map(str.isdigit, words)) else "name"
            await visit.record(db, "people_searched", "person:list", by=by, shown=len(cards))
    except Refusal as refused:
        refusal = str(refused)
    return visit.render(
        "people_found.html", status=422 if refusal else 200, refusal=refusal, cards=cards, words=words,
        address_id=address_id, channels=CHANNELS,
    )  # fmt: skip


@routes.get("/people/strangers", "people")
async def without_record(visit: Visit) -> web.Response:
    """List accounts that have a case but no record."""
    async with visit.console.database.snapshot() as db:
        found = await strangers.strangers(db, visit.staff)
    return visit.render("people_strangers.html", strangers=found, channels=CHANNELS)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
