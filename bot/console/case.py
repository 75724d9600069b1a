"""The page of one case: who asked what, what was answered and arrived, and the place to answer."""

import asyncio
import json
import re
import secrets
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import case_words, texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from core.turn import Inbound
from db.cases import Petition, SupportCase
from db.people import Address, Person
from db.places import Station
from db.staff import Staff
from handlers.answer import render
from handlers.turn import Turn
from handlers.when import day_and_time
from knowledge.heard import Answer, Context
from services import canned, case_feed, case_handover, cases, home_visits, person_cards, petitions
from services.vault import BrokenSealError

_SUGGESTIONS = 4
_MOST_SHOWN = 10_000
_NONCE = re.compile(r"[\w-]{8}")
ONE = r"/cases/{id:\d{1,18}}"

routes = Routes()


@routes.get(ONE, "cases")
async def show(visit: Visit) -> web.Response:
    """Show a case; this is a view of personal data, each time."""
    try:
        return await page(visit)
    except Refusal as refusal:
        return visit.render("sentence.html", status=404, sentence=str(refusal))


@routes.post(f"{ONE}/visit", "cases")
async def reveal_visit(visit: Visit) -> web.Response:
    """Show whom to visit at home, and where, in full, in this answer only."""
    try:
        return await page(visit, full=True)
    except Refusal as refusal:
        return visit.render("sentence.html", status=404, sentence=str(refusal))


async def page(visit: Visit, refused: str = "", where: str = "", *, full: bool = False) -> web.Response:
    """Return the page; what was refused stands beside the form it was typed in, with the words still there."""
    case_id, database = visit.id(), visit.console.database
    async with database.transaction() as db:
        case = await case_feed.find_visible(db, visit.staff, case_id)
        await case_feed.mark_seen(db, visit.staff, case_id, visit.now)
        looked = "case_visit_revealed" if full else "case_viewed"
        await visit.record(db, looked, f"case:{case_id}", code=case.code)
    async with database.snapshot() as db:
        shown = await _live(visit, db, case) | await _still(visit, db, case)
        hosts = await home_visits.of_case(db, visit.console.vault, case_id)
    status = 422 if refused else 200
    shown |= {"hosts": hosts if full else [home_visits.masked(host) for host in hosts], "full": full}
    return visit.render("case.html", status=status, refused=refused, where=where, nonce=nonce(visit), **shown)


def nonce(visit: Visit) -> str:
    """Return the mark of a form by which a double click counts once; one refused may be sent again."""
    posted = visit.form.get("nonce")
    return posted if _NONCE.fullmatch(posted) else secrets.token_urlsafe(6)


@routes.get(f"{ONE}/parts", "cases", quiet=True)
async def parts(visit: Visit) -> web.Response:
    """Give what changes by itself anew to the page that was opened, and noted, before."""
    case_id = visit.id()
    _check_opened(visit, case_id)
    async with visit.console.database.snapshot() as db:
        case = await case_feed.find_visible(db, visit.staff, case_id)
        shown = await _live(visit, db, case)
    if visit.request.query.get("seen"):
        async with visit.console.database.transaction() as db:
            await case_feed.mark_seen(db, visit.staff, case_id, visit.now)
    return visit.render("case_parts.html", **shown)


@routes.get(f"{ONE}/suggestions", "cases", quiet=True)
async def suggestions(visit: Visit) -> web.Response:
    """Offer entries that may answer what the person wrote last, as curated, with their source."""
    case_id = visit.id()
    _check_opened(visit, case_id)
    snapshot = visit.console.library.snapshot
    async with visit.console.database.snapshot() as db:
        case = await case_feed.find_visible(db, visit.staff, case_id)
        question = (await case_feed.read_feed(db, case)).last_question or case.question
        heard = await asyncio.to_thread(snapshot.hear, question, Context())
        inbound = Inbound("console", "", "", "text", question)
        turn: Turn = Turn(db=db, now=visit.now, inbound=inbound, heard=heard, address_id=case.address_id)
        offered = [*heard.answers, *(Answer(entry, 0) for entry in heard.near)]
        found = {answer.entry.question: render(turn, answer) for answer in offered[:_SUGGESTIONS]}
    return visit.render("case_suggestions.html", found=found, question=question)


async def _live(visit: Visit, db: AsyncSession, case: SupportCase) -> dict[str, Any]:
    """Read what a page that stays open must show anew."""
    asked = visit.request.query.get("shown", "")
    shown = min(int(asked), _MOST_SHOWN) if asked.isascii() and asked.isdigit() else case_feed.SHOWN
    holder = await db.get(Staff, case.claimed_by) if case.claimed_by else None
    station = await db.get(Station, case.station_id) if case.station_id else None
    petition = await db.get(Petition, case.id) if case.kind == "petition" else None
    address = await db.get_one(Address, case.address_id)
    return case_words.shared() | {
        "case": case, "holder": holder, "station": station, "petition": petition, "account": address,
        "clocks": petitions.clocks(petition, visit.now) if petition else [],
        "feed": await case_feed.read_feed(db, case, max(shown, 1)), "now": visit.now, "due": day_and_time,
        "targets": await case_handover.targets_of(db, case),
        "taken": _is_anothers(case, visit), "reopen_days": cases.REOPEN_DAYS,
    }  # fmt: skip


async def _still(visit: Visit, db: AsyncSession, case: SupportCase) -> dict[str, Any]:
    """Read what only opening the page shows."""
    vault, entries = visit.console.vault, visit.console.library.snapshot.entries
    address = await db.get_one(Address, case.address_id)
    person = await db.get(Person, address.person_id) if address.person_id else None
    station = await db.get(Station, case.station_id) if case.station_id else None
    called, name = person_cards.called(vault, person), station.name if station else None
    replies = await canned.everything(db)
    return {
        "person": await person_cards.card(db, vault, person) if person else None,
        "before": await case_feed.read_before(db, case),
        "matches": [
            (match, entries[match.entry].question)
            for match in await case_feed.read_matches(db, case)
            if match.entry in entries
        ],
        "canned": [(reply.title, canned.fill(reply.text, called, case.code, name)) for reply in replies],
        "opened": visit.console.vault.encrypt(json.dumps([visit.csrf, case.id])),
    }  # fmt: skip


def _is_anothers(case: SupportCase, visit: Visit) -> bool:
    """Tell whether a colleague has the case, and for how long is not over."""
    held = case.claimed_until is not None and case.claimed_until > visit.now
    return held and case.claimed_by not in (None, visit.staff.id)


def _check_opened(visit: Visit, case_id: int) -> None:
    """Let in only a page whose opening was recorded: without it a case could be read unseen."""
    try:
        opened = json.loads(visit.console.vault.decrypt(visit.request.query.get("opened", "")))
    except BrokenSealError:
        opened = None
    if opened != [visit.csrf, case_id]:
        raise web.HTTPForbidden(text=texts.NO_RIGHT)
