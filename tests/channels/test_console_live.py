"""An open page hears of changes at once, and no longer than it may; being open keeps nobody signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.wake import CONSOLE
from tests.channels.console import Clerk, Office
from tests.channels.web_visitor import PATIENCE
from tests.site import open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def _stream(clerk: Clerk) -> AsyncIterator[aiohttp.StreamReader]:
    timeout = aiohttp.ClientTimeout(total=None)
    async with clerk.session.get("/console/stream", timeout=timeout) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"
        yield response.content


async def _next(stream: aiohttp.StreamReader) -> str:
    """Return the name of the next event, "" when the stream has ended."""
    async with asyncio.timeout(PATIENCE):
        while line := (await stream.readline()).decode():
            if line.startswith("event: "):
                return line.removeprefix("event: ").strip()
    return ""


async def test_a_page_hears_that_it_was_signed_out(office: Office) -> None:
    async with Clerk(office.site) as clerk, _stream(clerk) as stream:
        assert await _next(stream) == "change"
        await clerk.post("/console/account/sign-out-everywhere")
        await office.site.app.wake.announce([CONSOLE])
        assert [await _next(stream), await _next(stream)] == ["signed-out", ""]


async def test_an_open_stream_is_no_sign_of_life(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        office.clock.advance(16 * 60)
        async with _stream(clerk) as stream:
            assert await _next(stream) == "change"
            office.clock.advance(16 * 60)
            await office.site.app.wake.announce([CONSOLE])
            while (event := await _next(stream)) == "change":  # what it shows may have changed too
                pass
            assert event == "signed-out"


async def test_without_a_session_there_is_no_stream_and_no_page_either(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk, clerk.session.get("/console/stream") as response:
        assert response.status == 401


async def test_an_open_stream_does_not_hold_up_the_end_of_the_service(tmp_path) -> None:
    async with asyncio.timeout(PATIENCE * 3), open_site(tmp_path) as site:
        clerk = await Clerk(site).__aenter__()
        response = await clerk.session.get("/console/stream", timeout=aiohttp.ClientTimeout(total=None))
        assert await _next(response.content) == "change"
    assert await _next(response.content) == ""
    await clerk.session.close()
