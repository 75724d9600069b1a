"""A browser is known by its signed cookie, and by nothing else."""

import re
import socket
from http.cookies import SimpleCookie

import aiohttp
import pytest

from bot.channels.web.api import NO_COOKIE
from tests.channels.web_visitor import Browser
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATHS = [
    ("GET", "/chat/history"),
    ("GET", "/chat/stream"),
    ("GET", "/chat/messages"),
    ("POST", "/chat/messages"),
    ("POST", "/chat/ack"),
]


async def test_the_page_sets_a_signed_cookie_that_scripts_cannot_read(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as session, session.get("/") as response:
        cookie = SimpleCookie(response.headers["Set-Cookie"])["yizhan"]
        assert response.content_type == "text/html"
    assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{64}", cookie.value)
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


async def test_a_known_browser_keeps_its_cookie(browser: Browser) -> None:
    async with browser.session.get("/") as response:
        assert "Set-Cookie" not in response.headers


async def test_nothing_from_elsewhere_is_allowed(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as session:
        for path in ("/", "/healthz", "/chat/history", "/no-such-page"):
            async with session.get(path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, path
                assert "unsafe" not in policy
                assert "http" not in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_without_a_cookie(site: Site, method: str, path: str) -> None:
    async with aiohttp.ClientSession(site.url) as session, session.request(method, path, json={}) as response:
        assert response.status == 403
        assert await response.json() == {"error": NO_COOKIE}


@pytest.mark.parametrize("forged", ["", ".", "abc", "abc.", ".abc", "0" * 32 + "." + "0" * 64, "老张.签名", "a.b.c"])
async def test_a_forged_cookie(site: Site, forged: str) -> None:
    headers = {"Cookie": f"yizhan={forged}"}
    async with aiohttp.ClientSession(site.url) as session, session.get("/chat/history", headers=headers) as response:
        assert response.status == 403
        assert await response.json() == {"error": NO_COOKIE}


async def test_another_visitor_with_a_stolen_signature(site: Site, browser: Browser) -> None:
    _, _, signature = next(c.value for c in browser.session.cookie_jar).partition(".")
    headers = {"Cookie": f"yizhan={'1' * 32}.{signature}"}
    async with aiohttp.ClientSession(site.url) as session, session.get("/chat/history", headers=headers) as response:
        assert response.status == 403


async def test_a_cookie_that_is_not_even_text(site: Site) -> None:
    port = int(site.url.rpartition(":")[2])
    request = b"GET /chat/history HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: yizhan=\xff\xfe.\xff\xfe\r\n\r\n"

    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(request)
            return connection.recv(200)

    import asyncio

    assert (await asyncio.to_thread(ask)).split()[1] in (b"400", b"403")


async def test_one_visitor_does_not_see_or_settle_anothers(site: Site, browser: Browser) -> None:
    replies = await browser.say("优待证怎么办")
    async with Browser(site.url) as other:
        assert await other.waiting() == []
        await other.acknowledge(*replies)
    assert [m["id"] for m in await browser.waiting()] == replies


async def test_the_key_is_readable_by_the_owner_only(site: Site) -> None:
    key = site.app.settings.data_dir / "cookie.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32
