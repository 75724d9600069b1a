"""Keep an open page up to date: tell it that what it shows has changed, over server-sent events."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.headers import add
from bot.console.visit import Visit
from bot.wake import wait
from services import sessions

_POLL_SECONDS, _BEAT_EVERY = 5.0, 3
"""Seconds between looks without a wake-up, and after how many quiet looks a comment is sent."""

Look = Callable[[AsyncSession], Awaitable[str]]


async def follow(visit: Visit, topic: str, look: Look, *, public: bool = False) -> web.StreamResponse:
    """Send `event: change` with what `look` returns whenever that differs, until the browser leaves.

    Announcing the topic makes it look at once. Being open is no sign of life: when the session has ended,
    `event: signed-out` is sent and the stream ends. A public page has no session that could end.
    """
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    add(response)
    with visit.console.wake.listen(topic) as event, suppress(ConnectionError):
        await response.prepare(visit.request)
        await _send_changes(visit, response, event, look, public=public)
    return response


async def _send_changes(
    visit: Visit, response: web.StreamResponse, event: asyncio.Event, look: Look, *, public: bool
) -> None:
    console, shown, quiet = visit.console, None, 0
    while not console.closing.is_set():
        async with console.database.snapshot() as db:
            found = None if public else await sessions.find(db, visit.now, visit.token, console.idle)
            visit.signed_in = found[0] if found else None  # role and station may have changed
            state = await look(db) if public or found else ""
        if found is None and not public:
            await response.write(b"event: signed-out\ndata:\n\n")
            return
        quiet += 1
        if state != shown:
            lines = "".join(f"data: {line}\n" for line in state.split("\n"))
            await response.write(f"event: change\n{lines}\n".encode())
            shown, quiet = state, 0
        elif quiet % _BEAT_EVERY == 0:
            await response.write(b": still here\n\n")
        await wait(event, _POLL_SECONDS)
