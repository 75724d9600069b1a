"""One fair, class or activity: opened for signing up, cancelled, the employers of a fair, and what came of it."""

from aiohttp import web

from bot.console import event_words
from bot.console.event_words import span, state
from bot.console.events import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import employers, event_check_in, event_fair, event_list, event_people, events
from services.events import Figures

FIGURES = {"applicants": "求职人数", "intentions": "达成意向", "hired": "签约或录用", "attended": "到场人数"}
_OF_FAIRS = ("applicants", "intentions", "hired")

routes = Routes()


@routes.get(ONE, "events")
async def one(visit: Visit) -> web.Response:
    """Show an event."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    """Show an event; what was typed into a form that was refused stays in it."""
    today = visit.now.astimezone(CHINA).date()
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
        came, _ = await event_check_in.count(db, event.id)
        waiting = await event_people.waiting(db, event.id)
        fair = event.kind == "fair"
        its_day = event.starts_at.astimezone(CHINA).date()  # a fair of the past keeps the posts that it had
        stands = await event_fair.stands(db, event.id, min(today, its_day)) if fair else []
        known, _ = await employers.page(db) if fair else ([], False)
    return visit.render(
        "event.html", status=422 if refusal else 200, refusal=refusal, event=event, came=came, waiting=waiting,
        stands=stands, known=known, kinds=event_list.KINDS, state=state(event, visit.now), span=span(event.starts_at, event.ends_at),
        begun=event.starts_at <= visit.now, figures={name: FIGURES[name] for name in _names(fair)},
    )  # fmt: skip


@routes.post(f"{ONE}/publish", "event_plans")
async def publish(visit: Visit) -> web.Response:
    """Open it for signing up; those who subscribed hear of it."""
    try:
        async with visit.console.database.transaction() as db:
            event = await events.publish(db, visit.id(), visit.now)
            await visit.record(db, "event_published", f"event:{event.id}", title=event.title)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/events/{visit.id()}", event_words.PUBLISHED)


@routes.post(f"{ONE}/cancel", "event_plans")
async def cancel(visit: Visit) -> web.Response:
    """Cancel it; everybody who signed up is told why."""
    try:
        async with visit.console.database.transaction() as db:
            outcome = await events.cancel(db, visit.id(), visit.form.get("reason"), visit.now)
            silent = await event_people.silent(db, visit.id()) if outcome.told else 0
            detail = {"told": outcome.told, "silent": silent}
            await visit.record(db, "event_cancelled", f"event:{visit.id()}", title=outcome.event.title, **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    said = event_words.CANCELLED
    if silent:
        said += event_words.TO_CALL.format(count=silent)
    return visit.redirect(f"/console/events/{visit.id()}", said)


@routes.post(f"{ONE}/figures", "events")
async def note_figures(visit: Visit) -> web.Response:
    """Keep what staff counted afterwards."""
    try:
        counted = {name: _number(visit, name) for name in FIGURES}
        async with visit.console.database.transaction() as db:
            await events.note_figures(db, visit.id(), Figures(**counted))
            await visit.record(db, "event_figures", f"event:{visit.id()}", **counted)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/events/{visit.id()}", event_words.FIGURES_KEPT)


@routes.post(f"{ONE}/stands", "events")
async def put_stand(visit: Visit) -> web.Response:
    """Give an employer a booth; one that is new is added, not verified."""
    name, booth = visit.form.get("employer").strip(), visit.form.get("booth").strip()
    if not name:
        return await _page(visit, event_words.NO_EMPLOYER)
    try:
        async with visit.console.database.transaction() as db:
            employer_id = (await employers.ensure(db, {name: None}, visit.now))[name]
            await event_fair.put_stand(db, visit.id(), employer_id, booth or None)
            await visit.record(db, "event_stand", f"event:{visit.id()}", employer=employer_id, booth=booth)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/events/{visit.id()}#stands", event_words.STAND_KEPT.format(name=name))


@routes.post(f"{ONE}/stands/remove", "events")
async def take_stand(visit: Visit) -> web.Response:
    """Take an employer off a fair."""
    employer_id = visit.form.number("employer") or 0
    async with visit.console.database.transaction() as db:
        await event_fair.take_stand(db, visit.id(), employer_id)
        await visit.record(db, "event_stand_removed", f"event:{visit.id()}", employer=employer_id)
    return visit.redirect(f"/console/events/{visit.id()}#stands", event_words.STAND_GONE)


def _names(fair: bool) -> tuple[str, ...]:  # noqa: FBT001 - what it is
    return _OF_FAIRS if fair else ("attended",)


def _number(visit: Visit, name: str) -> int | None:
    text = visit.form.get(name).strip()
    number = visit.form.number(name)
    if text and number is None:
        raise Refusal(event_words.BAD_NUMBER.format(label=FIGURES[name]))
    return number
