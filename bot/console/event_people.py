"""Who comes to an event and who waits: masked on the screen, in full on paper, signed up and cancelled for those who call."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import event_words
from bot.console.download import give
from bot.console.event_words import span
from bot.console.events import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import event_list, event_people, event_places, events, person_search
from services.event_list import SignUp
from services.event_people import COLUMNS, Line
from services.masks import read_name, read_phone
from services.person_cards import Card
from services.table import write_table
from services.who import BY_STAFF, Who

routes = Routes()


@routes.get(f"{ONE}/people", "people")
async def listing(visit: Visit) -> web.Response:
    """Show who signed up."""
    return await _page(visit)


async def _page(
    visit: Visit, refusal: str = "", *, words: str = "", cards: Sequence[Card] | None = None
) -> web.Response:
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
        lines = _wanted(visit, await event_people.lines(db, visit.console.vault, visit.staff, event.id))
    await _record(visit, "event_people_listed", shown=len(lines))
    return visit.render(
        "event_people.html", status=422 if refusal else 200, refusal=refusal, event=event, words=words, cards=cards,
        coming=[line for line in lines if line.position is None], waiting=[line for line in lines if line.position],
        span=span(event.starts_at, event.ends_at), over=event.ends_at <= visit.now,
        call=_call(visit),
    )  # fmt: skip


@routes.post(f"{ONE}/people/find", "people")
async def find(visit: Visit) -> web.Response:
    """Find whom to sign up, by a whole name or phone."""
    words = visit.form.get("words")
    try:
        async with visit.console.database.transaction() as db:
            cards = await person_search.find(db, visit.console.vault, visit.staff, words)
            await visit.record(db, "people_searched", "person:list", by="event", shown=len(cards))
    except Refusal as refusal:
        return await _page(visit, str(refusal), words=words)
    return await _page(visit, words=words, cards=cards)


@routes.post(f"{ONE}/people/sign-up", "people")
async def sign_up(visit: Visit) -> web.Response:
    """Sign somebody up who has a record, or whose name and phone are typed."""
    try:
        async with visit.console.database.transaction() as db:
            one = await _sign_up(db, visit)
            detail = {"person": one.row.person_id, "status": one.row.status}
            await visit.record(db, "event_signed_up", f"event_sign_up:{one.row.id}", event=visit.id(), **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal), words=visit.form.get("words"))
    said = event_words.WAITING if one.row.status == "waiting" else event_words.SIGNED_UP
    return _back(visit, said.format(code=one.row.code, position=one.position))


async def _sign_up(db: AsyncSession, visit: Visit) -> SignUp:
    person_id = visit.form.number("person")
    if person_id is not None:
        await person_search.person_of(db, visit.staff, person_id)
        who = Who(person_id=person_id, made_by=BY_STAFF)
    else:
        name, phone = read_name(visit.form.get("name")), read_phone(visit.form.get("phone"))
        who = Who(name=name, phone=phone, made_by=BY_STAFF)
    return await event_places.sign_up(db, visit.console.vault, visit.id(), who, visit.now)


@routes.post(f"{ONE}/people/cancel", "people")
async def cancel(visit: Visit) -> web.Response:
    """Cancel somebody's place, who is told why; the first who waits gets it."""
    reason = " ".join(visit.form.get("reason").split())
    if not reason or len(reason) > events.LONGEST_REASON:
        return await _page(visit, events.NO_REASON)
    sign_up_id = visit.form.number("sign_up") or 0
    try:
        async with visit.console.database.transaction() as db:
            await event_people.check_seen(db, visit.staff, visit.id(), sign_up_id)
            gone, risen = await event_places.cancel(db, sign_up_id, visit.now, reason=reason)
            detail = {"person": gone.row.person_id, "moved_up": [one.row.id for one in risen]}
            await visit.record(db, "event_place_cancelled", f"event_sign_up:{gone.row.id}", event=visit.id(), **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    said = event_words.PLACE_CANCELLED.format(code=gone.row.code)
    if risen:
        said += event_words.MOVED_UP.format(count=len(risen))
    return _back(visit, said)


@routes.get(f"{ONE}/print", "people")
async def print_list(visit: Visit) -> web.Response:
    """Show everybody in full, to be printed."""
    title, lines = await _in_full(visit)
    await _record(visit, "event_printed", rows=len(lines))
    return visit.render("exam_print.html", title=title, columns=COLUMNS, rows=event_people.table(lines))


@routes.get(f"{ONE}/export.{{suffix:xlsx|csv}}", "people")
async def export(visit: Visit) -> web.Response:
    """Give everybody in full as a file."""
    title, lines = await _in_full(visit)
    await _record(visit, "event_exported", rows=len(lines))
    suffix = visit.request.match_info["suffix"]
    content = await asyncio.to_thread(write_table, COLUMNS, event_people.table(lines), xlsx=suffix == "xlsx")
    return give(event_words.LIST_NAME.format(title=title, suffix=suffix), content)


async def _in_full(visit: Visit) -> tuple[str, list[Line]]:
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
        lines = await event_people.lines(db, visit.console.vault, visit.staff, event.id, full=True)
    return event.title, _wanted(visit, lines)


def _wanted(visit: Visit, lines: list[Line]) -> list[Line]:
    """Return all, or only those who must be telephoned because no message reaches them by itself."""
    return [line for line in lines if not line.told] if _call(visit) else lines


def _call(visit: Visit) -> bool:
    return visit.request.query.get("call") == "1"


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect(f"/console/events/{visit.id()}/people", notice)


async def _record(visit: Visit, action: str, **detail: Any) -> None:
    async with visit.console.database.transaction() as db:
        await visit.record(db, action, f"event:{visit.id()}", **detail)
