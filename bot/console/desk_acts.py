"""What is done at the desk: somebody came, is called, is served, or did not come."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import desk, desk_words
from bot.console.desk import ONE, Looked, topic
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.bookings import Ticket
from services import booking_search, desk_board, ticket_rows, tickets, window_calls
from services.ticket_line import ahead_of, label, read_window, window_name

routes = Routes()


@routes.post(f"{ONE}/find", "bookings")
async def find(visit: Visit) -> web.Response:
    """Give who shows a booking's code a number at once, typed or scanned; look for whoever else is named."""
    words = visit.form.get("words")
    code = booking_search.read_code(words)
    if code is not None:
        return await _arrive(visit, code, words)
    async with visit.console.database.snapshot() as db:
        station = await desk_board.station_of(db, visit.staff, visit.id())
        only = desk_board.search(await desk_board.read(db, visit.console.vault, station, visit.now, full=True), words)
    if not only:
        return await _refused(visit, desk_words.NOTHING_FOUND.format(words=words), words)
    return await desk.show(visit, visit.form.get("window"), Looked(words=words, only=frozenset(only)))


@routes.post(f"{ONE}/arrive", "bookings")
async def arrive(visit: Visit) -> web.Response:
    """Give somebody of the list a number."""
    return await _arrive(visit, visit.form.number("booking") or 0)


async def _arrive(visit: Visit, which: int | str, words: str = "") -> web.Response:
    try:
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            ticket = await tickets.arrive(db, which, visit.now, station_id=visit.id())
            await visit.record(db, "desk_arrived", f"booking:{ticket.booking_id}", number=label(ticket))
    except Refusal as refusal:
        async with visit.console.database.snapshot() as db:
            found = await booking_search.by_code(db, visit.staff, which) if isinstance(which, str) else None
        return await _refused(visit, str(refusal), words, found.booking.id if found else None)
    return await _done(visit, desk_words.GIVEN.format(number=label(ticket)), given=ticket.id)


@routes.post(f"{ONE}/walk-in", "bookings")
async def walk_in(visit: Visit) -> web.Response:
    """Give a number to somebody who just came."""
    try:
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            ticket = await tickets.walk_in(db, visit.id(), visit.form.number("service"), visit.now)
            await visit.record(db, "desk_walked_in", f"ticket:{ticket.id}", number=label(ticket))
    except Refusal as refusal:
        return await _refused(visit, str(refusal))
    return await _done(visit, "", given=ticket.id)


@routes.post(f"{ONE}/next", "bookings")
async def call_next(visit: Visit) -> web.Response:
    """End with whom the page shows at this window, if anybody, and call the next; a second click changes nothing."""
    finished = visit.form.number("finished")
    try:
        window = read_window(visit.form.get("window"))
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            if finished is not None:
                await window_calls.finish(db, finished, visit.id(), visit.staff.id, visit.now)
            ticket = await window_calls.call_next(db, visit.id(), window, visit.staff.id, visit.now)
            number = label(ticket) if ticket else ""
            await visit.record(db, "desk_called", f"station:{visit.id()}", number=number, window=window, done=finished)
    except Refusal as refusal:
        return await _refused(visit, str(refusal))
    called = desk_words.CALLED.format(number=number, window=window_name(window)) if ticket else desk_words.NOBODY
    return await _done(visit, called)


@routes.post(f"{ONE}/first", "bookings")
async def call_first(visit: Visit) -> web.Response:
    """Call one who waits before the others; how many were passed over is written down."""
    try:
        window = read_window(visit.form.get("window"))
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            one = await ticket_rows.ticket_of(db, visit.form.number("ticket") or 0, visit.id())
            before = await ahead_of(db, one, visit.now)
            number = label(await window_calls.call_first(db, one.id, visit.id(), window, visit.staff.id, visit.now))
            await visit.record(db, "desk_called_first", f"ticket:{one.id}", number=number, window=window, ahead=before)
    except Refusal as refusal:
        return await _refused(visit, str(refusal))
    return await _done(visit, desk_words.CALLED.format(number=number, window=window_name(window)))


