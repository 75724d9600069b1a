"""Sending one's place: asked of the browser only on pressing, shown as a message, and refused in plain words."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Opener

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUTTON = "发送位置"
WATCH = """
  window.asked = 0;
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (...how) => { window.asked += 1; ask(...how); };
"""


async def asked(chat: ChatPage) -> Any:
    return await chat.measure("window.asked")


async def test_the_place_is_asked_for_on_pressing_and_sent_once(visit: Opener) -> None:
    chat = await visit(permissions=["geolocation"], geolocation={"latitude": 30.63, "longitude": 120.56})
    await chat.page.add_init_script(WATCH)
    await chat.page.reload()
    await expect(chat.answers.first).to_be_visible()
    assert await asked(chat) == 0
    said = await chat.press(chat.bar(BUTTON))
    await expect(said).to_contain_text("服务站")
    await expect(chat.mine.last).to_contain_text("我的位置")
    assert await asked(chat) == 1
    await chat.page.reload()
    await expect(chat.mine.last).to_contain_text("我的位置")
    assert await chat.mine.count() == 1


async def test_who_refuses_reads_what_to_do_instead(visit: Opener) -> None:
    chat = await visit(permissions=[])
    await chat.bar(BUTTON).click()
    await expect(chat.page.locator("#down")).to_contain_text("直接写您在哪个乡镇或村")
    assert await chat.mine.count() == 0


async def test_without_a_way_to_know_there_is_no_button(visit: Opener) -> None:
    chat = await visit()
    await chat.page.add_init_script("delete Navigator.prototype.geolocation")
    await chat.page.reload()
    await expect(chat.answers.first).to_be_visible()
    await expect(chat.page.locator("#locate")).to_be_hidden()
