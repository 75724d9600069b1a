"""The clock of the service: APScheduler ticks, the database decides, so that a tick too many does no harm."""

import asyncio
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.settings import Settings
from bot.wake import CONSOLE, DELIVER, Wake, stream
from core.clock import Clock
from db.engine import Database
from handlers import watch
from handlers.casework import Casework
from services import leases

LEASE, LEASE_LIFE = "clock", timedelta(seconds=30)
_TICK_SECONDS = 15
_GRACE_SECONDS = 60
"""A tick that comes so late, after a paused machine, still runs: what is due is found by date, not by tick."""

log = structlog.get_logger()


class Ticker:
    """Does what falls due by time alone; of all processes only the holder of the lease does it."""

    def __init__(
        self, database: Database, casework: Casework, wake: Wake, settings: Settings, now: Clock, holder: str
    ) -> None:
        self._database, self._casework, self._wake, self._now, self._holder = database, casework, wake, now, holder
        self._repeat = timedelta(minutes=settings.crisis_repeat_minutes)
        self._idle = timedelta(hours=settings.case_idle_hours)
        self._ticking = asyncio.Lock()

    async def run(self) -> None:
        """Tick until cancelled."""
        scheduler = AsyncIOScheduler()
        scheduler.add_job(
            self._tick, "interval", seconds=_TICK_SECONDS,
            max_instances=1, coalesce=True, misfire_grace_time=_GRACE_SECONDS,
        )  # fmt: skip
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.pause()
            async with self._ticking:  # a tick cut off in a transaction would keep its lock on the database
                scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        try:
            async with self._ticking:
                await self.tick_once()
        except (OperationalError, InterfaceError, PoolTimeoutError, OSError) as error:
            log.warning("tick not done, the next one will", error=type(error).__name__)

    async def tick_once(self) -> bool:
        """Do what is due now; False while another process holds the lease."""
        now = self._now()
        async with self._database.transaction() as db:
            if not await leases.hold(db, LEASE, self._holder, now, LEASE_LIFE):
                return False
        async with self._database.transaction() as db:
            called = await watch.call_staff(db, now, self._repeat)
        async with self._database.transaction() as db:
            ended = await watch.close_idle(db, self._casework, now, self._idle)
        if called or ended:
            await self._wake.announce([DELIVER, CONSOLE, *(stream(address_id) for address_id in ended)])
        return True
