"""A place that a browser sends is taken like any message, kept as one in the history, and checked before it is believed."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.channels.web.api import BAD_POST
from db.turns import Inbox
from tests.channels.web_visitor import Browser
from tests.site import Site

HERE = {"latitude": 30.6301, "longitude": 120.5602}
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_place_is_answered_and_stands_in_the_history(site: Site, browser: Browser) -> None:
    event = str(uuid4())
    status, body = await browser.post("/chat/messages", {"id": event, "place": HERE})
    assert status == 202
    (message,) = await browser.waiting()
    assert [message["id"]] == body["replies"]
    assert message["text"].startswith("收到位置了")
    async with site.app.database.snapshot() as db:
        row = (await db.scalars(select(Inbox).where(Inbox.event_id.endswith(event)))).one()
    assert (row.kind, row.text, row.place) == ("event", "location", {"latitude": 30.63, "longitude": 120.56})
    _, history = await browser.get("/chat/history")
    assert next((m["from"], m["text"]) for m in history["messages"]) == ("me", "我的位置")


async def test_the_same_place_twice_is_one_message(browser: Browser) -> None:
    event = str(uuid4())
    first = await browser.post("/chat/messages", {"id": event, "place": HERE})
    assert await browser.post("/chat/messages", {"id": event, "place": HERE}) == first
    assert len(await browser.waiting()) == 1


@pytest.mark.parametrize(
    "place",
    [
        None, "30,120", [], {}, {"latitude": 30.6}, {"latitude": "30.6", "longitude": 120.5}, {"latitude": True, "longitude": 1},
        {"latitude": 90.5, "longitude": 0}, {"latitude": 0, "longitude": -181}, {"latitude": 1e400, "longitude": 0},
    ],
)  # fmt: skip
async def test_what_is_no_place_is_refused_with_a_sentence(browser: Browser, place: Any) -> None:
    status, body = await browser.post("/chat/messages", {"id": str(uuid4()), "place": place})
    assert (status, body["error"]) == (400, BAD_POST)
    assert await browser.waiting() == []
