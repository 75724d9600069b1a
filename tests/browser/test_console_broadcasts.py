"""A broadcast in a real browser: written, seen, submitted, approved by another, watched live, stopped."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.clock import utc_now
from services import broadcasts
from services.audience import Audience
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.fakes.casebook import add_station
from tests.fakes.clock import SettableClock
from tests.fakes.newsroom import Newsroom
from tests.fakes.population import Account, Soul
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(site: Site) -> Newsroom:
    return await Newsroom(site.app.database, SettableClock(utc_now())).open()


async def _station(newsroom: Newsroom, *souls: Soul) -> tuple[str, int]:
    name = f"站{uuid4().hex[:6]}"
    async with newsroom.database.transaction() as db:
        station = await add_station(db, name)
    await newsroom.settle_people(*souls, station_id=station.id)
    return name, station.id


async def test_written_seen_and_submitted(page: Page, newsroom: Newsroom) -> None:
    name, _ = await _station(newsroom, Soul([Account("telegram")]), Soul())
    await page.goto("/console/broadcasts")
    assert await faults(page) == []
    await page.get_by_role("link", name="写一个群发").click()
    await page.get_by_label("标题（会显示给对方）").fill(f"通知{name}")
    await page.get_by_label("内容").fill("周六上午九点，县剧院有演出。")
    await page.get_by_label(name, exact=True).check()
    assert await faults(page) == []
    await page.get_by_role("button", name="看看发出去的样子").click()
    await expect(page.locator(".look.telegram .said")).to_contain_text("退订")
    await expect(page.get_by_label(name, exact=True)).to_be_checked()
    assert await faults(page) == []
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("名单 2 个，马上能发到 1 个")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="提交审批").click()
    await expect(page.get_by_text("等另一位负责人审批（")).to_be_visible()
    await expect(page.get_by_role("button", name="批准")).to_have_count(0)


async def test_approved_watched_and_stopped(page: Page, newsroom: Newsroom) -> None:
    _, station_id = await _station(newsroom, *[Soul([Account("telegram")])] * 5)
    broadcast_id = await newsroom.draft(Audience(stations=(station_id,)), urgent=True)
    await newsroom.act(broadcasts.submit, broadcast_id)
    await page.goto(f"/console/broadcasts/{broadcast_id}")
    await page.get_by_label("内容、发给谁、时间都看过了").check()
    await page.get_by_role("button", name="批准").click()
    await expect(page.get_by_text("已批准，到时间就开始发。")).to_be_visible()
    newsroom.clock.moment = utc_now()
    await newsroom.tick()
    await newsroom.deliver(2)
    await page.reload()
    await expect(page.locator("#progress")).to_contain_text("送到 2 个")
    assert await faults(page) == []
    await newsroom.deliver(1)
    await expect(page.locator("#progress")).to_contain_text("送到 3 个", timeout=15_000)  # by itself
    await page.get_by_role("button", name="暂停").click()
    await expect(page.get_by_role("button", name="接着发")).to_be_visible()
    await newsroom.tick()
    assert await newsroom.deliver() == 0
    await page.get_by_role("link", name="每个人的结果").click()
    assert await faults(page) == []
    await page.get_by_role("link", name="返回").click()
    await page.get_by_text("取消这个群发").click()
    await page.get_by_role("button", name="取消群发").click()
    await expect(page.locator("#progress")).to_contain_text("已取消")
    await expect(page.get_by_role("button", name="只给没送到的再写一个")).to_be_visible()
    assert await faults(page) == []
