"""Debian's chromium against the real service; a test fails when its page broke a rule, whatever else it tested."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.chat_page import PATIENCE_MS, PHONE, ChatPage, Watch
from tests.site import Site

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update",
    "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip

Opener = Callable[..., Awaitable[ChatPage]]


@pytest.fixture(scope="session")
def _chromium_is_there() -> None:
    """Fail where there is no browser, because a skipped test proves nothing."""
    if not CHROMIUM.exists():
        pytest.fail("these tests need Debian's chromium: run `apt-get install chromium fonts-noto-cjk`", pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(_chromium_is_there: None) -> AsyncIterator[Browser]:
    """Start one browser."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, site: Site) -> AsyncIterator[Opener]:
    """Give a function that opens the chat as a new visitor, on a phone unless told otherwise."""
    async with AsyncExitStack() as stack:
        pages: list[ChatPage] = []

        async def open_chat(url: str = site.url, **device: Any) -> ChatPage:
            options = {"viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | device
            context = await stack.enter_async_context(await chromium.new_context(**options))
            context.set_default_timeout(PATIENCE_MS)
            chat = ChatPage(await context.new_page(), url, Watch(context, url))
            pages.append(chat)
            await chat.open()
            return chat

        yield open_chat
    assert [complaint for chat in pages for complaint in chat.watch.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def chat(visit: Opener) -> ChatPage:
    """Open the chat as a new visitor on a phone."""
    return await visit()
