"""The line at a station as it stands: who waits in which order, who is at which window, how many are before one."""

import re
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Ticket

BOOKED, WALKED_IN = "A", "B"
EARLY = timedelta(minutes=10)
"""Who booked may be called so long before the time."""
NO_WINDOW = "请写窗口的号码或名称，最多 6 个字。"
_LONGEST_WINDOW = 6
_NUMBERED = re.compile(r"0*(\d+)(?:号)?(?:窗口)?")


def label(ticket: Ticket) -> str:
    """Return a number as it is called, such as A001."""
    return f"{ticket.letter}{ticket.number:03}"


def read_window(text: str) -> str:
    """Return a window as it is kept, so that 1, １ and 1号窗口 are the same one.

    Raises:
        Refusal: there is nothing, or it is too long to be read from the back of a hall.
    """
    window = "".join(unicodedata.normalize("NFKC", text).split())
    numbered = _NUMBERED.fullmatch(window)
    window = numbered[1] if numbered else window
    if not window or len(window) > _LONGEST_WINDOW:
        raise Refusal(NO_WINDOW)
    return window


def window_name(window: str | None) -> str:
    """Return how a window is called on the wall."""
    return f"{window}号窗口" if window and window.isdigit() else window or ""


def tickets() -> Select[Ticket]:
    """Select numbers as they stand now, whatever this session has read before."""
    return select(Ticket).execution_options(populate_existing=True)


def in_order(station_id: int, now: datetime) -> Select[Ticket]:
    """Select who waits today: those whose time has come, then those who just came, then those who are early."""
    ripe = (Ticket.letter == BOOKED) & (Ticket.turn_at <= now + EARLY)
    order = case((ripe, 0), (Ticket.letter == WALKED_IN, 1), else_=2)
    waits = Ticket.station_id == station_id, Ticket.day == day_of(now), Ticket.status == "waiting"
    return tickets().where(*waits).order_by(order, Ticket.turn_at, Ticket.id)


async def next_number(db: AsyncSession, station_id: int, letter: str, now: datetime) -> int:
    """Return the number that follows the last of today; the caller holds the station."""
    own = Ticket.station_id == station_id, Ticket.day == day_of(now), Ticket.letter == letter
    return (await db.scalar(select(func.max(Ticket.number)).where(*own)) or 0) + 1


async def line(db: AsyncSession, station_id: int, now: datetime) -> list[Ticket]:
    """Return the numbers that wait, as they will be called."""
    return list(await db.scalars(in_order(station_id, now)))


async def at_window(db: AsyncSession, station_id: int, window: str, now: datetime) -> Ticket | None:
    """Return the number that is at a window today."""
    today = Ticket.station_id == station_id, Ticket.day == day_of(now)
    return await first(db, tickets().where(*today, Ticket.window == window, Ticket.status == "called"))


async def ahead_of(db: AsyncSession, ticket: Ticket, now: datetime) -> int:
    """Return how many are called before a number that waits."""
    ids = [one.id for one in await line(db, ticket.station_id, now)]
    return ids.index(ticket.id) if ticket.id in ids else 0


async def first(db: AsyncSession, rows: Select[Ticket]) -> Ticket | None:
    """Return the first that is selected."""
    return (await db.scalars(rows)).first()
