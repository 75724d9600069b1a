"""Staff write a fair, a class or an activity down, and change it; whoever signed up hears of another time or place."""

from dataclasses import replace
from datetime import datetime

from aiohttp import web

from bot.console import event_words
from bot.console.events import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from db.events import Event
from services import event_list, event_people, events
from services.events import EventSheet, Outcome
from services.person_cards import CATEGORIES

_EMPTY = EventSheet("fair", "", None, None, None, "", "", "", "", "", (), None)

routes = Routes()


@routes.get("/events/new", "event_plans")
async def ask(visit: Visit) -> web.Response:
    """Ask for a new event."""
    return _form(visit, replace(_EMPTY, phone=visit.console.library.snapshot.profile.phone))


@routes.post("/events/new", "event_plans")
async def make(visit: Visit) -> web.Response:
    """Make an event, a draft."""
    sheet = _sheet(visit)
    try:
        async with visit.console.database.transaction() as db:
            event = await events.create(db, visit.staff, sheet, visit.now)
            await visit.record(db, "event_made", f"event:{event.id}", title=event.title)
    except Refusal as refusal:
        return _form(visit, sheet, refusal=str(refusal))
    return visit.redirect(f"/console/events/{event.id}", event_words.MADE)


@routes.get(f"{ONE}/edit", "event_plans")
async def edit(visit: Visit) -> web.Response:
    """Show an event to be changed."""
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
    return _form(visit, event, event=event)


@routes.post(f"{ONE}/edit", "event_plans")
async def change(visit: Visit) -> web.Response:
    """Change an event; who must be telephoned stands in its list."""
    sheet = _sheet(visit)
    try:
        async with visit.console.database.transaction() as db:
            outcome = await events.change(db, visit.id(), sheet, visit.now)
            detail = {"told": outcome.told, "moved_up": len(outcome.moved_up)}
            silent = await event_people.silent(db, visit.id()) if outcome.told else 0
            await visit.record(db, "event_changed", f"event:{visit.id()}", title=outcome.event.title, **detail)
    except Refusal as refusal:
        async with visit.console.database.snapshot() as db:
            event = await event_list.event_of(db, visit.id())
        return _form(visit, sheet, event=event, refusal=str(refusal))
    return visit.redirect(f"/console/events/{visit.id()}", _said(outcome, silent))


def _said(outcome: Outcome, silent: int) -> str:
    said = event_words.CHANGED
    if outcome.told:
        said += event_words.TELL
    if outcome.moved_up:
        said += event_words.MOVED_UP.format(count=len(outcome.moved_up))
    if silent:
        said += event_words.TO_CALL.format(count=silent)
    return said


def _sheet(visit: Visit) -> EventSheet:
    form = visit.form
    return EventSheet(
        form.get("kind"), form.get("title"), _moment(form.get("starts_at")), _moment(form.get("ends_at")),
        _moment(form.get("closes_at")), form.get("place"), form.get("phone"), form.get("about"), form.get("bring"),
        form.get("materials"), form.all("category"), form.number("capacity"),
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """Return a moment as a browser gives it, China time; None for nothing or for none."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _form(visit: Visit, sheet: EventSheet | Event, *, event: Event | None = None, refusal: str = "") -> web.Response:
    return visit.render(
        "event_form.html", status=422 if refusal else 200, refusal=refusal, sheet=sheet, event=event, field=_field,
        kinds=event_list.KINDS, categories=CATEGORIES,
    )  # fmt: skip


def _field(moment: datetime | None) -> str:
    """Return a moment as the browser's field wants it."""
    return "" if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}"
