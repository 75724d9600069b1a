"""With a keyboard alone, with a screen reader, and by the rules: WCAG 2.1 AA as axe reads them."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from handlers import texts
from tests.browser.chat_page import QUESTION, ChatPage
from tests.browser.conftest import Opener

pytestmark = pytest.mark.asyncio(loop_scope="session")

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


async def _violations(chat: ChatPage) -> list[str]:
    found = (await Axe().run(chat.page, options=RULES)).response
    assert len(found["passes"]) > 10  # axe has really looked
    return [f"{v['id']}: {node['html']}" for v in found["violations"] for node in v["nodes"]]


SCREENS: dict[str, dict[str, Any]] = {"light": {}, "dark": {"color_scheme": "dark"}}


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
async def test_axe_finds_nothing(visit: Opener, screen: dict[str, Any]) -> None:
    chat = await visit(**screen)
    assert await _violations(chat) == []
    await chat.ask(QUESTION)
    assert await _violations(chat) == []
    await chat.page.locator("#sizes button[data-size='30']").click()
    assert await _violations(chat) == []


async def test_axe_finds_nothing_while_the_network_is_away(chat: ChatPage) -> None:
    chat.watch.network_may_fail = True
    await chat.page.context.set_offline(True)
    await chat.write(QUESTION)
    await expect(chat.page.get_by_role("button", name="没发出去，点这里重发")).to_be_visible()
    await expect(chat.page.locator("#down")).not_to_be_empty()
    assert await _violations(chat) == []


async def test_axe_can_find_something(chat: ChatPage) -> None:
    await chat.measure("document.getElementById('words').labels[0].remove()")
    await chat.measure("document.getElementById('words').removeAttribute('placeholder')")
    assert any(found.startswith("label:") for found in await _violations(chat))


async def test_from_loading_to_an_answer_with_keys_alone(chat: ChatPage) -> None:
    keys = chat.page.keyboard
    await keys.press("Tab")
    await expect(chat.page.locator(".skip")).to_be_focused()
    await expect(chat.page.locator(".skip")).to_be_in_viewport()
    await keys.press("Enter")
    await expect(chat.words).to_be_focused()
    await keys.type(QUESTION)
    await keys.press("Enter")
    await chat.answer(1)
    await expect(chat.words).to_be_focused()
    await chat.page.locator("#sizes button").last.focus()
    while await chat.measure("!document.activeElement.closest('article:last-child .choices')"):
        await keys.press("Tab")
        assert await chat.measure("document.activeElement !== document.body"), "the keys left the page"
    seen = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
    assert await chat.measure(seen) >= 2
    await keys.press("Enter")
    await chat.answer(2)
    await expect(chat.mine).to_have_count(2)


async def test_a_keyboard_on_the_screen_goes_away_so_that_the_answer_can_be_read(visit: Opener) -> None:
    chat = await visit(has_touch=True, is_mobile=True)
    await chat.words.tap()
    await chat.ask(QUESTION)
    await expect(chat.words).not_to_be_focused()


async def test_shift_enter_begins_a_line_and_enter_while_choosing_characters_does_not_send(chat: ChatPage) -> None:
    await chat.words.focus()
    await chat.page.keyboard.type("一")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.page.keyboard.type("二")
    await expect(chat.words).to_have_value("一\n二")
    await chat.words.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await expect(chat.mine).to_have_count(0)


async def test_new_messages_are_told_to_a_screen_reader_and_old_ones_are_not(chat: ChatPage) -> None:
    log = chat.page.get_by_role("log", name="您和驿站的对话")
    await expect(log).to_have_attribute("aria-live", "polite")
    await chat.ask(QUESTION)
    await expect(chat.last.locator(".unseen").first).to_have_text("驿站说")
    await expect(chat.mine.locator(".unseen").first).to_have_text("您说")
    await expect(chat.last.get_by_role("group", name="可以选")).to_be_attached()


async def test_the_page_says_its_language_and_name(chat: ChatPage) -> None:
    assert await chat.measure("document.documentElement.lang") == "zh-CN"
    await expect(chat.page.get_by_role("heading", level=1)).to_have_text("驿站")
    assert texts.WELCOME.partition("\n")[0] in await chat.answers.first.inner_text()
