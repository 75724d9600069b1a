"""A slip of paper for who has no messenger: when, where, what to bring, and the code to be shown at the desk."""

from io import BytesIO

import segno
from aiohttp import web

from bot.console.booking import ONE
from bot.console.desk import ONE as DESK
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from handlers.event_screens import moment
from services import booking_search, desk_board, ticket_line, ticket_rows, visitors

routes = Routes()


@routes.get(f"{ONE}/slip", "bookings")
async def slip(visit: Visit) -> web.Response:
    """Show the slip of a booking, to be printed; the name is in full on it."""
    async with visit.console.database.snapshot() as db:
        one = await booking_search.booking_of(db, visit.staff, visit.id())
        who = (await visitors.read(db, visit.console.vault, [one], full=True))[one.booking.id]
    async with visit.console.database.transaction() as db:
        await visit.record(db, "booking_printed", f"booking:{one.booking.id}")
    return visit.render(
        "booking_slip.html",
        one=one,
        who=who,
        when=f"{one.slot.starts_at.astimezone(CHINA).year}年{moment(one.slot.starts_at)}",
    )


@routes.get(f"{ONE}/code.svg", "bookings")
async def picture(visit: Visit) -> web.Response:
    """Draw the code of a booking, so that the desk can scan it."""
    async with visit.console.database.snapshot() as db:
        one = await booking_search.booking_of(db, visit.staff, visit.id())
    drawn = BytesIO()
    segno.make(one.booking.code, error="m", micro=False).save(drawn, kind="svg", scale=6, border=4, light="#fff")
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml")


@routes.get(rf"{DESK}/numbers/{{ticket:\d{{1,18}}}}", "bookings")
async def number(visit: Visit) -> web.Response:
    """Show the slip of a number in line, to be printed."""
    async with visit.console.database.snapshot() as db:
        station = await desk_board.station_of(db, visit.staff, visit.id())
        ticket = await ticket_rows.ticket_of(db, visit.id("ticket"), station.id)
        ahead = await ticket_line.ahead_of(db, ticket, visit.now)
    async with visit.console.database.transaction() as db:
        await visit.record(db, "desk_printed", f"ticket:{ticket.id}", number=ticket_line.label(ticket))
    return visit.render(
        "number_slip.html", station=station, ticket=ticket, number=ticket_line.label(ticket), ahead=ahead,
        back=visit.request.query.get("window", ""),
    )  # fmt: skip
