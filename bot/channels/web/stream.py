"""Server-sent events: what is not yet acknowledged at once, then each reply as it is written."""

import json
from typing import Any

from aiohttp import web

from bot.metrics import Metrics
from bot.wake import Wake, stream, wait
from db.engine import Database
from db.turns import Outbox
from services import outbox

_POLL_SECONDS, _BEAT_EVERY = 5.0, 3
"""Seconds between looks without a wake-up, and after how many quiet looks a comment is sent."""


def as_event(row: Outbox) -> dict[str, Any]:
    """Return a reply as browsers get it."""
    event = {"id": row.id, "text": row.payload["text"], "choices": row.payload["choices"], "at": row.at.isoformat()}
    return event | ({"replaces": row.edits_id} if row.edits_id else {})


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
            last = await outbox.last_id(db, address_id)
        quiet = 0
        while not self._closing:
            async with self._database.snapshot() as db:
                rows = [row for row in await outbox.unsettled(db, address_id, last) if row.id not in sent]
            for row in rows:
                data = json.dumps(as_event(row), ensure_ascii=False)
                await response.write(f"event: message\nid: {row.id}\ndata: {data}\n\n".encode())
                sent.add(row.id)
            quiet = 0 if rows else quiet + 1
            if quiet >= _BEAT_EVERY:
                await response.write(b": beat\n\n")
                quiet = 0
            await wait(event, _POLL_SECONDS)
