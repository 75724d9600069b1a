"""The catalogue of preferential goods and services: search by words, browse by digits, report a refusal."""

import re

from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.guide import PAGE, page_number, paged, split_page
from handlers.turn import Turn, fill, visit
from knowledge.entry import NATIONWIDE, Offer
from knowledge.goods import Wish
from knowledge.heard import Heard
from services import offers as offer_reports

routes: Router[Heard] = Router()

_CODE = re.compile(r"\s*[A-Za-z\uff21-\uff3a\uff41-\uff5a]{1,3}[-\s]?\d{1,5}\s*")
"""What looks like an offer's code, known or not, in any width."""


def _categories(turn: Turn, page: int = 0, text: str = texts.CATEGORIES) -> None:
    names = turn.heard.snapshot.catalogue.categories(turn.heard.snapshot.day)
    visit(turn, "goods")
    turn.say(text, *paged([Choice(name, f"kind:{name}") for name in names], page, "goods"), replaces=True)


def _list(turn: Turn, wish: Wish, screen: str, page: int) -> None:
    snapshot = turn.heard.snapshot
    found = snapshot.catalogue.search(wish, snapshot.region, turn.heard.snapshot.day)
    if not found:
        turn.result.outcome = "none"
        _categories(turn, text=fill(turn, texts.NO_OFFERS))
        return
    visit(turn, screen)
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = [
        texts.OFFER_LINE.format(
            number=n, name=o.name, sample=texts.SAMPLE if o.sample else "", offer=o.offer, place=o.place
        )
        for n, o in enumerate(shown, 1)
    ]
    options = [Choice(o.name, f"offer:{o.code}") for o in found]
    text = texts.OFFERS.format(count=len(found)) + "\n" + "\n".join(lines)
    turn.say(text, *paged(options, page, screen), replaces=True)


@routes.action("goods")
async def browse(turn: Turn) -> None:
    """Show the categories."""
    turn.result.journey, turn.result.outcome = "goods", "answer"
    _categories(turn, page_number(turn.argument))


@routes.action("kind")
async def category(turn: Turn) -> None:
    """Show the offers of a category."""
    turn.result.journey, turn.result.outcome = "goods", "answer"
    name, page = split_page(turn.argument)
    _list(turn, Wish((name,), None, None, ""), f"kind:{name}", page)


@routes.action("found")
async def found_again(turn: Turn) -> None:
    """Show another page of the last search."""
    turn.result.journey, turn.result.outcome = "goods", "answer"
    snapshot = turn.heard.snapshot
    words = turn.data.get("sought", "")
    wish = snapshot.catalogue.wish(words, snapshot.places.find(words))
    _list(turn, wish, "found", page_number(turn.argument))


@routes.text(lambda turn: bool(_CODE.fullmatch(turn.heard.text)))
async def by_code(turn: Turn) -> None:
    """Show the offer whose code was typed."""
    _one(turn, turn.heard.text)


@routes.text(lambda turn: turn.heard.journey == "goods")
async def search(turn: Turn) -> None:
    """Search the catalogue by words, place, category and identity together."""
    turn.result.journey, turn.result.outcome, turn.result.score = "goods", "answer", turn.heard.score
    turn.data.pop("missed", None)
    turn.data["sought"] = turn.heard.text
    wish = turn.heard.snapshot.catalogue.wish(turn.heard.text, turn.heard.place)
    if wish.categories or wish.place:
        _list(turn, wish, "found", 0)
    else:
        _categories(turn)


@routes.action("offer")
async def one(turn: Turn) -> None:
    """Show one offer."""
    _one(turn, turn.argument)


def _one(turn: Turn, code: str) -> None:
    turn.result.journey, turn.result.outcome = "goods", "answer"
    offer = turn.heard.snapshot.catalogue.find(code)
    if offer is None or not offer.valid_on(turn.heard.snapshot.day):
        _categories(turn, text=texts.OFFER_GONE)
    else:
        _show(turn, offer)


def _show(turn: Turn, offer: Offer) -> None:
    turn.result.journey, turn.result.outcome, turn.result.entry = "goods", "answer", offer.code
    visit(turn, f"offer:{offer.code}")
    where = "".join(filter(None, ("" if offer.place == NATIONWIDE and offer.address else offer.place, offer.address)))
    lines = [
        texts.OFFER.format(
            name=offer.name, sample=texts.SAMPLE if offer.sample else "", offer=offer.offer, who=offer.who, where=where
        )
    ]
    if offer.batch:
        lines.append(texts.OFFER_BATCH.format(batch=offer.batch))
    if offer.valid_from or offer.valid_to:
        lines.append(
            texts.OFFER_DATES.format(dates=f"{offer.valid_from or ''} 至 {offer.valid_to or '另行通知'}".strip())
        )
    lines.append(texts.OFFER_CHECKED.format(day=offer.checked_on or texts.NOT_CHECKED))
    if offer.note:
        lines.append(texts.NOTE + offer.note)
    if offer.source:
        lines.append(texts.SOURCE + offer.source)
    lines.append(texts.OFFER_CODE.format(code=offer.code))
    turn.say(
        "\n".join(lines), Choice(texts.REFUSED_CHOICE, f"refused:{offer.code}"), texts.PERSON_CHOICE, texts.BACK_CHOICE
    )


@routes.action("refused")
async def refused(turn: Turn) -> None:
    """Record that an offer was refused."""
    turn.result.journey, turn.result.outcome = "goods", "answer"
    offer = turn.heard.snapshot.catalogue.find(turn.argument)
    if offer is None:
        _categories(turn, text=texts.OFFER_GONE)
        return
    await offer_reports.report_refused(turn.db, offer.code, turn.address_id, turn.now)
    turn.say(fill(turn, texts.REFUSED, name=offer.name), texts.PERSON_CHOICE, texts.BACK_CHOICE)
