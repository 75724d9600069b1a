"""Fetch the files that cases need from the channels: under a lease, with no transaction open, none dropped silently."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import structlog

from bot.channels.base import PauseChannelError, RejectedError, Source, UnavailableError
from bot.files import Files
from bot.wake import CONSOLE, DELIVER, FETCH, Wake, stream, wait
from core.clock import Clock
from core.errors import Refusal
from core.reply import Reply
from core.turn import MediaKind
from db.engine import Database
from handlers import texts
from services import case_talk, cases, media, staff_group
from services.media import Due
from services.turns import DEFAULT_LIMIT

_POLL_SECONDS = 5.0
_LEASE = timedelta(seconds=150)
"""Longer than any channel tries at one file."""
_AT_ONCE = 4
_FIRST_RETRY, _LONGEST_RETRY = 2.0, 300.0
_SYSTEM = "系统"

log = structlog.get_logger()


class Fetcher:
    """The fetching loop of one process; any number of processes may run one on PostgreSQL."""

    def __init__(self, database: Database, sources: Mapping[str, Source], files: Files, wake: Wake, now: Clock) -> None:
        self._database, self._sources, self._files, self._wake, self._now = database, sources, files, wake, now
        self._paused_until: dict[str, datetime] = {}

    async def run(self) -> None:
        """Fetch until cancelled."""
        with self._wake.listen(FETCH) as event:
            while True:
                if await self.fetch_once() == 0:
                    await wait(event, _POLL_SECONDS)

    async def fetch_once(self) -> int:
        """Claim and fetch what is due now; return how many files were claimed."""
        now = self._now()
        open_sources = [name for name in self._sources if self._paused_until.get(name, now) <= now]
        async with self._database.snapshot() as db:
            if not open_sources or not await media.any_due(db, open_sources, now):
                return 0
        async with self._database.transaction() as db:
            claimed = await media.claim(db, open_sources, now, _LEASE, _AT_ONCE)
        await asyncio.gather(*(self._fetch(due) for due in claimed))
        return len(claimed)

    async def _fetch(self, due: Due) -> None:
        wanted = due.attachment
        assert wanted.file_ref is not None
        try:
            chunks = self._sources[wanted.channel].fetch(wanted.file_ref)
            kept = await self._files.keep(chunks, wanted.name, cast("MediaKind", wanted.kind))
        except PauseChannelError as error:
            until = self._now() + timedelta(seconds=error.seconds)
            self._paused_until[wanted.channel] = until
            await self._again(due, until, str(error), counts=False)
        except RejectedError as error:
            await self._end(due, "failed", self._files.no(str(error), wanted.name))
        except Refusal as refusal:
            await self._end(due, "refused", str(refusal))
        except (UnavailableError, OSError) as error:
            await self._retry(due, f"{type(error).__name__}: {error}")
        else:
            async with self._database.transaction() as db:
                await media.store(db, due, kept)
            await self._wake.announce([CONSOLE, DELIVER])

    async def _retry(self, due: Due, error: str) -> None:
        if due.attachment.attempts >= media.ATTEMPTS:
            await self._end(due, "failed", self._files.no("lost", due.attachment.name))
            return
        pause = min(_FIRST_RETRY * 2 ** (due.attachment.attempts - 1), _LONGEST_RETRY)
        await self._again(due, self._now() + timedelta(seconds=pause), error, counts=True)

    async def _again(self, due: Due, until: datetime, error: str, *, counts: bool) -> None:
        async with self._database.transaction() as db:
            await media.retry(db, due, until, error, counts=counts)
        log.info("file not fetched yet", channel=due.attachment.channel, attachment_id=due.attachment.id, error=error)

    async def _end(self, due: Due, status: str, sentence: str) -> None:
        """Tell both sides that there will be no file."""
        now, key = self._now(), f"file:{due.attachment.id}"
        async with self._database.transaction() as db:
            case, _ = await cases.lock(db, due.case_id)
            if not await media.end(db, due, status, sentence):
                return
            await case_talk.tell(db, case, Reply(sentence), DEFAULT_LIMIT, now, key)
            reason = texts.FILE_NOT_TAKEN.format(reason=sentence)
            await staff_group.say(db, case.id, reason, now, who=_SYSTEM, key=key)
        log.warning("file not taken", channel=due.attachment.channel, attachment_id=due.attachment.id, status=status)
        await self._wake.announce([CONSOLE, DELIVER, stream(case.address_id)])
