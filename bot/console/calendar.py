"""Staff see which days are worked, change single days and the hours of a week, and set how soon people are answered."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from bot.console import texts, to_do
from bot.console.form import read_day
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from services import deadlines, office_hours
from services.calendar import Day, Periods, read_calendar

routes = Routes()

_LONGEST_STRETCH = 31
"""Days that can be marked at once: the longest holiday and to spare."""
_TIMES = ("am_from", "am_to", "pm_from", "pm_to")
_HOW = {"working": True, "free": False}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the month's grid."""

    date: date
    day: Day
    ours: bool
    """Staff decided about it."""
    outside: bool
    """It belongs to the month before or after."""


@routes.get("/calendar", "calendar")
async def show(visit: Visit) -> web.Response:
    """Show a month, the hours of a week, and the targets."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    """Show everything; what was typed into a form that was refused stays in it."""
    today = visit.now.astimezone(CHINA).date()
    query = visit.request.query
    chosen = read_day(query.get("day", "")) or read_day(visit.form.get("day"))
    first = (read_day(f"{query.get('month', '')}-01") or chosen or today).replace(day=1)
    async with visit.console.database.snapshot() as db:
        calendar = await read_calendar(db)
        ours = await office_hours.marked_days(db)
        week = await office_hours.read_week(db)
        targets = await deadlines.read_targets(db)
        waiting = await to_do.stranded(db, visit)
    weeks = [
        [Cell(day, calendar.day(day), day in ours, day.month != first.month) for day in days]
        for days in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return visit.render(
        "calendar.html", status=422 if refusal else 200, refusal=refusal,
        first=first, weeks=weeks, guessed=any(not cell.day.confirmed for days in weeks for cell in days), today=today, chosen=chosen, chosen_day=calendar.day(chosen) if chosen else None,
        before=first - timedelta(days=1), after=(first + timedelta(days=31)).replace(day=1),
        weekdays=office_hours.WEEKDAYS, hours=[_shown(week.get(weekday, ())) for weekday in range(7)], times=_TIMES,
        targets=targets, kinds=texts.KINDS, stranded=waiting,
    )  # fmt: skip


def _shown(periods: Periods) -> list[str]:
    """Return the hours of a day as the four fields have them: a day without lunch fills the first two."""
    times = [f"{moment:%H:%M}" for period in periods for moment in period]
    return (times + [""] * len(_TIMES))[: len(_TIMES)]


@routes.post("/calendar/days", "calendar")
async def mark(visit: Visit) -> web.Response:
    """Mark days as worked or free, or leave them to the calendar again."""
    try:
        days, how = _stretch(visit), visit.form.get("how")
        async with visit.console.database.transaction() as db:
            for day in days:
                if how in _HOW:
                    await office_hours.mark_day(db, day, visit.form.get("note"), working=_HOW[how])
                else:
                    await office_hours.unmark_day(db, day)
            await visit.record(db, "days_marked", f"calendar_day:{days[0]}", until=str(days[-1]), how=how)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/calendar?month={days[0]:%Y-%m}", texts.SAVED)


def _stretch(visit: Visit) -> Sequence[date]:
    first, until = read_day(visit.form.get("day")), visit.form.get("until")
    last = read_day(until) if until else first
    if first is None or last is None:
        raise Refusal(texts.NO_DAY)
    if not timedelta() <= last - first < timedelta(days=_LONGEST_STRETCH):
        raise Refusal(texts.BAD_STRETCH.format(days=_LONGEST_STRETCH))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@routes.post("/calendar/hours", "calendar")
async def set_hours(visit: Visit) -> web.Response:
    """Set the hours of a week."""
    try:
        week = {weekday: _periods(visit, weekday) for weekday in range(7)}
        async with visit.console.database.transaction() as db:
            await office_hours.set_week(db, week)
            detail = {str(weekday): "-".join(_shown(periods)) for weekday, periods in week.items() if periods}
            await visit.record(db, "hours_set", "office_hours:week", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect("/console/calendar", texts.SAVED)


def _periods(visit: Visit, weekday: int) -> Periods:
    times = [office_hours.read_time(visit.form.get(f"{name}_{weekday}")) for name in _TIMES]
    found = []
    for opens, closes in (times[:2], times[2:]):
        if (opens is None) != (closes is None):
            raise Refusal(texts.HALF_PERIOD.format(day=office_hours.WEEKDAYS[weekday]))
        if opens is not None and closes is not None:
            found.append((opens, closes))
    return tuple(found)


@routes.post("/calendar/targets", "calendar")
async def set_targets(visit: Visit) -> web.Response:
    """Set how soon each kind of case is answered."""
    try:
        async with visit.console.database.transaction() as db:
            detail = {}
            for kind in deadlines.DEFAULT_TARGETS:
                first, later = (visit.form.number(f"{name}_{kind}") or 0 for name in ("first", "next"))
                await deadlines.set_target(db, kind, deadlines.Target(first, later))
                detail[kind] = [first, later]
            await visit.record(db, "targets_set", "reply_target:all", **detail)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect("/console/calendar", texts.SAVED)
