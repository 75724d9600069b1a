"""Staff say when there are how many places: many half-days in one go, groups one by one, each changeable later."""

from datetime import date, timedelta

from aiohttp import web

from bot.console import exam_words, texts
from bot.console.exams import ONE, read_day, show
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import exam_sessions

routes = Routes()


@routes.post(f"{ONE}/half-days", "exam_plans")
async def add_half_days(visit: Visit) -> web.Response:
    """Make the half-days of an examination."""
    form = visit.form
    try:
        first, until = _day(visit, "from"), _day(visit, "until")
        days = [first + timedelta(days=number) for number in range(min((until - first).days + 1, 400))]
        async with visit.console.database.transaction() as db:
            made = await exam_sessions.add_half_days(
                db, visit.id(), days, form.all("half"), _places(visit), free_days=form.get("free_days") == "yes"
            )
            detail = {"from": str(first), "until": str(until), "made": made}
            await visit.record(db, "exam_sessions_made", f"exam_batch:{visit.id()}", **detail)
    except Refusal as refusal:
        return await show(visit, str(refusal))
    return visit.redirect(f"/console/exams/{visit.id()}", exam_words.SESSIONS_MADE.format(count=made))


@routes.post(f"{ONE}/groups", "exam_plans")
async def add_group(visit: Visit) -> web.Response:
    """Add a group to a recuperation."""
    try:
        first, until = _day(visit, "from"), _day(visit, "until")
        async with visit.console.database.transaction() as db:
            await exam_sessions.add_group(db, visit.id(), first, until, _places(visit))
            detail = {"from": str(first), "until": str(until), "made": 1}
            await visit.record(db, "exam_sessions_made", f"exam_batch:{visit.id()}", **detail)
    except Refusal as refusal:
        return await show(visit, str(refusal))
    return visit.redirect(f"/console/exams/{visit.id()}", exam_words.GROUP_MADE)


@routes.post(f"{ONE}/capacity", "exam_plans")
async def set_capacity(visit: Visit) -> web.Response:
    """Change how many places a session has."""
    session_id = visit.form.number("session") or 0
    try:
        async with visit.console.database.transaction() as db:
            session = await exam_sessions.set_capacity(db, session_id, _places(visit))
            detail = {"capacity": session.capacity}
            await visit.record(db, "exam_capacity", f"exam_session:{session.id}", **detail)
    except Refusal as refusal:
        return await show(visit, str(refusal))
    return visit.redirect(f"/console/exams/{visit.id()}", texts.SAVED)


def _day(visit: Visit, name: str) -> date:
    found = read_day(visit.form.get(name))
    if found is None:
        raise Refusal(exam_words.BAD_DATE)
    return found


def _places(visit: Visit) -> int:
    found = visit.form.number("places")
    if found is None:
        raise Refusal(exam_words.BAD_NUMBER)
    return found
