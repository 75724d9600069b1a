"""One booking: what it is, moved in one step or once something is free, cancelled with a reason, and whether they came."""

from datetime import datetime, timedelta

from aiohttp import web

from bot.console import desk_words, form, waiting_new
from bot.console.booking_change import Change, Changed, change
from bot.console.desk import topic
from bot.console.desk_words import day_name, time_name
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import DELIVER
from core.clock import CHINA, day_of
from core.errors import Refusal
from handlers import booking_notices
from services import (
    booking_outcomes,
    booking_search,
    bookings,
    closures,
    desk_board,
    desk_times,
    tickets,
    visitors,
    wait_days,
)
from services.booking_rows import Visit as Booked
from services.events import LONGEST_REASON
from services.timetable import read_timetable
from services.who import BY_STAFF, Who

ONE = r"/bookings/{id:\d{1,18}}"

routes = Routes()


@routes.get(ONE, "bookings")
async def one(visit: Visit) -> web.Response:
    """Show a booking."""
    return await _page(visit)


@routes.post(f"{ONE}/reveal", "bookings")
async def reveal(visit: Visit) -> web.Response:
    """Show name and phone in full."""
    return await _page(visit, full=True)


async def _page(visit: Visit, refusal: str = "", *, full: bool = False) -> web.Response:
    async with visit.console.database.snapshot() as db:
        one = await booking_search.booking_of(db, visit.staff, visit.id())
        who = (await visitors.read(db, visit.console.vault, [one], full=full))[one.booking.id]
        its_day = one.slot.starts_at.astimezone(CHINA).date()
        station_id = form.row_id(visit.request.query.get("station", "")) or one.station.id
        first = form.read_day(visit.request.query.get("day", "")) or its_day
        days = await desk_times.week(db, station_id, one.service.id, first, visit.console.booking_rules, visit.now)
        stations = await desk_board.stations(db, visit.staff, day_of(visit.now))
        timetable = await read_timetable(db, service_id=one.service.id, today=day_of(visit.now))
        provision = timetable.provision(station_id, one.service.id)
        rules, now = visit.console.booking_rules, visit.now
        full_days = wait_days.full(timetable, provision, days, rules, now) if provision else {}
        no_shows = await bookings.no_shows(db, one.booking.who_key, visit.now)
        names = await booking_search.staff_names(db, one.booking)
    offering = {provision.station.id for provision in timetable.provisions}
    async with visit.console.database.transaction() as db:
        await visit.record(db, "booking_revealed" if full else "booking_viewed", f"booking:{one.booking.id}")
    return visit.render(
        "booking.html", status=422 if refusal else 200, refusal=refusal, one=one, who=who, full=full, days=days,
        first=max(first, day_of(visit.now)), station_id=station_id, day_name=day_name, time_name=time_name,
        stations=[station for station in stations if station.id in offering], states=desk_words.BOOKING_STATES,
        open=one.booking.status == "booked" and one.slot.ends_at > visit.now, no_shows=no_shows, longest=LONGEST_REASON,
        begun=one.slot.starts_at <= visit.now, unconfirmed=not timetable.confirmed(its_day), week=timedelta(days=7),
        full_days=full_days, halves=desk_words.HALVES, names=names, can_wait=who.phone or one.booking.address_id or one.booking.person_id,
        stranded=one.booking.status == "booked" and not closures.stands(timetable, one),
    )  # fmt: skip


@routes.post(f"{ONE}/move", "bookings")
async def move(visit: Visit) -> web.Response:
    """Move it; the old time is kept until the new one is won."""
    rules, now = visit.console.booking_rules, visit.now
    stations: set[int] = set()

    async def act(before: Booked) -> None:
        station_id = visit.form.number("station") or before.station.id
        stations.update((before.station.id, station_id))
        await desk_board.station_of(db, visit.staff, station_id)
        await bookings.move(db, rules, visit.id(), station_id, starts_at, BY_STAFF, now, wanted.reason)

    try:
        wanted, starts_at = _wanted(visit, "moved"), read_moment(visit.form.get("starts_at"))
        async with visit.console.database.transaction() as db:
            changed = await change(db, visit, wanted, act)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return await _back(visit, stations, _said(desk_words.MOVED, wanted, changed))


