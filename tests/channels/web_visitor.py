"""A browser without a window: the cookie, posts, and the event stream read as it comes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp

PATIENCE = 20


class Tab:
    """One open stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many messages."""
        messages = []
        async with asyncio.timeout(PATIENCE):
            while len(messages) < count:
                line = (await self._response.content.readline()).decode()
                assert line, "the stream ended"
                if line.startswith("data: "):
                    messages.append(json.loads(line[6:]))
        return messages


class Browser:
    """One visitor of the web chat."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        async with self.session.get("/") as response:
            assert response.status == 200
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str) -> tuple[int, Any]:
        """Return status and body."""
        async with self.session.get(path) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any = None, **raw: Any) -> tuple[int, Any]:
        """Post JSON, or `data` as it is; return status and body."""
        arguments = raw or {"json": body}
        async with self.session.post(path, **arguments) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def say(self, text: str, event_id: str | None = None) -> list[int]:
        """Say something; return the ids of the replies."""
        status, body = await self.post("/chat/messages", {"id": event_id or str(uuid4()), "text": text})
        assert status == 202, body
        replies: list[int] = body["replies"]
        return replies

    async def waiting(self) -> list[dict[str, Any]]:
        """Return what is not yet acknowledged."""
        _, body = await self.get("/chat/messages")
        messages: list[dict[str, Any]] = body["messages"]
        return messages

    async def acknowledge(self, *ids: int) -> None:
        """Tell the service what was shown."""
        status, _ = await self.post("/chat/ack", {"ids": list(ids)})
        assert status == 204

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        """Open the stream, ready when the service listens."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with self.session.get("/chat/stream", timeout=timeout) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            assert (await response.content.readline()).startswith(b": hello")
            yield Tab(response)
