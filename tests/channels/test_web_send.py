"""What a browser posts is taken once, and what cannot be taken is refused with a sentence."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from bot.channels.web.api import BAD_POST, TOO_LONG
from handlers import texts
from tests.channels.web_visitor import Browser

AN_ID = "6f1f5a0e-3f0e-4c0b-9a55-0d8f2f6c7a11"
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_question_and_a_button(browser: Browser) -> None:
    (first,) = await browser.say("首页")
    (message,) = await browser.waiting()
    assert message["id"] == first
    assert message["text"] == texts.WELCOME
    assert message["choices"][0] == {"label": "大家常问的问题", "action": "hot", "digit": "1"}
    assert message["at"].endswith("+00:00")
    status, body = await browser.post("/chat/messages", {"id": str(uuid4()), "action": "goods"})
    assert status == 202
    assert len(body["replies"]) == 1
    assert (await browser.waiting())[-1]["text"] == texts.CATEGORIES


async def test_the_same_id_twice_gets_the_same_replies(browser: Browser) -> None:
    event = str(uuid4())
    first = await browser.say("首页", event)
    assert await browser.say("首页", event) == first
    assert len(await browser.waiting()) == 1


async def test_two_browsers_may_use_one_id(site: Any, browser: Browser) -> None:
    event = str(uuid4())
    first = await browser.say("首页", event)
    async with Browser(site.url) as other:
        assert await other.say("首页", event) != first


async def test_history_after_reload(browser: Browser) -> None:
    event = str(uuid4())
    replies = await browser.say("首页", event)
    await browser.acknowledge(*replies)
    await browser.post("/chat/messages", {"id": str(uuid4()), "action": "hot"})
    status, body = await browser.get("/chat/history")
    assert status == 200
    assert [(m["from"], m["text"]) for m in body["messages"]] == [
        ("me", "首页"),
        ("bot", texts.WELCOME),
        ("me", "大家常问的问题"),
        ("bot", texts.HOT),
    ]
    assert body["messages"][0]["id"] == event
    assert body["greeting"]["text"] == texts.WELCOME


async def test_history_of_a_new_visitor(browser: Browser) -> None:
    assert (await browser.get("/chat/history"))[1]["messages"] == []


BAD = [
    {}, {"id": "x" * 8}, {"id": 5, "text": "a"}, {"text": "a"}, {"id": AN_ID}, {"id": AN_ID, "text": 5},
    {"id": AN_ID, "text": None}, {"id": AN_ID, "text": ["a"]}, {"id": AN_ID, "action": 5},
    {"id": AN_ID, "action": "x" * 65}, {"id": "a" * 65, "text": "a"}, {"id": "../../etc", "text": "a"}, [], "text", 5, None, True,
]  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=lambda body: json.dumps(body)[:30])
async def test_a_post_of_the_wrong_shape(browser: Browser, body: Any) -> None:
    assert await browser.post("/chat/messages", body) == (400, {"error": BAD_POST})


MALFORMED = [b"", b"{", b"\xff\xfe", b"id=1&text=a", b'{"id": "\xe4"}', b"{'id': 1}", b"[" * 100_000, b"nul\x00l"]


@pytest.mark.parametrize("data", MALFORMED, ids=lambda data: repr(data[:12]))
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/ack"])
async def test_malformed_json(browser: Browser, path: str, data: bytes) -> None:
    assert await browser.post(path, data=data, headers={"Content-Type": "application/json"}) == (
        400,
        {"error": BAD_POST},
    )


async def test_an_unknown_charset(browser: Browser) -> None:
    headers = {"Content-Type": "application/json; charset=klingon"}
    async with browser.session.post("/chat/messages", data=b"{}", headers=headers) as response:
        assert 400 <= response.status < 500


async def test_twenty_thousand_characters_are_taken_and_one_more_is_not(browser: Browser) -> None:
    await browser.say("问" * 20_000)
    assert [m["text"] for m in await browser.waiting()] == [texts.TOO_LONG]
    body = {"id": str(uuid4()), "text": "问" * 20_001}
    assert await browser.post("/chat/messages", body) == (413, {"error": TOO_LONG})


async def test_five_megabytes(browser: Browser) -> None:
    body = json.dumps({"id": str(uuid4()), "text": "a" * 5_000_000}).encode()
    headers = {"Content-Type": "application/json"}
    assert await browser.post("/chat/messages", data=BytesIO(body), headers=headers) == (413, {"error": TOO_LONG})


@pytest.mark.parametrize(
    "text",
    ["", " ", "👍🏻👨\u200d👩\u200d👧", "\u202e\u200b", "\u0000", "???", "\ud800"],
    ids=["empty", "space", "emoji", "bidi", "nul", "signs", "half"],
)
async def test_no_words_get_an_answer(browser: Browser, text: str) -> None:
    body = json.dumps({"id": str(uuid4()), "text": text}).encode()
    status, _ = await browser.post("/chat/messages", data=body, headers={"Content-Type": "application/json"})
    assert status == 202
    assert [m["text"] for m in await browser.waiting()] == [texts.NO_WORDS]


async def test_hidden_characters_do_not_hide_the_question(browser: Browser) -> None:
    await browser.say("\u202e首\u200b页\u0007")
    assert (await browser.waiting())[0]["text"] == texts.WELCOME


@pytest.mark.parametrize(
    "action", ["", "no-such", "faq:gone", "goods:99999999999999999999", "\u0000", ":" * 64, "kind:<script>"]
)
async def test_any_action_gets_an_answer(browser: Browser, action: str) -> None:
    status, body = await browser.post("/chat/messages", {"id": str(uuid4()), "action": action})
    assert status == 202
    assert body["replies"]


@pytest.mark.parametrize(
    "ids",
    [None, "1", 5, ["1"], [1.5], [True], [None], list(range(501)), {"1": 1}],
    ids=lambda ids: json.dumps(ids)[:12],
)
async def test_acknowledging_what_is_no_list_of_ids(browser: Browser, ids: Any) -> None:
    assert await browser.post("/chat/ack", {"ids": ids}) == (400, {"error": BAD_POST})


@pytest.mark.parametrize("ids", [[], [987654321], [1, 1, 1]])
async def test_acknowledging_what_is_not_there(browser: Browser, ids: list[int]) -> None:
    assert (await browser.post("/chat/ack", {"ids": ids}))[0] == 204


@pytest.mark.parametrize("number", [0, -1, 2**63, -(2**63) - 1, 10**30])
async def test_an_id_no_database_can_hold(browser: Browser, number: int) -> None:
    assert (await browser.post("/chat/ack", {"ids": [number]}))[0] in (204, 400)
