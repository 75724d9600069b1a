"""What hangs on the wall at the door: the four digits, large, and how many have come; no name is on it."""

from aiohttp import web

from bot.console.event_words import span
from bot.console.events import ONE
from bot.console.routes import Routes
from bot.console.visit import Visit
from services import event_check_in, event_list

routes = Routes()


@routes.get(f"{ONE}/wall", "events")
async def wall(visit: Visit) -> web.Response:
    """Show the code."""
    async with visit.console.database.snapshot() as db:
        event = await event_list.event_of(db, visit.id())
        came, _ = await event_check_in.count(db, event.id)
    return visit.render(
        "event_wall.html", event=event, came=came, span=span(event.starts_at, event.ends_at),
        opened=event_list.door_is_open(event, visit.now),
    )  # fmt: skip


@routes.get(f"{ONE}/wall/now", "events", quiet=True)
async def now(visit: Visit) -> web.Response:
    """Return the part of the wall that grows by itself."""
    async with visit.console.database.snapshot() as db:
        came, _ = await event_check_in.count(db, visit.id())
    return visit.render("event_wall_now.html", came=came)
