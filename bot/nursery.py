"""The one place that starts background tasks: each is supervised, restarted when it fails, and stopped in order."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from db.engine import Database

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a failed task is started again; doubled at each failure."""

log = structlog.get_logger()


class Nursery:
    """Long-running tasks of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: list[asyncio.Task[None]] = []
        self.failures = 0

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run work until the nursery closes, again after each failure."""
        self._tasks.append(asyncio.create_task(self._supervise(name, work), name=name))

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await work()
            except Exception:
                self.failures += 1
                log.exception("task failed", task=name, again_in_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return

    async def close(self) -> None:
        """Cancel every task and wait until each has ended, the last started first."""
        for task in reversed(self._tasks):
            try:
                async with self._database.at_rest():
                    task.cancel()
            except TimeoutError:
                log.warning("the database is still busy, stopping all the same", task=task.get_name())
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._tasks.clear()
