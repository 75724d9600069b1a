"""Send one claimed message, if it may still go, and tell what became of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from bot.calendar_link import CalendarLinks
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
from bot.workers.outcome import DATABASE_DOWN, Outcomes
from bot.workers.pauses import Pauses
from core.clock import Clock
from core.reply import Document, Lane
from db.engine import Database
from db.media import Attachment
from db.turns import Outbox
from services import media, outbox

_UPLOAD = timedelta(seconds=150)
"""The lease of a message with a file: the channel gives up on an upload before that."""

log = structlog.get_logger()


class _LeaseLostError(Exception):
    """Another process has the message by now."""


class Sender:
    """Sends through the channels of this process."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        outcomes: Outcomes,
        pauses: Pauses,
        now: Clock,
        file_path: Callable[[str], Path],
        links: CalendarLinks | None,
    ) -> None:
        self._database, self._channels, self._outcomes = database, channels, outcomes
        self._pauses, self._now, self._file_path, self._links = pauses, now, file_path, links

    async def send(self, row: Outbox) -> None:
        """Send a message, or write down why not."""
        now = self._now()
        if row.expires_at is not None and now >= row.expires_at:
            await self._outcomes.let_expire(row)
            return
        if row.window_end is not None and now >= row.window_end:
            await self._outcomes.hold_back(row)
            return
        await self._try(row)

    async def _try(self, row: Outbox) -> None:
        try:
            external_id = await self._hand_over(row)
        except DATABASE_DOWN:
            raise
        except PauseChannelError as error:
            await self._outcomes.postpone(row, self._pauses.begin(row.channel, error.seconds), str(error))
        except NotYetError as error:
            await self._outcomes.postpone(row, self._now() + timedelta(seconds=error.seconds), str(error))
        except UnavailableError as error:
            await self._outcomes.retry(row, str(error))
        except UnreachableError as error:
            await self._outcomes.bury(row, str(error), unreachable=True)
        except RejectedError as error:
            await self._outcomes.bury(row, str(error), unreachable=False)
        except _LeaseLostError:
            self._outcomes.count(row, "lease lost")
        except Exception as error:  # a fault of ours, which must not stop what waits behind it
            log.exception("sending failed", outbox_id=row.id, channel=row.channel)
            await self._outcomes.retry(row, repr(error)[:500])
        else:
            await self._outcomes.sent(row, external_id)

    async def _hand_over(self, row: Outbox) -> str | None:
        message = await self._message(row)
        uploads = message.file is not None or row.payload.get("attachments")
        if uploads and not await self._prolong(row):
            raise _LeaseLostError
        return await self._channels[row.channel].send(message)

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
        choices = tuple(row.payload["choices"])
        text, document = self._enclose(row)
        return Message(row.recipient, text, choices, replaces, attached, row.payload, Lane(row.lane), document)

    def _enclose(self, row: Outbox) -> tuple[str, Document | None]:
        """Return words and document, or words with a link to it for a channel that takes no files."""
        text, made = row.payload["text"], row.payload.get("document")
        if made is None or self._channels[row.channel].takes_files:
            return text, made and Document(**made)
        line = self._links.line(row) if self._links else ""
        return "\n".join(filter(None, (text, line))), None

    def _file(self, stored: Attachment) -> File:
        assert stored.sha256 is not None
        assert stored.media_type is not None
        return File(self._file_path(stored.sha256), stored.kind, stored.name, stored.media_type)

    async def _prolong(self, row: Outbox) -> bool:
        async with self._database.transaction() as db:
            return await outbox.prolong(db, row, self._now() + _UPLOAD)
