"""Put the console together, as an application of its own that bot.app mounts under /console."""

from datetime import datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from bot.console import (
    account,
    audit,
    bindings,
    booking,
    booking_new,
    booking_slip,
    bookings,
    broadcast,
    broadcast_acts,
    broadcast_lists,
    broadcasts,
    calendar,
    calls,
    campaign,
    campaign_import,
    campaign_people,
    campaign_plan,
    campaigns,
    canned,
    case,
    case_acts,
    case_files,
    certification,
    check_in,
    closures,
    desk,
    desk_acts,
    door,
    drafts,
    employers,
    event,
    event_form,
    event_people,
    event_wall,
    events,
    exam_attendance,
    exam_lists,
    exam_place,
    exam_session,
    exam_sessions,
    exams,
    failures,
    headers,
    invite,
    job,
    job_acts,
    job_import,
    job_reports,
    job_twins,
    jobs,
    neighbours,
    people,
    person,
    person_acts,
    person_family,
    place_import,
    places,
    queue,
    referrals,
    second_factor,
    sign_in,
    staff,
    staff_acts,
    station,
    statistics,
    stranded,
    stream,
    undelivered,
    visit_services,
    visits,
    waiting,
    wall,
    work_statistics,
)
from bot.console.context import CONSOLE, DOORS, Console
from bot.console.form import CSRF_FIELD
from core.clock import CHINA

_HERE = Path(__file__).parent
PAGES = (
    queue,
    case,
    case_acts,
    case_files,
    stream,
    sign_in,
    invite,
    account,
    second_factor,
    people,
    person,
    person_acts,
    person_family,
    bindings,
    desk,
    desk_acts,
    wall,
    bookings,
    booking_new,
    booking,
    booking_slip,
    calls,
    waiting,
    campaigns,
    campaign,
    campaign_people,
    campaign_plan,
    campaign_import,
    certification,
    visits,
    undelivered,
    broadcasts,
    broadcast,
    broadcast_acts,
    broadcast_lists,
    drafts,
    canned,
    statistics,
    exams,
    exam_sessions,
    exam_session,
    exam_lists,
    exam_place,
    exam_attendance,
    jobs,
    job,
    job_acts,
    job_twins,
    job_reports,
    job_import,
    employers,
    referrals,
    events,
    event_form,
    event,
    event_people,
    check_in,
    event_wall,
    work_statistics,
    closures,
    stranded,
    calendar,
    places,
    station,
    visit_services,
    neighbours,
    place_import,
    staff,
    staff_acts,
    audit,
)


def make_console(console: Console) -> web.Application:
    """Return the application with every page."""
    app = web.Application(middlewares=[headers.protect, failures.explain, door.enter])
    app[CONSOLE] = console
    app[DOORS] = {}
    for module in PAGES:
        for method, path, handler, access in module.routes.table:
            app[DOORS][handler] = access
            app.router.add_route(method, path, handler)
    app.router.add_static("/static", _HERE / "static")
    templates = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        filters={"when": when, "day": day, "hour": hour, "iso_day": iso_day},
    )
    templates.globals["csrf_field"] = csrf_field
    return app


@jinja2.pass_context
def csrf_field(context: jinja2.runtime.Context) -> Markup:
    """Return the hidden field that every form that posts begins with."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, context["csrf"])


def when(moment: datetime | None) -> str:
    """Return a moment as staff read it, in China's time."""
    if moment is None:
        return ""
    local = moment.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def day(moment: datetime | None) -> str:
    """Return the day of a moment in China."""
    return "" if moment is None else when(moment).partition(" ")[0]


def hour(moment: datetime) -> str:
    """Return the time of day of a moment in China."""
    return f"{moment.astimezone(CHINA):%H:%M}"


def iso_day(moment: datetime) -> str:
    """Return the day of a moment in China as addresses and fields name it."""
    return moment.astimezone(CHINA).date().isoformat()