@routes.post(f"{ONE}/wait", "bookings")
async def wait(visit: Visit) -> web.Response:
    """Put them on the waiting list of a day that is full; when they take what becomes free, the booking is moved."""
    vault = visit.console.vault
    try:
        async with visit.console.database.transaction() as db:
            one = await booking_search.booking_of(db, visit.staff, visit.id())
            row, given = one.booking, visitors.given(vault, one.booking)
            who = Who(row.address_id, row.person_id, given.name or None, given.phone or None, row.made_by)
            station_id = visit.form.number("station") or one.station.id
            said = await waiting_new.join(db, visit, station_id, one.service.id, who, row.purpose)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    await visit.console.wake.announce([DELIVER])
    return visit.redirect(f"/console/waiting?station={station_id}", said)


@routes.post(f"{ONE}/cancel", "bookings")
async def cancel(visit: Visit) -> web.Response:
    """Cancel it with a reason that the person reads; the first who waits is offered the place."""

    async def act(_: Booked) -> None:
        rules, now = visit.console.booking_rules, visit.now
        await bookings.cancel(db, rules, visit.id(), BY_STAFF, now, wanted.reason)

    try:
        wanted = _wanted(visit, "cancelled")
        async with visit.console.database.transaction() as db:
            changed = await change(db, visit, wanted, act)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return await _back(visit, {changed.visit.station.id}, _said(desk_words.CANCELLED, wanted, changed))


def _wanted(visit: Visit, what: booking_notices.News) -> Change:
    reason = " ".join(visit.form.get("reason").split())
    if len(reason) > LONGEST_REASON:
        raise Refusal(desk_words.LONG_REASON.format(most=LONGEST_REASON))
    if what == "cancelled" and not reason:
        raise Refusal(desk_words.NO_REASON)
    asked = visit.form.get("asked") == "1"
    return Change(visit.id(), visit.form.number("sequence"), what, reason or None, asked)


def _said(done: str, wanted: Change, changed: Changed) -> str:
    """Return what was done, and how the person hears of it."""
    if not changed.moved:
        return desk_words.STAYS
    if changed.reached:
        return done + desk_words.TOLD
    return done + (desk_words.KNOWS if wanted.asked else desk_words.NOT_TOLD + desk_words.LISTED)


@routes.post(f"{ONE}/outcome", "bookings")
async def note_outcome(visit: Visit) -> web.Response:
    """Say afterwards that somebody came, or did not, when the desk had no time to."""
    came = visit.form.get("came") == "1"
    try:
        async with visit.console.database.transaction() as db:
            one = await booking_search.booking_of(db, visit.staff, visit.id())
            if came:
                await booking_outcomes.mark(db, visit.id(), "came", visit.now)
            else:
                await tickets.no_show(db, visit.id(), visit.now, station_id=one.station.id)
            await visit.record(db, "booking_came" if came else "desk_no_show", f"booking:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return await _back(visit, {one.station.id}, desk_words.CAME if came else desk_words.NOT_COME)


def read_moment(text: str) -> datetime:
    """Return the time that was chosen.

    Raises:
        Refusal: none was.
    """
    moment = form.read_moment(text)
    if moment is None:
        raise Refusal(desk_words.NO_TIME)
    return moment


def told(said: str, silent: list[Booked]) -> str:
    """Return what was done, and whether the person hears of it without being telephoned."""
    return said + (desk_words.NOT_TOLD if silent else desk_words.TOLD)


async def _back(visit: Visit, stations: set[int], notice: str) -> web.Response:
    await visit.console.wake.announce([DELIVER, *(topic(station_id) for station_id in stations)])
    return visit.redirect(f"/console/bookings/{visit.id()}", notice)
