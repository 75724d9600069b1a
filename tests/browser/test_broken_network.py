"""What is written while the network or the service is away arrives once, and so does every answer."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.library import Library
from handlers import texts
from tests.browser.chat_page import QUESTION, ChatPage
from tests.browser.conftest import Opener
from tests.site import Site, free_port, open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_written_offline_sent_once_online(chat: ChatPage) -> None:
    chat.watch.network_may_fail = True
    await chat.page.context.set_offline(True)
    await chat.write(QUESTION)
    await chat.write("0")
    await expect(chat.page.get_by_role("button", name="没发出去，点这里重发")).to_have_count(2)
    await expect(chat.page.locator("#down")).to_contain_text("网络断了")
    await chat.page.context.set_offline(False)
    await expect(chat.answers).to_have_count(3)
    await expect(chat.page.locator(".state", has_text="已送达")).to_have_count(2)
    await expect(chat.page.locator("#down")).to_be_empty()
    await expect(chat.answers.nth(1)).to_contain_text("优待证")
    await expect(chat.answers.nth(2)).to_contain_text("12345")
    await chat.ask("首页")
    before = await chat.transcript()
    await chat.page.reload()
    await expect(chat.answers).to_have_count(4)
    assert sorted(await chat.transcript()) == sorted(before)  # now each answer stands behind its question


async def test_written_offline_and_the_page_closed(chat: ChatPage) -> None:
    """What was not sent is kept by the browser, and goes when the page is opened the next time."""
    chat.watch.network_may_fail = True
    await chat.page.context.set_offline(True)
    await chat.write(QUESTION)
    await expect(chat.page.get_by_role("button", name="没发出去，点这里重发")).to_be_visible()
    await chat.page.close()
    await chat.page.context.set_offline(False)
    later = ChatPage(await chat.page.context.new_page(), chat.url, chat.watch)
    await later.open()
    await expect(later.answers).to_have_count(2)
    await expect(later.mine).to_have_count(1)


async def test_the_service_starts_anew(
    visit: Opener, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same knowledge is not indexed twice more: only the processes around it are new."""
    monkeypatch.setattr(Library, "_build", lambda _: site.app.library.snapshot)
    port = free_port()
    async with open_site(tmp_path, port) as first:
        chat: ChatPage = await visit(first.url)
        chat.watch.network_may_fail = True
        await chat.ask(QUESTION)
    await expect(chat.page.locator("#down")).to_contain_text("网络断了")
    await chat.write("首页")
    await expect(chat.page.get_by_role("button", name="没发出去，点这里重发")).to_be_visible()
    async with open_site(tmp_path, port):
        await chat.page.get_by_role("button", name="没发出去，点这里重发").click()
        await expect(chat.answers).to_have_count(3)
        await expect(chat.last).to_contain_text(texts.WELCOME.partition("\n")[0])
        await expect(chat.page.locator("#down")).to_be_empty()
        await chat.ask("0")
        await expect(chat.mine).to_have_count(3)
        before = await chat.transcript()
        await chat.page.reload()
        await expect(chat.answers).to_have_count(4)
        assert await chat.transcript() == before
        await chat.page.close()
