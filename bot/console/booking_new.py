"""Book for somebody who telephones or stands at the desk, on file or not; where all is full, put them on the waiting list."""

from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk_words, waiting_new
from bot.console.booking import read_moment, told
from bot.console.desk import topic
from bot.console.desk_words import day_name
from bot.console.form import read_day, row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import DELIVER
from core.clock import day_of
from core.errors import Refusal
from handlers import booking_notices
from services import booking_search, bookings, desk_board, desk_times, person_search, wait_days
from services.booking_rows import Visit as Booked
from services.bookings import HasOneError, Wish
from services.masks import read_name, read_phone
from services.person_cards import Card
from services.timetable import read_timetable
from services.who import BY_STAFF, Who

_PAGE = "/bookings/new"
_LONGEST_PURPOSE = 60

routes = Routes()


class _HasOneError(Refusal):
    """They have one: only its id is carried out of the transaction, whose rows cannot be read after it."""

    def __init__(self, refusal: HasOneError) -> None:
        super().__init__(str(refusal))
        self.booking_id = refusal.visit.booking.id


@routes.get(_PAGE, "bookings")
async def new(visit: Visit) -> web.Response:
    """Show the form: station and service first, then the times of a week."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "", *, cards: Sequence[Card] | None = None, has: int = 0) -> web.Response:
    chosen = visit.form.get if visit.form.fields else lambda name: visit.request.query.get(name, "")
    today = day_of(visit.now)
    async with visit.console.database.snapshot() as db:
        stations = await desk_board.stations(db, visit.staff, today)
        timetable = await read_timetable(db, station_ids=[one.id for one in stations], today=today)
        offering = {one.station.id for one in timetable.provisions}
        stations = [one for one in stations if one.id in offering]
        station_id = row_id(chosen("station")) or (visit.staff.station_id or 0)
        if len(stations) == 1:
            station_id = stations[0].id
        services = [one.service for one in timetable.provisions if one.station.id == station_id]
        service_id = row_id(chosen("service"))
        if len(services) == 1:
            service_id = services[0].id
        first = max(read_day(chosen("day")) or today, today)
        before = await booking_search.seen(db, visit.staff, has) if has else None
        ready = service_id in {one.id for one in services}
        days = (
            await desk_times.week(db, station_id, service_id, first, visit.console.booking_rules, visit.now)
            if ready and service_id else []
        )  # fmt: skip
        provision = timetable.provision(station_id, service_id or 0)
        rules = visit.console.booking_rules
        full_days = wait_days.full(timetable, provision, days, rules, visit.now) if provision else {}
    return visit.render(
        "booking_new.html", status=422 if refusal else 200, refusal=refusal, stations=stations, services=services,
        station_id=station_id, service_id=service_id, first=first, days=days, ready=ready, day_name=day_name, cards=cards,
        has=before, longest=_LONGEST_PURPOSE, week=timedelta(days=desk_times.DAYS), today=today,
        full_days=full_days, halves=desk_words.HALVES,
    )  # fmt: skip


@routes.post(f"{_PAGE}/find", "bookings")
async def find(visit: Visit) -> web.Response:
    """Find whom it is for, by a whole name or phone."""
    try:
        async with visit.console.database.transaction() as db:
            words = visit.form.get("phone").strip() or visit.form.get("name")
            cards = await person_search.find(db, visit.console.vault, visit.staff, words)
            await visit.record(db, "people_searched", "person:list", by="booking", shown=len(cards))
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return await _page(visit, cards=cards)


@routes.post(_PAGE, "bookings")
async def make(visit: Visit) -> web.Response:
    """Book it; whoever has an account is told."""
    station_id, service_id = visit.form.number("station") or 0, visit.form.number("service") or 0
    try:
        starts_at = read_moment(visit.form.get("starts_at"))
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, station_id)
            who = await _whom(db, visit)
            one = await _reserve(db, visit, Wish(station_id, service_id, starts_at, _purpose(visit), who))
            silent = await booking_notices.tell(db, visit.console.vault, [one], "booked", visit.now)
            await visit.record(db, "booking_made", f"booking:{one.booking.id}", person=one.booking.person_id)
    except _HasOneError as refusal:
        return await _page(visit, str(refusal), has=refusal.booking_id)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, topic(station_id)])
    return visit.redirect(
        f"/console/bookings/{one.booking.id}", told(desk_words.MADE.format(code=one.booking.code), silent)
    )


@routes.post(f"{_PAGE}/wait", "bookings")
async def wait(visit: Visit) -> web.Response:
    """Put them on the waiting list of a day that is full."""
    station_id, service_id = visit.form.number("station") or 0, visit.form.number("service") or 0
    try:
        async with visit.console.database.transaction() as db:
            who = await _whom(db, visit)
            said = await waiting_new.join(db, visit, station_id, service_id, who, _purpose(visit))
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    await visit.console.wake.announce([DELIVER])
    return visit.redirect(f"/console/waiting?station={station_id}", said)


def _purpose(visit: Visit) -> str:
    return " ".join(visit.form.get("purpose").split())[:_LONGEST_PURPOSE]


async def _reserve(db: AsyncSession, visit: Visit, wish: Wish) -> Booked:
    try:
        return await bookings.reserve(db, visit.console.vault, visit.console.booking_rules, wish, visit.now)
    except HasOneError as refusal:
        raise _HasOneError(refusal) from refusal


async def _whom(db: AsyncSession, visit: Visit) -> Who:
    person_id = visit.form.number("person")
    if person_id is not None:
        await person_search.person_of(db, visit.staff, person_id)
        return Who(person_id=person_id, made_by=BY_STAFF, staff_id=visit.staff.id)
    name, phone = read_name(visit.form.get("name")), read_phone(visit.form.get("phone"))
    return Who(name=name, phone=phone, made_by=BY_STAFF, staff_id=visit.staff.id)
