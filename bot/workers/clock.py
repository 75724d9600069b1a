"""The clock of the service: APScheduler ticks, the database decides, so that a tick too many does no harm."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.metrics import Metrics
from bot.wake import CONSOLE, DELIVER, NOTICES, Wake, stream
from core.clock import Clock
from db.engine import Database
from handlers.ticks import Tick
from services import leases

LEASE, LEASE_LIFE = "clock", timedelta(seconds=30)
_TICK_SECONDS = 15
_GRACE_SECONDS = 60
"""A tick that comes so late, after a paused machine, still runs: what is due is found by date, not by tick."""

_SHARE = timedelta(seconds=5)
"""What one piece of work may take of a tick; the rest waits for the next, so that nothing starves."""

_DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeoutError, OSError)

log = structlog.get_logger()


class Ticker:
    """Does what falls due by time alone; of all processes only the holder of the lease does it."""

    def __init__(
        self,
        database: Database,
        ticks: Sequence[Tick],
        wake: Wake,
        now: Clock,
        holder: str,
        metrics: Metrics | None = None,
    ) -> None:
        self._database, self._ticks, self._wake, self._now, self._holder = database, ticks, wake, now, holder
        self._metrics = metrics or Metrics()
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
        except _DATABASE_DOWN as error:
            log.warning("tick not done, the next one will", error=type(error).__name__)

    async def tick_once(self) -> bool:
        """Do what is due now; False while another process holds the lease."""
        if not await self._hold():
            return False
        for tick in self._ticks:
            began = self._now()
            while await self._pass(tick) and self._now() - began < _SHARE:
                if not await self._hold():
                    return False
        return True

    async def _hold(self) -> bool:
        async with self._database.transaction() as db:
            return await leases.hold(db, LEASE, self._holder, self._now(), LEASE_LIFE)

    async def _pass(self, tick: Tick) -> bool:
        """Do one batch; False when there was nothing to do, or a fault of ours, which must not stop the other work."""
        try:
            return await self._do(tick)
        except _DATABASE_DOWN:
            raise
        except Exception:
            self._metrics.ticks_failed.labels(tick.name).inc()
            log.exception("tick failed", tick=tick.name)
            return False

    async def _do(self, tick: Tick) -> bool:
        if tick.ready is not None:
            async with self._database.snapshot() as db:
                await tick.ready(db)
        async with self._database.transaction() as db:
            done = await tick.work(db, self._now())
        if done.done:
            await self._wake.announce([DELIVER, NOTICES, CONSOLE, *(stream(address_id) for address_id in done.told)])
        return done.done > 0
