"""Server-sent events: what is not yet acknowledged at once, then each reply as it is written."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.web.enclosed import enclosed
from bot.channels.web.files import shown
from bot.metrics import Metrics
from bot.wake import Wake, stream, wait
from db.engine import Database
from db.media import Attachment
from db.turns import Outbox
from services import browser_rows, media

_POLL_SECONDS, _BEAT_EVERY = 5.0, 3
"""Seconds between looks without a wake-up, and after how many quiet looks a comment is sent."""


async def as_events(db: AsyncSession, rows: Sequence[Outbox]) -> list[dict[str, Any]]:
    """Return replies as browsers get them."""
    files = await media.with_messages(db, [row.id for row in rows if row.staff_id is not None])
    return [_as_event(row, files.get(row.id)) for row in rows]


def _said_at(row: Outbox) -> datetime:
    """Return when it was said: a notice may have been decided long before."""
    return row.available_at if row.notice else row.at


def _as_event(row: Outbox, file: Attachment | None) -> dict[str, Any]:
    event = {
        "id": row.id,
        "text": row.payload["text"],
        "choices": row.payload["choices"],
        "at": _said_at(row).isoformat(),
        **enclosed(row),
    }
    if row.edits_id:
        event["replaces"] = row.edits_id
    if file is not None:
        event["file"] = shown(file)
    return event


class Streams:
    """All open streams of this process."""

    def __init__(self, database: Database, wake: Wake, metrics: Metrics) -> None:
        self._database, self._wake, self._metrics = database, wake, metrics
        self._closing = False

    def close(self) -> None:
        """Let every stream end, at a graceful stop."""
        self._closing = True
        self._wake.announce_here(self._wake.topics())

    async def serve(self, request: web.Request, address_id: int) -> web.StreamResponse:
        """Stream until the browser leaves or the service stops."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        self._metrics.streams.inc()
        try:
            with self._wake.listen(stream(address_id)) as event:
                await self._send_all(response, address_id, event)
        except ConnectionError:
            return response
        finally:
            self._metrics.streams.dec()
        return response

    async def _send_all(self, response: web.StreamResponse, address_id: int, event: Any) -> None:
        await response.write(b": hello\n\n")
        sent: set[int] = set()
        async with self._database.snapshot() as db:
            last = await browser_rows.last_id(db, address_id)
        quiet = 0
        while not self._closing:
            async with self._database.snapshot() as db:
                rows = [row for row in await browser_rows.unsettled(db, address_id, last) if row.id not in sent]
                events = await as_events(db, rows)
            for said in events:
                data = json.dumps(said, ensure_ascii=False)
                await response.write(f"event: message\nid: {said['id']}\ndata: {data}\n\n".encode())
                sent.add(said["id"])
            quiet = 0 if events else quiet + 1
            if quiet >= _BEAT_EVERY:
                await response.write(b": beat\n\n")
                quiet = 0
            await wait(event, _POLL_SECONDS)
