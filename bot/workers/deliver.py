"""Send what the outbox holds: claim under a lease, send without a transaction open, settle with the lease's token."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.channels.base import (
    Channel,
    File,
    Message,
    NotYetError,
    PauseChannelError,
    RejectedError,
    UnavailableError,
    UnreachableError,
)
from bot.metrics import Metrics
from bot.wake import CONSOLE, DELIVER, Wake, wait
from core.clock import Clock
from db.engine import Database
from db.media import Attachment
from db.turns import Outbox
from services import case_marks, media, outbox, people

_POLL_SECONDS = 1.0
_FIRST_RETRY, _LONGEST_RETRY = 1.0, 300.0
_UPLOAD = timedelta(seconds=150)
"""The lease of a message with a file: the channel gives up on an upload before that."""
_AT_ONCE = 8
"""Sends under way in one process: 30 a second times a round trip of 0.25 s. A crash repeats at most so many messages."""

log = structlog.get_logger()


class Deliverer:
    """The delivery loop of one process; any number of processes may run one on PostgreSQL."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wake: Wake,
        metrics: Metrics,
        now: Clock,
        lease: timedelta,
        file_path: Callable[[str], Path],
        at_once: int = _AT_ONCE,
    ) -> None:
        self._database, self._channels, self._wake = database, channels, wake
        self._metrics, self._now, self._lease, self._file_path = metrics, now, lease, file_path
        self._sending = asyncio.Semaphore(at_once)
        self._paused_until: dict[str, datetime] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        with self._wake.listen(DELIVER) as event:
            while True:
                if await self.deliver_once() == 0:
                    await wait(event, _POLL_SECONDS)

    async def deliver_once(self) -> int:
        """Claim and send what is due now; return how many messages were claimed."""
        open_channels = [name for name in self._channels if self._paused_until.get(name, self._now()) <= self._now()]
        if not open_channels:
            return 0
        async with self._database.transaction() as db:
            rows = await outbox.claim(db, open_channels, self._now(), self._lease)
        await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def _deliver(self, row: Outbox) -> None:
        async with self._sending:
            await self._send(row)

    async def _send(self, row: Outbox) -> None:
        assert row.lease_until is not None
        if self._paused_until.get(row.channel, self._now()) > self._now() or self._now() >= row.lease_until:
            until = self._paused_until.get(row.channel, self._now())
            await self._postpone(row, until, "not sent in time", counts=False)
            return
        message = await self._message(row)
        uploads = message.file is not None or row.payload.get("attachments")
        if uploads and not await self._prolong(row):
            self._metrics.deliveries.labels(row.channel, "lease lost").inc()
            return
        try:
            external_id = await self._channels[row.channel].send(message)
        except PauseChannelError as error:
            until = self._now() + timedelta(seconds=error.seconds)
            self._paused_until[row.channel] = until
            await self._postpone(row, until, str(error), counts=False)
        except NotYetError as error:
            await self._postpone(row, self._now() + timedelta(seconds=error.seconds), str(error), counts=False)
        except UnavailableError as error:
            await self._retry(row, str(error))
        except UnreachableError as error:
            await self._bury(row, str(error), unreachable=True)
        except RejectedError as error:
            await self._bury(row, str(error), unreachable=False)
        else:
            await self._settle(row, external_id)

    async def _message(self, row: Outbox) -> Message:
        replaces, file = None, None
        if row.edits_id is not None:
            async with self._database.snapshot() as db:
                edited = await db.get(Outbox, row.edits_id)
            replaces = edited.external_id if edited else None
        if row.staff_id is not None:  # only staff send files
            async with self._database.snapshot() as db:
                file = (await media.with_messages(db, [row.id])).get(row.id)
        attached = None if file is None else self._file(file)
        return Message(
            row.recipient, row.payload["text"], tuple(row.payload["choices"]), replaces, attached, row.payload
        )

    def _file(self, stored: Attachment) -> File:
        assert stored.sha256 is not None
        assert stored.media_type is not None
        return File(self._file_path(stored.sha256), stored.kind, stored.name, stored.media_type)

    async def _prolong(self, row: Outbox) -> bool:
        async with self._database.transaction() as db:
            return await outbox.prolong(db, row, self._now() + _UPLOAD)

    async def _settle(self, row: Outbox, external_id: str | None) -> None:
        async with self._database.transaction() as db:
            ours = await outbox.settle(db, row, external_id)
            if ours:
                await case_marks.sent(db, [row], self._now())
        self._metrics.deliveries.labels(row.channel, "sent" if ours else "lease lost").inc()
        await self._tell_staff(row)

    async def _tell_staff(self, row: Outbox) -> None:
        if row.case_id is not None:
            await self._wake.announce([CONSOLE])

    async def _postpone(self, row: Outbox, until: datetime, error: str, *, counts: bool) -> None:
        async with self._database.transaction() as db:
            ours = await outbox.postpone(db, row, until, error, counts=counts)
        self._metrics.deliveries.labels(row.channel, "postponed" if ours else "lease lost").inc()

    async def _retry(self, row: Outbox, error: str) -> None:
        if row.attempts >= outbox.ATTEMPTS:
            await self._bury(row, error, unreachable=False)
            return
        pause = min(_FIRST_RETRY * 2 ** (row.attempts - 1), _LONGEST_RETRY)
        await self._postpone(row, self._now() + timedelta(seconds=pause), error, counts=True)

    async def _bury(self, row: Outbox, error: str, *, unreachable: bool) -> None:
        async with self._database.transaction() as db:
            if await outbox.give_up(db, row, error):
                await case_marks.lost(db, row, error, self._now(), unreachable=unreachable)
            if unreachable:
                await people.set_reachable(db, row.channel, row.recipient, reachable=False)
        self._metrics.deliveries.labels(row.channel, "unreachable" if unreachable else "dead").inc()
        log.warning("message not deliverable", outbox_id=row.id, channel=row.channel, error=error)
        await self._tell_staff(row)
