"""What hangs in the hall of a station: the numbers that are called, large, and who is next; no name is on it.

Its address holds a key, and whoever has it needs not sign in: a screen in a hall stays on when nobody touches it for hours,
and must not be signed in to anything else.
"""

import hmac

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import live
from bot.console.desk import ONE, topic
from bot.console.routes import Routes
from bot.console.visit import Visit
from db.places import Station
from services import desk_board, desk_wall

_HERE = r"/wall/{id:\d{1,18}}/{key:[0-9a-f]{32}}"
_KEY_LENGTH = 32

routes = Routes()


@routes.get(f"{ONE}/wall", "bookings")
async def open_wall(visit: Visit) -> web.Response:
    """Lead staff to the wall of their station."""
    async with visit.console.database.snapshot() as db:
        station = await desk_board.station_of(db, visit.staff, visit.id())
    return visit.redirect(f"/console/wall/{station.id}/{_key(visit, station.id)}")


@routes.get(_HERE, public=True, quiet=True)
async def wall(visit: Visit) -> web.Response:
    """Show the wall."""
    station_id = _checked(visit)
    async with visit.console.database.snapshot() as db:
        station = await db.get_one(Station, station_id)
        shown = await desk_wall.read(db, station_id, visit.now)
    return visit.render("wall.html", station=station, wall=shown)


@routes.get(f"{_HERE}/now", public=True, quiet=True)
async def now(visit: Visit) -> web.Response:
    """Return the part of the wall that changes by itself."""
    station_id = _checked(visit)
    async with visit.console.database.snapshot() as db:
        shown = await desk_wall.read(db, station_id, visit.now)
    return visit.render("wall_now.html", wall=shown)


@routes.get(f"{_HERE}/stream", public=True, quiet=True)
async def follow(visit: Visit) -> web.StreamResponse:
    """Tell the wall when something has changed."""
    station_id = _checked(visit)

    async def look(db: AsyncSession) -> str:
        return await desk_wall.pulse(db, station_id, visit.now)

    return await live.follow(visit, topic(station_id), look, public=True)


def _key(visit: Visit, station_id: int) -> str:
    return visit.console.vault.fingerprint(f"wall:{station_id}")[:_KEY_LENGTH]


def _checked(visit: Visit) -> int:
    """Return the station whose wall this address is."""
    if not hmac.compare_digest(visit.request.match_info["key"], _key(visit, visit.id())):
        raise web.HTTPNotFound
    return visit.id()
