"""One person's place: moved to another time, or cancelled with a reason; the person is told of either."""

from datetime import timedelta

from aiohttp import web

from bot.console import exam_words
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from handlers import exam_desk
from handlers.exam_screens import when
from services import exam_places, exam_sessions, person_cards, person_search

_PLACE = r"/exams/places/{id:\d{1,18}}"

routes = Routes()


@routes.get(_PLACE, "exams")
async def one(visit: Visit) -> web.Response:
    """Show a place."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        one = await exam_places.active(db, visit.id())
        person = await person_search.person_of(db, visit.staff, one.place.person_id)
        card = await person_cards.card(db, visit.console.vault, person)
        yesterday = visit.now.astimezone(CHINA).date() - timedelta(days=1)  # staff may still move somebody to today
        free = await exam_sessions.free_sessions(db, one.batch.id, yesterday)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "exam_place_viewed", f"exam_place:{visit.id()}", person=person.id)
    return visit.render(
        "exam_place.html", status=422 if refusal else 200, refusal=refusal, one=one, card=card, when=when,
        free=[session for session in free if session.id != one.session.id],
    )  # fmt: skip


@routes.post(f"{_PLACE}/move", "exams")
async def move(visit: Visit) -> web.Response:
    """Move it; the old time is kept until the new one is won."""
    try:
        async with visit.console.database.transaction() as db:
            one, told = await exam_desk.move(
                db, visit.console.vault, visit.staff, visit.id(), visit.form.number("session") or 0, visit.now
            )
            detail = {"person": one.place.person_id, "session": one.session.id}
            await visit.record(db, "exam_moved", f"exam_place:{one.place.id}", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    told_so = exam_words.TOLD if told else exam_words.NOT_TOLD
    return visit.redirect(f"/console/exams/sessions/{one.session.id}", exam_words.MOVED + told_so)


@routes.post(f"{_PLACE}/cancel", "exams")
async def cancel(visit: Visit) -> web.Response:
    """Cancel it."""
    try:
        async with visit.console.database.transaction() as db:
            one, told = await exam_desk.cancel(
                db, visit.console.vault, visit.staff, visit.id(), visit.form.get("reason"), visit.now
            )
            detail = {"person": one.place.person_id, "session": one.session.id}
            await visit.record(db, "exam_cancelled", f"exam_place:{one.place.id}", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    told_so = exam_words.TOLD if told else exam_words.NOT_TOLD
    return visit.redirect(f"/console/exams/sessions/{one.session.id}", exam_words.CANCELLED + told_so)
