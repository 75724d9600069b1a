"""Large tables on their way in: read, looked over and written in the background, while a page shows how far it has come."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.nursery import Nursery
from core.clock import Clock
from core.errors import Refusal
from services.imports import Line, Report

State = Literal["reading", "read", "writing", "done", "failed"]

_LIFE = timedelta(hours=2)
_MOST = 4
"""Tables kept at a time: one of 50,000 rows takes some 60 MB."""
_PATIENCE = 1.5
"""Seconds."""
BROKEN = "导入时出错了，已经写入的不会丢。请重新选文件再导入一次，写过的行不会重复。"
BUSY = "现在有几个表格正在导入，请过几分钟再来。"

log = structlog.get_logger()


@dataclass(slots=True)
class Job:
    """One table: whose it is, what it is for, and where it stands."""

    token: str
    staff_id: int
    about: str
    """The page it belongs to, so that no other page shows it."""
    file_name: str
    at: datetime
    state: State = "reading"
    rows: int = 0
    written: int = 0
    report: Report | None = None
    refusal: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    """What was said of the table beside its file."""
    counts: dict[str, int] = field(default_factory=dict)
    bad: Sequence[Line] = ()
    rested: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nothing goes on in the background."""

    @property
    def working(self) -> bool:
        """Tell whether something is going on in the background."""
        return self.state in ("reading", "writing")


class ImportDesk:
    """The tables of one process; they live in memory alone, because they hold ID numbers."""

    def __init__(self, nursery: Nursery, now: Clock) -> None:
        self._nursery, self._now = nursery, now
        self._jobs: dict[str, Job] = {}

    def open(self, staff_id: int, about: str, file_name: str) -> Job:
        """Take a table in.

        Raises:
            Refusal: too many are being worked on.
        """
        self._sweep()
        job = Job(secrets.token_urlsafe(16), staff_id, about, file_name, self._now())
        self._jobs[job.token] = job
        return job

    def find(self, token: str, staff_id: int, about: str) -> Job | None:
        """Return one's own table, None when it is gone."""
        job = self._jobs.get(token)
        return job if job and (job.staff_id, job.about) == (staff_id, about) else None

    async def work(self, job: Job, work: Callable[[], Awaitable[None]]) -> None:
        """Work on a table in the background, and wait a moment, so that a small one is ready at once."""
        job.rested.clear()
        self._nursery.start("import", self._guarded(job, work))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await job.rested.wait()

    def _guarded(self, job: Job, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Let what goes wrong be shown on the page."""

        async def guarded() -> None:
            try:
                await work()
            except Refusal as refusal:
                job.state, job.refusal = "failed", str(refusal)
            except Exception:
                log.exception("console: import failed", about=job.about)
                job.state, job.refusal = "failed", BROKEN
            finally:
                job.rested.set()

        return guarded

    def finish(self, job: Job) -> None:
        """Forget the rows of a table that is written; its figures and its bad rows stay."""
        job.state, job.report = "done", None

    def _sweep(self) -> None:
        """Forget what is old, and of the rest the oldest that nobody is working on."""
        for job in list(self._jobs.values()):
            if not job.working and self._now() - job.at > _LIFE:
                del self._jobs[job.token]
        while len(self._jobs) >= _MOST:
            idle = next((job for job in self._jobs.values() if not job.working), None)
            if idle is None:
                raise Refusal(BUSY)
            del self._jobs[idle.token]
