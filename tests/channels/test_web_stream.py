"""The stream delivers, repeats what was not acknowledged, and reaches every open tab."""

import pytest

from handlers import texts
from tests.channels.web_visitor import Browser
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_reply_comes_over_the_open_stream(browser: Browser) -> None:
    async with browser.tab() as tab:
        replies = await browser.say("首页")
        (message,) = await tab.next()
    assert message["id"] == replies[0]
    assert message["text"] == texts.WELCOME
    assert set(message) == {"id", "text", "choices", "at"}


async def test_what_was_not_acknowledged_comes_again(browser: Browser) -> None:
    async with browser.tab() as tab:
        await browser.say("首页")
        first = await tab.next()
    async with browser.tab() as tab:
        assert await tab.next() == first


async def test_what_was_acknowledged_does_not(browser: Browser) -> None:
    first = await browser.say("首页")
    await browser.acknowledge(*first)
    async with browser.tab() as tab:
        second = await browser.say("你好")
        assert [m["id"] for m in await tab.next()] == second


async def test_what_was_said_while_nobody_listened(browser: Browser) -> None:
    ids = [*await browser.say("首页"), *await browser.say("2"), *await browser.say("9")]
    async with browser.tab() as tab:
        assert [m["id"] for m in await tab.next(3)] == ids


async def test_a_live_message_reaches_two_tabs_even_when_one_is_quicker(browser: Browser) -> None:
    async with browser.tab() as one, browser.tab() as two:
        replies = await browser.say("首页")
        assert [m["id"] for m in await one.next()] == replies
        await browser.acknowledge(*replies)
        assert [m["id"] for m in await two.next()] == replies
        more = await browser.say("你好")
        assert [m["id"] for m in await one.next()] == more
        assert [m["id"] for m in await two.next()] == more


async def test_another_visitors_stream_stays_silent(site: Site, browser: Browser) -> None:
    async with Browser(site.url) as other, other.tab() as tab:
        await browser.say("首页")
        mine = await other.say("你好")
        assert [m["id"] for m in await tab.next()] == mine


async def test_a_chosen_button_says_which_message_it_replaces_only_when_known(browser: Browser) -> None:
    await browser.say("首页")
    async with browser.tab() as tab:
        await tab.next()
        await browser.say("2")
        (message,) = await tab.next()
    assert message["text"] == texts.CATEGORIES
    assert isinstance(message.get("replaces", 0), int)


async def test_open_streams_are_counted(site: Site, browser: Browser) -> None:
    async with browser.tab():
        assert (site.app.metrics.registry.get_sample_value("yizhan_web_streams") or 0) >= 1
