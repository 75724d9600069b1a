"""Hold the knowledge in use, and exchange it when files change; a bad file never takes the service down."""

import asyncio
from datetime import date
from pathlib import Path

import structlog

from bot.metrics import Metrics
from core.clock import CHINA, Clock
from knowledge.content import SHIPPED, read_content
from knowledge.index import Snapshot
from knowledge.problem import BadKnowledge

_LOOK_SECONDS = 5.0

log = structlog.get_logger()


class Library:
    """The present snapshot, and the watch over the files it was made from."""

    def __init__(self, folder: Path, region: str, metrics: Metrics, now: Clock, *, samples: bool) -> None:
        """Read and index everything.

        Raises:
            BadKnowledge: a file is bad; at start there is no older snapshot to keep.
        """
        self._folder, self._region, self._samples = folder, region, samples
        self._metrics, self._now = metrics, now
        self._seen = self._state()
        self.problems: list[str] = []
        self.snapshot = self._build()
        self._metrics.entries.set(len(self.snapshot.entries))

    def _today(self) -> date:
        return self._now().astimezone(CHINA).date()

    def _build(self) -> Snapshot:
        return Snapshot(read_content(self._folder), self._today(), region=self._region, samples=self._samples)

    def _state(self) -> tuple[object, ...]:
        paths = [p for root in (SHIPPED, self._folder / "knowledge") for p in sorted(root.rglob("*.yaml"))]
        paths += [p for p in (self._folder / "bureau.yaml",) if p.exists()]
        return tuple((p, p.stat().st_mtime_ns, p.stat().st_size) for p in paths)

    async def watch(self) -> None:
        """Look for changed files, and for a new day, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.refresh()

    async def refresh(self) -> bool:
        """Exchange the snapshot if files or the day changed; tell whether a new one is in use."""
        state = await asyncio.to_thread(self._state)
        if state == self._seen and self._today() == self.snapshot.day:
            return False
        self._seen = state
        try:
            snapshot = await asyncio.to_thread(self._build)
        except BadKnowledge as error:
            self.problems = [str(problem) for problem in error.problems]
            self._metrics.reload_failures.inc()
            log.error("knowledge not reloaded, the old one stays", problems=self.problems[:20])  # noqa: TRY400 - the problems say it all
            return False
        self.problems = []
        self.snapshot = snapshot
        self._metrics.entries.set(len(snapshot.entries))
        log.info("knowledge reloaded", entries=len(snapshot.entries))
        return True
