"""Everything that the clock starts, in its order; each is repeated until a pass finds nothing to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from handlers import watch
from handlers.casework import Casework

Work = Callable[[AsyncSession, datetime], Awaitable[Pass]]


@dataclass(frozen=True, slots=True)
class Tick:
    """One piece of work, in one transaction a pass."""

    name: str
    work: Work


def ticks(casework: Casework, *, crisis_repeat: timedelta, idle: timedelta) -> list[Tick]:
    """Return them all."""

    async def call_staff(db: AsyncSession, now: datetime) -> Pass:
        return Pass(len(await watch.call_staff(db, now, crisis_repeat)))

    async def close_idle(db: AsyncSession, now: datetime) -> Pass:
        told = await watch.close_idle(db, casework, now, idle)
        return Pass(len(told), tuple(told))

    return [Tick("call_staff", call_staff), Tick("close_idle", close_idle)]
