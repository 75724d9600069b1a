"""What was said is read back in words: buttons by their labels, replacements as such, moments with their zone."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from db.turns import Outbox
from handlers import texts
from tests.channels.web_visitor import Browser
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _press(browser: Browser, action: str) -> list[int]:
    _, body = await browser.post("/chat/messages", {"id": str(uuid4()), "action": action})
    replies: list[int] = body["replies"]
    return replies


async def test_buttons_that_no_stored_reply_offered(site: Site, browser: Browser) -> None:
    slug, entry = next(iter(site.app.library.snapshot.entries.items()))
    for action in ("back", "human", "start", "goods", f"faq:{slug}", "faq:gone", "nobody-knows"):
        await _press(browser, action)
    _, body = await browser.get("/chat/history")
    mine = [message["text"] for message in body["messages"] if message["from"] == "me"]
    assert mine == ["返回", "找人工", "回首页", texts.GOODS_CHOICE.label, entry.question, "（按钮）", "（按钮）"]


async def test_moments_carry_their_zone(browser: Browser) -> None:
    await browser.say("首页")
    _, body = await browser.get("/chat/history")
    assert [datetime.fromisoformat(message["at"]).utcoffset() for message in body["messages"]] == [timedelta()] * 2


async def test_a_message_that_took_anothers_place(site: Site, browser: Browser) -> None:
    (first,), (second,) = await browser.say("首页"), await _press(browser, "hot")
    async with site.app.database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.id == second).values(edits_id=first))
    _, body = await browser.get("/chat/history")
    replaced = {message["id"]: message.get("replaces") for message in body["messages"] if message["from"] == "bot"}
    assert replaced == {first: None, second: first}


async def test_the_digits_of_the_greeting_count_for_whoever_has_seen_it(browser: Browser) -> None:
    _, body = await browser.get("/chat/history")
    assert body["greeting"]["choices"][0]["label"] == texts.HOT_CHOICE.label
    await browser.say("1")
    assert (await browser.waiting())[0]["text"] == texts.HOT
