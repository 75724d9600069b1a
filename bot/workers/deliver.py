"""Send what the outbox holds: claim under a lease, send without a transaction open, settle with the lease's token.

Answers and what is said unasked have a loop each, so that nobody who asked waits behind a broadcast.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from bot.calendar_link import CalendarLinks
from bot.channels.base import Channel
from bot.metrics import Metrics
from bot.wake import DELIVER, NOTICES, Wake, wait
from bot.workers.outcome import DATABASE_DOWN, Outcomes
from bot.workers.pauses import Pauses
from bot.workers.send import Sender
from core.clock import Clock
from core.reply import Lane
from db.engine import Database
from db.turns import Outbox
from services import outbox, staff_group

_POLL_SECONDS = 1.0
_UNASKED = (Lane.NOTICE, Lane.BROADCAST)
_MOST = 50
_WORK_SECONDS = 1.0
"""What of the unasked is claimed at once: later nobody could stop it, and another process would have nothing to do."""
_STOP_SECONDS = 20.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AtOnce:
    """How many sends are under way in one process; a crash repeats at most so many."""

    answers: int = 8
    """30 a second times a round trip of 0.25 s (decision 0010)."""
    unasked: int = 1
    """A notice that comes twice is what people complain of (decision 0018)."""


class Deliverer:
    """The delivery of one process; any number of processes may run one on PostgreSQL."""

    def __init__(  # noqa: PLR0913 - so many of the process's parts have to do with a message
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wake: Wake,
        metrics: Metrics,
        now: Clock,
        lease: timedelta,
        file_path: Callable[[str], Path],
        at_once: AtOnce = AtOnce(),
        *,
        links: CalendarLinks | None = None,
    ) -> None:
        self._database, self._channels, self._wake, self._metrics = database, channels, wake, metrics
        self._now, self._lease = now, lease
        self._pauses = Pauses(now)
        outcomes = Outcomes(database, wake, metrics, now, lease)
        self._sender = Sender(database, channels, outcomes, self._pauses, now, file_path, links)
        self._answering, self._notifying = asyncio.Semaphore(at_once.answers), asyncio.Semaphore(at_once.unasked)
        self._batch = at_once.unasked
        self._stopping, self._ended, self._loops = False, asyncio.Event(), 0
        self._ended.set()

    async def run_replies(self) -> None:
        """Deliver answers, and everything for the staff group, until cancelled or finished."""
        await self._run(DELIVER, self.deliver_replies)

    async def run_notices(self) -> None:
        """Deliver what people are told unasked, until cancelled or finished."""
        await self._run(NOTICES, self.deliver_notices)

    async def deliver_once(self) -> int:
        """Claim and send what is due now; return how many messages were claimed."""
        return await self.deliver_replies() + await self.deliver_notices()

    async def finish(self) -> None:
        """Let what is under way end and be settled, and give back the rest: a send that is cut off is sent again."""
        self._stopping = True
        self._wake.announce_here([DELIVER, NOTICES])
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            log.warning("still sending, stopping all the same")

    async def _run(self, topic: str, deliver: Callable[[], Awaitable[int]]) -> None:
        self._loops += 1
        self._ended.clear()
        try:
            with self._wake.listen(topic) as event:
                while not self._stopping:
                    if not await self._deliver_if_possible(deliver):
                        await wait(event, _POLL_SECONDS)
        finally:
            self._loops -= 1
            if not self._loops:
                self._ended.set()

    async def _deliver_if_possible(self, deliver: Callable[[], Awaitable[int]]) -> int:
        try:
            return await deliver()
        except DATABASE_DOWN as error:
            log.warning("the database is away, delivery waits", error=type(error).__name__)
            return 0

    async def deliver_replies(self) -> int:
        """Claim and send answers; return how many."""
        channels = self._open()
        if not channels or self._stopping:
            return 0
        async with self._database.transaction() as db:
            rows = await outbox.claim(db, channels, self._now(), self._lease, _MOST, [Lane.REPLY])
            if staff_group.CHANNEL in channels:  # cards and files of answers: none of them is a notice to people
                staff = [staff_group.CHANNEL]
                rows += await outbox.claim(db, staff, self._now(), self._lease, _MOST, [Lane.NOTICE])
        await self._send_all(rows, self._answering)
        return len(rows)

    async def deliver_notices(self) -> int:
        """Claim and send notices, then broadcasts, about a second's work at a time; return how many."""
        channels = [name for name in self._open() if name != staff_group.CHANNEL]
        if not channels or self._stopping:
            return 0
        async with self._database.transaction() as db:
            rows = await outbox.claim(db, channels, self._now(), self._lease, self._batch, _UNASKED)
        if rows:
            time = asyncio.get_running_loop().time
            began = time()
            await self._send_all(rows, self._notifying)
            self._batch = max(1, min(_MOST, int(len(rows) * _WORK_SECONDS / max(time() - began, 0.001))))
        return len(rows)

    def _open(self) -> list[str]:
        return [name for name in self._channels if not self._pauses.lasts(name)]

    async def _send_all(self, rows: Sequence[Outbox], sending: asyncio.Semaphore) -> None:
        left: list[Outbox] = []

        async def send(row: Outbox) -> None:
            async with sending:
                if self._may_begin(row):
                    await self._sender.send(row)
                else:
                    left.append(row)

        done = await asyncio.gather(*map(send, rows), return_exceptions=True)
        if left:
            async with self._database.transaction() as db:
                await outbox.give_back(db, left)
        for failure in filter(None, done):
            raise failure

    def _may_begin(self, row: Outbox) -> bool:
        """Tell whether there is time: with less than half of the lease left, another could send it meanwhile."""
        assert row.lease_until is not None
        in_time = self._now() < row.lease_until - self._lease / 2
        return in_time and not self._stopping and not self._pauses.lasts(row.channel)
