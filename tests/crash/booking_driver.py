"""What runs in the processes that fight for visits to a station, and in those that are killed while they do."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.bookings import Booking, StationService, Waiting
from db.engine import Database
from services import bookings, deaths, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Who, Wish
from tests.crash.crowd import Act
from tests.crash.driver import _each, die_at
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT

STATION, SERVICE = 1, 1
"""The only ones there are."""
_KINDS = (
    "reserve",
    "reserve",
    "reserve",
    "move",
    "move",
    "cancel",
    "join",
    "join",
    "accept",
    "decline",
    "leave",
    "run_out",
)


_LATER = {"run_out": 3, "accept": 0, "decline": 0, "leave": 0}
"""At what hour from now it is done."""


def moment(seconds: int) -> datetime:
    """Return a moment as acts carry it."""
    return datetime.fromtimestamp(seconds, UTC)


async def do(db: AsyncSession, act: Act) -> str:
    """Do one act: what, by or to which row, and at what time or how many hours later."""
    what, whose, when = act
    if what in ("reserve", "reserve_person"):
        wish = Wish(STATION, SERVICE, moment(when), "", _who(what, whose))
        await bookings.reserve(db, VAULT, RULES, wish, START)
    elif what in ("join", "join_person"):
        return await _join(db, _who(what, whose), moment(when))
    elif what == "move":
        await bookings.move(db, RULES, whose, STATION, moment(when), "本人", START)
    elif what == "cancel":
        await bookings.cancel(db, RULES, whose, "本人", START)
    elif what == "grow":
        await _grow(db, whose)
    elif what == "die":
        await deaths.report(db, VAULT, whose, START)
    else:
        await _in_line(db, what, whose, START + timedelta(hours=when))
    return "done"


def _who(what: str, whose: int) -> Who:
    return Who(person_id=whose) if what.endswith("person") else Who(whose)


async def _in_line(db: AsyncSession, what: str, whose: int, now: datetime) -> None:
    if what == "accept":
        await waits.accept(db, RULES, whose, now)
    elif what == "decline":
        await waits.decline(db, RULES, whose, now)
    elif what == "leave":
        await waits.leave(db, RULES, whose, now)
    else:
        await waits.run_out(db, RULES, now, 100)


async def _join(db: AsyncSession, who: Who, when: datetime) -> str:
    there = when.astimezone(CHINA)
    half: Any = "am" if there.hour < 12 else "pm"
    wait = await waits.join(db, VAULT, RULES, STATION, SERVICE, there.date(), half, who, "", START)
    return wait.row.status


async def _grow(db: AsyncSession, capacity: int) -> None:
    offered = await db.get_one(StationService, (STATION, SERVICE), with_for_update=True)
    offered.capacity = capacity
    await db.flush()
    await waits.refill(db, RULES, [(STATION, SERVICE)], START)


def one(url: str, act: Act, step: int) -> None:
    """Do one act and die on the way, or live when the step is behind the end."""
    database = Database(url)
    die_at(database, step)

    async def work() -> None:
        async with database.transaction() as db:
            await do(db, act)

    asyncio.run(_each(database, work))


def at_random(url: str, seed: int, accounts: list[int], times: list[int], progress: Any) -> None:
    """Do one thing after the other until killed; what is refused is told to the person and changes nothing."""
    database, chance = Database(url), random.Random(seed)

    async def work() -> None:
        while True:
            what = chance.choice(_KINDS)
            try:
                async with database.transaction() as db:
                    whose = chance.choice(accounts) if what in ("reserve", "join") else await _row(db, what, chance)
                    await do(db, (what, whose, _LATER.get(what, chance.choice(times))))
            except Refusal as refusal:
                what = str(refusal)
            progress.send(what)

    asyncio.run(_each(database, work))


async def _row(db: AsyncSession, what: str, chance: random.Random) -> int:
    """Return a row that may be what is meant; 0 where there is none."""
    table = Booking if what in ("move", "cancel") else Waiting
    ids = list(await db.scalars(select(table.id).order_by(table.id.desc()).limit(40)))
    return chance.choice(ids) if ids else 0
