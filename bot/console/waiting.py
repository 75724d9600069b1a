"""The waiting list (候补): who waits for what, for whom a place is kept, and what they said to staff who asked them."""

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk_words
from bot.console.booking import told
from bot.console.desk import topic
from bot.console.desk_words import day_name, time_name
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import DELIVER
from core.clock import day_of
from core.errors import Refusal
from handlers import booking_notices, waiting_by_staff
from services import desk_board, visitors, wait_lists, waits
from services.waits import Wait
from services.who import BY_STAFF

_PAGE = "/waiting"
_ONE = r"/waiting/{id:\d{1,18}}"
_LAST_PAGE = 10_000

routes = Routes()


@routes.get(_PAGE, "bookings")
async def listing(visit: Visit) -> web.Response:
    """Show it."""
    return await _page(visit)


@routes.post(f"{_ONE}/reveal", "bookings")
async def reveal(visit: Visit) -> web.Response:
    """Show name and phone of one in full, to telephone them."""
    try:
        async with visit.console.database.transaction() as db:
            await wait_lists.wait_of(db, visit.staff, visit.id())
            await visit.record(db, "waiting_revealed", f"waiting:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return await _page(visit, full=visit.id())


async def _page(visit: Visit, refusal: str = "", *, full: int = 0) -> web.Response:
    query, vault = visit.request.query, visit.console.vault
    station_id = row_id(query.get("station", ""))
    number = min(row_id(query.get("page", "")) or 0, _LAST_PAGE)
    async with visit.console.database.snapshot() as db:
        stations = await desk_board.stations(db, visit.staff, day_of(visit.now))
        kept = await wait_lists.kept(db, visit.staff, station_id, visit.now)
        rows, count = await wait_lists.page(db, visit.staff, station_id, number, visit.now)
        lost = await wait_lists.lost(db, visit.staff, station_id, visit.now)
        silent = await wait_lists.unreached(db, kept, visit.now)
        shown = [one.row for one in (*kept, *lost, *rows)]
        who = await visitors.of(db, vault, shown)
        who |= await visitors.of(db, vault, [row for row in shown if row.id == full], full=True)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "waiting_listed", "waiting:list", shown=len(shown), station=station_id)
    return visit.render(
        "waiting.html", status=422 if refusal else 200, refusal=refusal, kept=kept, lost=lost, rows=rows, count=count, who=who,
        silent=silent, full=full, stations=stations, station_id=station_id, number=number,
        more=(number + 1) * wait_lists.PAGE < count, day_name=day_name, time_name=time_name, halves=desk_words.HALVES, why=desk_words.WHY_LOST,
    )  # fmt: skip


@routes.post(f"{_ONE}/accept", "bookings")
async def accept(visit: Visit) -> web.Response:
    """Take the place that is kept, for somebody who said yes."""
    rules, now = visit.console.booking_rules, visit.now
    try:
        async with visit.console.database.transaction() as db:
            await wait_lists.wait_of(db, visit.staff, visit.id())
            one = await waits.accept(db, rules, visit.id(), now, BY_STAFF, staff_id=visit.staff.id)
            what: booking_notices.News = "moved" if one.booking.sequence else "booked"
            silent = await booking_notices.tell(db, visit.console.vault, [one], what, now)
            await visit.record(db, "waiting_accepted", f"waiting:{visit.id()}", booking=one.booking.id)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, topic(one.station.id)])
    said = desk_words.MOVED if what == "moved" else desk_words.MADE.format(code=one.booking.code)
    return visit.redirect(f"/console/bookings/{one.booking.id}", told(said, silent))


@routes.post(f"{_ONE}/decline", "bookings")
async def decline(visit: Visit) -> web.Response:
    """Let the place pass to the next, for somebody who said no."""
    return await _end(visit, "declined", desk_words.DECLINED)


@routes.post(f"{_ONE}/leave", "bookings")
async def leave(visit: Visit) -> web.Response:
    """Take somebody off the list; a place that was kept goes to the next."""
    return await _end(visit, "left", desk_words.WAITS_NO_MORE)


@routes.post(f"{_ONE}/told", "bookings")
async def note_told(visit: Visit) -> web.Response:
    """Note that somebody was told by telephone that nothing came of their waiting."""
    try:
        async with visit.console.database.transaction() as db:
            await wait_lists.wait_of(db, visit.staff, visit.id())
            await wait_lists.telephoned(db, visit.id())
            await visit.record(db, "waiting_told", f"waiting:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return _back(visit, desk_words.TELEPHONED)


async def _end(visit: Visit, what: waiting_by_staff.News, said: str) -> web.Response:
    try:
        async with visit.console.database.transaction() as db:
            await wait_lists.wait_of(db, visit.staff, visit.id())
            before = await _ended(db, visit, what)
            await waiting_by_staff.tell(db, visit.console.vault, before, what, visit.now)
            await visit.record(db, f"waiting_{what}", f"waiting:{visit.id()}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    await visit.console.wake.announce([DELIVER, topic(before.station.id)])
    return _back(visit, said)


def _back(visit: Visit, said: str) -> web.Response:
    station_id = row_id(visit.request.query.get("station", ""))
    return visit.redirect(f"/console/waiting{f'?station={station_id}' if station_id else ''}", said)


async def _ended(db: AsyncSession, visit: Visit, what: waiting_by_staff.News) -> Wait:
    """End it and return it as it was, unless a colleague or the person was quicker."""
    act, open_ = (waits.decline, {"offered"}) if what == "declined" else (waits.leave, {"waiting", "offered"})
    before = await act(db, visit.console.booking_rules, visit.id(), visit.now)
    if before.row.status not in open_:
        raise Refusal(desk_words.WAIT_CHANGED)
    return before
