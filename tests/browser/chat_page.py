"""The chat page as a person uses it, and a watch over what the browser must never do meanwhile."""

import re
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

PATIENCE_MS = 15_000
"""How long a sign of life may take on a busy machine; nothing ever waits this long when all is well."""
QUESTION = "优待证怎么办"
PHONE = {"width": 390, "height": 844}

_NO_NETWORK = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|FAILED)")


class Watch:
    """Notes requests to elsewhere, errors of scripts, and whatever the content security policy refused."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self._origin = origin
        self.network_may_fail = False
        self.complaints: list[str] = []
        self.requests: list[str] = []
        context.on("request", self._requested)
        context.on("console", self._written)
        context.on("weberror", lambda fault: self.complaints.append(f"script: {fault.error}"))

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith(f"{self._origin}/"):
            self.complaints.append(f"elsewhere: {request.url}")

    def _written(self, message: ConsoleMessage) -> None:
        cut_off = self.network_may_fail and _NO_NETWORK.search(message.text)
        if message.type in ("error", "warning") and not cut_off:
            self.complaints.append(f"{message.type}: {message.text}")


class ChatPage:
    """One open page."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        self.page, self.url, self.watch = page, url, watch
        self.answers = page.locator("article.bot")
        self.mine = page.locator("article.me")
        self.last = self.answers.last
        self.words = page.get_by_label("写下您的问题")

    async def open(self) -> None:
        """Load the page, and wait for the greeting."""
        await self.page.goto(self.url)
        await expect(self.answers.first).to_contain_text("我是驿站")
        await expect(self.page.locator("#opening")).to_be_hidden()

    async def write(self, text: str) -> None:
        """Write and send."""
        await self.words.fill(text)
        await self.page.get_by_role("button", name="发送", exact=True).click()

    async def ask(self, text: str) -> Locator:
        """Ask, and return the answer."""
        before = await self.answers.count()
        await self.write(text)
        return await self.answer(before)

    async def press(self, button: Locator) -> Locator:
        """Press a button, and return the answer."""
        before = await self.answers.count()
        await button.click()
        return await self.answer(before)

    async def answer(self, before: int) -> Locator:
        """Wait for the answer after so many messages, and for its arrival to be known to the service."""
        await expect(self.answers).not_to_have_count(before)
        await expect(self.mine.last.locator(".state")).to_have_text("已送达")
        return self.last

    def choices(self) -> Locator:
        """Return the choices under the last message."""
        return self.last.locator(".choices button")

    def bar(self, name: str) -> Locator:
        """Return a button of the bar that is always there."""
        return self.page.locator("#quick").get_by_role("button", name=name)

    async def transcript(self) -> list[str]:
        """Return the words of all messages, mine and the service's, in their order."""
        found: list[str] = await self.page.locator("article .words").evaluate_all(
            "all => all.map(one => Array.from(one.querySelectorAll('p'), p => p.textContent).join('\\n'))"
        )
        return found

    async def measure(self, script: str) -> Any:
        """Evaluate in the page."""
        return await self.page.evaluate(script)

    async def sideways(self) -> float:
        """Return by how many pixels the page is wider than the window."""
        wide: float = await self.measure("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wide
