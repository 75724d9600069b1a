"""One half-day or group: who comes, who came, signing somebody up over the telephone, and cancelling it for all."""

from collections.abc import Sequence

from aiohttp import web

from bot.console import exam_words
from bot.console.case_words import CHANNELS
from bot.console.exam_lists import SESSION
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from handlers import exam_desk
from handlers.exam_screens import when
from services import attendance, exam_lists, exam_places, exams, person_search
from services.person_cards import Card

routes = Routes()


@routes.get(SESSION, "exams")
async def one(visit: Visit) -> web.Response:
    """Show a session."""
    return await _page(visit)


async def _page(
    visit: Visit, refusal: str = "", *, words: str = "", cards: Sequence[Card] | None = None
) -> web.Response:
    """Show a session, with whom was looked for; what was typed into a form that was refused stays in it."""
    async with visit.console.database.snapshot() as db:
        session = await exam_places.session_of(db, visit.id())
        batch = await exams.batch_of(db, session.batch_id)
        lines = await exam_lists.lines(db, visit.console.vault, visit.staff, session_id=session.id)
        silent = await exam_lists.to_telephone(db, visit.console.vault, visit.staff, session)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "exam_listed", f"exam_session:{session.id}", shown=len(lines) + len(silent))
    came = session.day <= visit.now.astimezone(CHINA).date()
    return visit.render(
        "exam_session.html", status=422 if refusal else 200, refusal=refusal, session=session, batch=batch,
        lines=lines, label=when(session), came=came, words=words, cards=cards, channels=CHANNELS,
        others=session.taken - len(lines), silent=silent,
    )  # fmt: skip


@routes.post(f"{SESSION}/find", "exams")
async def find(visit: Visit) -> web.Response:
    """Find whom to sign up, by a whole name or phone."""
    words = visit.form.get("words")
    try:
        async with visit.console.database.transaction() as db:
            cards = await person_search.find(db, visit.console.vault, visit.staff, words)
            await visit.record(db, "people_searched", "person:list", by="exam", shown=len(cards))
    except Refusal as refusal:
        return await _page(visit, str(refusal), words=words)
    return await _page(visit, words=words, cards=cards)


@routes.post(f"{SESSION}/sign-up", "exams")
async def sign_up(visit: Visit) -> web.Response:
    """Sign somebody up; they are told."""
    try:
        async with visit.console.database.transaction() as db:
            one, told = await exam_desk.sign_up(
                db, visit.console.vault, visit.staff, visit.id(), visit.form.number("person") or 0, visit.now
            )
            detail = {"person": one.place.person_id, "session": one.session.id}
            await visit.record(db, "exam_signed_up", f"exam_place:{one.place.id}", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal), words=visit.form.get("words"))
    notice = exam_words.SIGNED_UP.format(code=one.place.code) + (exam_words.TOLD if told else exam_words.NOT_TOLD)
    return visit.redirect(f"/console/exams/sessions/{visit.id()}", notice)


@routes.post(f"{SESSION}/attendance", "exams")
async def attend(visit: Visit) -> web.Response:
    """Keep who came, as ticked."""
    listed, came = (_numbers(visit.form.all(name)) for name in ("listed", "came"))
    try:
        async with visit.console.database.transaction() as db:
            count = await attendance.type_in(db, visit.staff, visit.id(), listed, came, visit.now)
            await visit.record(db, "exam_attended", f"exam_session:{visit.id()}", came=count, listed=len(listed))
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/exams/sessions/{visit.id()}", exam_words.ATTENDANCE_KEPT.format(count=count))


@routes.post(f"{SESSION}/cancel", "exam_plans")
async def cancel(visit: Visit) -> web.Response:
    """Cancel a session; everybody in it is told why, and whom no push reaches stands on the page that follows."""
    try:
        async with visit.console.database.transaction() as db:
            lost, silent = await exam_desk.cancel_session(
                db, visit.console.vault, visit.id(), visit.form.get("reason"), visit.now
            )
            detail = {"places": len(lost), "silent": len(silent)}
            await visit.record(db, "exam_session_cancelled", f"exam_session:{visit.id()}", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    notice = exam_words.CANCELLED_SESSION.format(count=len(lost))
    if silent:
        notice += exam_words.TO_CALL.format(count=len(silent))
    return visit.redirect(f"/console/exams/sessions/{visit.id()}", notice)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [number for number in map(row_id, texts) if number is not None]
