"""The day itself, at the door: whoever comes is ticked off by code, name or phone, and the number grows by itself."""

import unicodedata
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import event_words
from bot.console.event_words import span
from bot.console.events import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import event_arrivals, event_check_in, event_list, event_people
from services.event_people import Line
from services.masks import read_phone

_LAST = 6
"""Arrivals that stand beside the number."""
_SHORTEST_TAIL = 4

routes = Routes()


@routes.get(f"{ONE}/check-in", "people")
async def desk(visit: Visit) -> web.Response:
    """Show the desk at the door."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "", *, words: str = "", only: set[int] | None = None) -> web.Response:
    """Show the whole list, or only those that were looked for."""
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
        lines = await event_people.lines(db, visit.console.vault, visit.staff, event.id)
        live = await _live(db, visit)
    shown = [line for line in lines if only is None or line.row.id in only]
    async with visit.console.database.transaction() as db:
        await visit.record(db, "event_people_listed", f"event:{event.id}", by="check_in", shown=len(shown))
    return visit.render(
        "check_in.html", status=422 if refusal else 200, refusal=refusal, event=event, words=words, lines=shown,
        found=only is not None, span=span(event.starts_at, event.ends_at), opened=event_list.door_is_open(event, visit.now),
        **live,
    )  # fmt: skip


@routes.get(f"{ONE}/check-in/now", "people", quiet=True)
async def now(visit: Visit) -> web.Response:
    """Return the part of the desk that grows by itself."""
    async with visit.console.database.snapshot() as db:
        live = await _live(db, visit)
    return visit.render("check_in_now.html", **live)


async def _live(db: AsyncSession, visit: Visit) -> dict[str, Any]:
    came, signed = await event_check_in.count(db, visit.id())
    return {
        "came": came, "signed": signed, "last": await event_arrivals.last(db, visit.console.vault, visit.staff, visit.id(), _LAST),
    }  # fmt: skip


@routes.post(f"{ONE}/check-in/find", "people")
async def find(visit: Visit) -> web.Response:
    """Take a sign-up's code at once; look for whoever a name or the end of a phone belongs to."""
    words = visit.form.get("words")
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", words).upper() if sign.isalnum())
    async with visit.console.database.snapshot() as db:
        by_code = await event_people.coded(db, visit.id(), typed)
        lines = await event_people.lines(db, visit.console.vault, visit.staff, visit.id(), full=True)
    if len(by_code) == 1:
        return await _tick(visit, by_code[0], words=words)
    only = {line.row.id for line in lines if typed and _is_called(line, typed)}
    if not only:
        return await _page(visit, event_words.NOTHING_FOUND.format(words=words), words=words)
    return await _page(visit, words=words, only=only)


@routes.post(f"{ONE}/check-in/tick", "people")
async def tick(visit: Visit) -> web.Response:
    """Note that somebody of the list is there."""
    sign_up_id = await _of_list(visit)
    return await _tick(visit, sign_up_id)


async def _of_list(visit: Visit) -> int:
    """Return the sign-up of a form's button, once it is one of the list as these staff see it."""
    sign_up_id = visit.form.number("sign_up") or 0
    async with visit.console.database.snapshot() as db:
        await event_people.check_seen(db, visit.staff, visit.id(), sign_up_id)
    return sign_up_id


async def _tick(visit: Visit, sign_up_id: int, *, words: str = "") -> web.Response:
    try:
        async with visit.console.database.transaction() as db:
            one = await event_check_in.tick(db, visit.id(), sign_up_id, visit.now)
            count, _ = await event_check_in.count(db, visit.id())
            await visit.record(db, "event_came", f"event_sign_up:{one.row.id}", event=visit.id())
    except Refusal as refusal:
        return await _page(visit, str(refusal), words=words)
    return _back(visit, event_words.CAME.format(code=one.row.code, count=count))


@routes.post(f"{ONE}/check-in/untick", "people")
async def untick(visit: Visit) -> web.Response:
    """Take a tick back that was a mistake."""
    sign_up_id = await _of_list(visit)
    async with visit.console.database.transaction() as db:
        one = await event_check_in.untick(db, visit.id(), sign_up_id)
        await visit.record(db, "event_not_came", f"event_sign_up:{one.row.id}", event=visit.id())
    return _back(visit, event_words.NOT_CAME.format(code=one.row.code))


@routes.post(f"{ONE}/check-in/walk-in", "people")
async def walk_in(visit: Visit) -> web.Response:
    """Write down somebody who came without having signed up."""
    try:
        async with visit.console.database.transaction() as db:
            name, phone = visit.form.get("name").strip() or None, read_phone(visit.form.get("phone"))
            one = await event_check_in.walk_in(db, visit.console.vault, visit.id(), name, phone, visit.now)
            count, _ = await event_check_in.count(db, visit.id())
            await visit.record(db, "event_walked_in", f"event_sign_up:{one.row.id}", event=visit.id())
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return _back(visit, event_words.WALKED_IN.format(count=count))


def _is_called(line: Line, typed: str) -> bool:
    by_phone = typed.isdigit() and len(typed) >= _SHORTEST_TAIL and line.phone.endswith(typed)
    return by_phone or (len(typed) > 1 and not typed.isdigit() and typed in line.name.upper())


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect(f"/console/events/{visit.id()}/check-in", notice)
