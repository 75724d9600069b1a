"""The page speaks to its own service only; `visit` proves it for every test, this file proves that it could fail."""

import pytest

from tests.browser.chat_page import QUESTION, ChatPage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_whole_visit_asks_nobody_else(chat: ChatPage) -> None:
    await chat.ask(QUESTION)
    await chat.press(chat.bar("找人工"))
    assert len(chat.watch.requests) > 10
    assert {url.split("/")[2] for url in chat.watch.requests} == {chat.url.split("/")[2]}


async def test_the_policy_refuses_what_is_not_ours_and_the_watch_sees_it(chat: ChatPage) -> None:
    script = (
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = 1'}))"
    )
    for forbidden in ("fetch('https://example.com/').catch(() => {})", script):
        async with chat.page.expect_console_message(lambda message: "Content Security Policy" in message.text):
            await chat.measure(forbidden)
    assert await chat.measure("document.title") != "1"
    assert sum("Content Security Policy" in complaint for complaint in chat.watch.complaints) >= 2
    chat.watch.complaints.clear()


async def test_nothing_is_kept_in_the_browser_but_the_size_and_the_unsent(chat: ChatPage) -> None:
    await chat.page.locator("#sizes button[data-size='22']").click()
    await chat.ask(QUESTION)
    assert await chat.measure("Object.keys(localStorage)") == ["yizhan.size"]
    assert await chat.measure("document.cookie") == ""
