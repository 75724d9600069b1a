"""The calendar entry and the QR code of a message in the page: seen, and named for whoever cannot see."""

from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from sqlalchemy import select

from core.reply import Choice, Document, Reply
from db.turns import Inbox, Outbox
from services import outbox
from tests.browser.chat_page import ChatPage
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
ENTRY = Document("预约YY-12345.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:到南街服务站\r\nEND:VCALENDAR\r\n")
DONE = Reply("约好了。\n预约码 YY-12345", (Choice("改期", "book-move:1"),), document=ENTRY, qr="YY-12345")


async def tell(chat: ChatPage, site: Site) -> int:
    """Have the service say something with a file and a code to the page; return the row."""
    marker = uuid4().hex
    await chat.ask(marker)
    async with site.app.database.transaction() as db:
        address_id = (await db.scalars(select(Inbox.address_id).where(Inbox.text == marker))).one()
        said = (await db.scalars(select(Outbox).where(Outbox.address_id == address_id).limit(1))).one()
        to = outbox.Recipient("web", said.recipient, address_id, 4096)
        (row_id,) = await outbox.post(db, to, DONE, site.app.now())
    await site.app.wake.announce([f"web:{address_id}"])
    await expect(chat.last).to_contain_text("预约码 YY-12345")
    return row_id


async def test_the_entry_can_be_opened_and_the_code_is_seen_also_after_a_reload(chat: ChatPage, site: Site) -> None:
    await tell(chat, site)
    for _ in range(2):
        code = chat.last.locator("img.code")
        await expect(code).to_be_visible()
        await expect(code).to_have_attribute("alt", "二维码 YY-12345")
        assert await code.evaluate("one => one.complete || new Promise(done => one.onload = done)") is not None
        await expect(code).not_to_have_js_property("naturalWidth", 0)
        width = await code.evaluate("one => one.getBoundingClientRect().width")
        assert width == await code.evaluate("one => one.getBoundingClientRect().height") >= 180
        link = chat.last.get_by_role("link", name="加到手机日历", exact=True)
        async with chat.page.expect_download() as started:
            await link.click()
        assert (await started.value).suggested_filename == ENTRY.name
        await chat.page.reload()
        await expect(chat.last).to_contain_text("预约码 YY-12345")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_within_reach_of_everybody(chat: ChatPage, site: Site, scheme: str) -> None:
    await chat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await chat.page.set_viewport_size({"width": 320, "height": 640})
    await chat.page.get_by_role("button", name="特大").click()
    await tell(chat, site)
    assert await chat.sideways() <= 0
    found = await Axe().run(chat.page)
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]] == []
