"""Every size of text and window: nothing sideways, nothing too small to hit, and the choice remembered."""

import pytest
from playwright.async_api import expect

from tests.browser.chat_page import QUESTION, ChatPage
from tests.browser.conftest import Opener
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = ("18", "22", "26", "30")
TEXT_SIZE = "parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)"
WINDOWS = {
    "a small phone": (320, 640),
    "a phone on its side": (667, 375),
    "a laptop at 200 %": (640, 400),
    "a small phone at 200 %": (160, 320),
    "a laptop at 400 %": (320, 200),
    "a laptop": (1280, 800),
}
"""What the page is left with; a zoomed window is a smaller one to it."""
TOO_SMALL = """() => Array.from(document.querySelectorAll("button, textarea, a, input, select"))
  .map(one => [one.textContent || one.tagName, one.getBoundingClientRect()])
  .filter(([_, box]) => box.width && box.height && (box.width < 44 || box.height < 44))
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


async def _choose(chat: ChatPage, size: str) -> None:
    await chat.page.locator(f"#sizes button[data-size='{size}']").click()


async def test_four_sizes_remembered(chat: ChatPage) -> None:
    assert await chat.measure(TEXT_SIZE) == 18
    for size in SIZES:
        await _choose(chat, size)
        assert await chat.measure(TEXT_SIZE) == float(size)
        await chat.page.reload()
        await expect(chat.answers.first).to_be_visible()
        assert await chat.measure(TEXT_SIZE) == float(size)
        pressed = chat.page.locator("#sizes button[aria-pressed='true']")
        await expect(pressed).to_have_count(1)
        await expect(pressed).to_have_attribute("data-size", size)


async def test_nothing_is_sideways(chat: ChatPage) -> None:
    await chat.ask(QUESTION)
    await chat.ask("https://example.com/" + "a" * 200)
    for name, (width, height) in WINDOWS.items():
        await chat.page.set_viewport_size({"width": width, "height": height})
        for size in SIZES:
            await _choose(chat, size)
            assert await chat.sideways() == 0, (name, size)


async def test_every_target_can_be_hit(visit: Opener, site: Site) -> None:
    chat = await visit(viewport={"width": 320, "height": 640})
    entries = site.app.library.snapshot.entries.values()
    answer = await chat.ask(next(e.question for e in entries if any(s.url for s in e.sources)))
    await expect(answer.get_by_role("link").first).to_be_attached()
    await chat.page.locator(".skip").focus()
    for size in SIZES:
        await _choose(chat, size)
        assert await chat.measure(TOO_SMALL) == [], size


async def test_the_words_keep_room_at_the_largest_size_on_a_small_phone(visit: Opener) -> None:
    chat = await visit(viewport={"width": 320, "height": 640})
    await _choose(chat, "30")
    taken = "document.getElementById('head').offsetHeight + document.getElementById('foot').offsetHeight"
    assert await chat.measure(taken) <= 640 * 0.4


async def test_dark_where_the_device_is_dark(visit: Opener) -> None:
    paper = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    light, dark = await visit(color_scheme="light"), await visit(color_scheme="dark")
    assert min(await light.measure(paper)) > 200
    assert max(await dark.measure(paper)) < 60
