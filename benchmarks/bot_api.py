"""A Bot API in a process of its own that answers at once, and remembers when each message came.

`perf_counter` counts from the start of the machine for every process on it, so moments of several can be compared.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "42:BENCHMARK"
REPLY = "回复"
"""How the messages begin whose moments are told one by one."""


class BotApi:
    """What it has been sent."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._replies: dict[str, float] = {}

    async def take(self, request: web.Request) -> web.Response:
        """Answer any method as if it were sendMessage."""
        params = await request.post()
        now, text = perf_counter(), str(params["text"])
        if text.startswith(REPLY):
            self._replies[text] = now
        else:
            self._times.append(now)
        message = {
            "message_id": len(self._times) + len(self._replies), "date": 1, "text": text,
            "chat": {"id": int(str(params["chat_id"])), "type": "private"},
        }  # fmt: skip
        return web.json_response({"ok": True, "result": message})

    async def told(self, _request: web.Request) -> web.Response:
        """Give away what came since this was last asked for."""
        told = {"times": self._times, "replies": self._replies}
        self._times, self._replies = [], {}
        return web.json_response(told)

    async def count(self, _request: web.Request) -> web.Response:
        """Tell how many came since `told`, but for replies."""
        return web.json_response(len(self._times))


async def main() -> None:
    """Serve until standard input is closed."""
    api, app = BotApi(), web.Application()
    app.router.add_post("/bot{token}/{method}", api.take)
    app.router.add_get("/told", api.told)
    app.router.add_get("/count", api.count)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


class Remote:
    """The Bot API as the measuring process sees it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self._session = url, session

    async def told(self) -> tuple[list[float], dict[str, float]]:
        """Take the moments at which messages came, and those of replies by their text."""
        answer = await self._ask("told")
        return sorted(answer["times"]), answer["replies"]

    async def wait_for(self, count: int) -> None:
        """Wait until so many have come."""
        while await self._ask("count") < count:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.2)

    async def _ask(self, what: str) -> Any:
        async with self._session.get(f"{self.url}/{what}") as response:
            return json.loads(await response.text())


@asynccontextmanager
async def served() -> AsyncIterator[Remote]:
    """Run it."""
    async with child("benchmarks.bot_api") as process, aiohttp.ClientSession() as session:
        yield Remote(await said(process), session)


@asynccontextmanager
async def child(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a module of ours with pipes, and end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: asyncio.subprocess.Process) -> str:
    """Return the next line that a child prints."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the process ended too early")
    return line.decode().strip()


def tell(process: asyncio.subprocess.Process, line: str) -> None:
    """Write a line to a child."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


if __name__ == "__main__":
    asyncio.run(main())