@routes.post(f"{ONE}/again", "bookings")
async def again(visit: Visit) -> web.Response:
    """Call a number once more."""
    return await _change(
        visit,
        "desk_called_again",
        desk_words.AGAIN,
        lambda db, id_: window_calls.call_again(db, id_, visit.id(), visit.now),
    )


@routes.post(f"{ONE}/take-over", "bookings")
async def take_over(visit: Visit) -> web.Response:
    """Go on with whom a colleague has called to this window."""
    return await _change(
        visit, "desk_taken_over", desk_words.TAKEN_OVER,
        lambda db, id_: window_calls.take_over(db, id_, visit.id(), visit.staff.id),
    )  # fmt: skip


@routes.post(f"{ONE}/done", "bookings")
async def done(visit: Visit) -> web.Response:
    """End with somebody without calling the next."""
    return await _change(
        visit, "desk_done", desk_words.DONE, lambda db, id_: window_calls.done(db, id_, visit.id(), visit.now)
    )


@routes.post(f"{ONE}/gone", "bookings")
async def gone(visit: Visit) -> web.Response:
    """Note that somebody is not there any more."""
    return await _change(
        visit, "desk_gone", desk_words.GONE, lambda db, id_: window_calls.gone(db, id_, visit.id(), visit.now)
    )


@routes.post(f"{ONE}/back", "bookings")
async def back(visit: Visit) -> web.Response:
    """Let a number wait again."""
    return await _change(visit, "desk_back", desk_words.BACK, lambda db, id_: window_calls.back(db, id_, visit.id()))


@routes.post(f"{ONE}/unarrive", "bookings")
async def unarrive(visit: Visit) -> web.Response:
    """Take back that somebody came."""
    try:
        return await _change(
            visit, "desk_unarrived", desk_words.TAKEN_BACK, lambda db, id_: tickets.unarrive(db, id_, visit.id())
        )
    except IntegrityError:  # who is not on file has booked the same at another station in this very moment
        return await _refused(visit, tickets.BOOKED_AGAIN)


@routes.post(f"{ONE}/no-show", "bookings")
async def no_show(visit: Visit) -> web.Response:
    """Note that those who were ticked, or all who are late, did not come."""
    ids = [int(text) for text in visit.form.all("booking") if text.isascii() and text.isdigit() and len(text) < 19]
    try:
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            codes = []
            for booking_id in ids:
                one = await tickets.no_show(db, booking_id, visit.now, station_id=visit.id())
                codes.append(one.booking.code)
            await visit.record(db, "desk_no_show", f"station:{visit.id()}", bookings=ids)
    except Refusal as refusal:
        return await _refused(visit, str(refusal))
    said = desk_words.NO_SHOW.format(code=codes[0]) if len(codes) == 1 else desk_words.NO_SHOWS.format(count=len(codes))
    return await _done(visit, said)


async def _change(
    visit: Visit, action: str, said: str, act: Callable[[AsyncSession, int], Awaitable[Ticket]]
) -> web.Response:
    """Do something with the number that a button names."""
    try:
        async with visit.console.database.transaction() as db:
            await desk_board.station_of(db, visit.staff, visit.id())
            ticket = await act(db, visit.form.number("ticket") or 0)
            await visit.record(db, action, f"ticket:{ticket.id}", number=label(ticket))
    except Refusal as refusal:
        return await _refused(visit, str(refusal))
    return await _done(visit, said.format(number=label(ticket)))


async def _done(visit: Visit, notice: str, given: int | None = None) -> web.Response:
    await visit.console.wake.announce([topic(visit.id())])
    return visit.redirect(desk.path(visit.id(), visit.form.get("window"), given), notice)


async def _refused(visit: Visit, refusal: str, words: str = "", booking_id: int | None = None) -> web.Response:
    return await desk.show(visit, visit.form.get("window"), Looked(refusal, words, booking_id=booking_id))
