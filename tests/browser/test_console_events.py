"""A fair in a real browser, from a draft to its day at the door and the year's figures; axe finds nothing anywhere."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from core.clock import CHINA
from db.events import Event, EventSignUp
from tests.browser import event_pictures
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def test_a_fair_from_the_first_click_to_the_door(page: Page, site: Site) -> None:
    title = f"第{next(_numbers)}场春风行动招聘会"
    day = (site.app.now().astimezone(CHINA) + timedelta(days=8)).replace(hour=9, minute=0)
    await page.goto("/console/events")
    assert await faults(page) == []
    await page.get_by_role("link", name="新建招聘会、培训或活动").click()
    assert await faults(page) == []
    for label, text in (
        ("名称", title), ("电话", "0573-88001234"), ("开始", f"{day:%Y-%m-%dT%H:%M}"), ("结束", f"{day:%Y-%m-%d}T15:30"),
        ("地点", "市体育馆"), ("名额", "2"), ("内容", "三十家单位来招人。"), ("要带的东西", "身份证"),
    ):  # fmt: skip
        await page.get_by_label(label).first.fill(text)
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("还是草稿，聊天里看不到").first.wait_for()
    assert await faults(page) == []
    await page.get_by_role("button", name="发布").click()
    await page.get_by_text("发布了，可以报名了").wait_for()
    await page.get_by_label("单位名称").fill("示例机械厂")
    await page.get_by_label("展位").fill("A12")
    await page.get_by_role("button", name="加上").click()
    await page.get_by_role("cell", name="示例机械厂 还没核验").wait_for()
    await page.get_by_role("link", name="名单（0 人").click()
    for name in ("赵甲民", "赵乙民", "赵丙民"):
        await page.get_by_label("没有档案的人").fill(name)
        await page.get_by_label("电话", exact=True).fill("13800001234")
        await page.get_by_role("button", name="报名", exact=True).click()
        await page.get_by_role("status").get_by_text("报名号").wait_for()
    await page.get_by_role("cell", name="第 1 位").wait_for()
    await page.get_by_text("取消", exact=True).nth(1).click()
    assert await faults(page) == []
    await page.get_by_role("link", name="打印名单").click()
    await page.get_by_text("赵丙民").wait_for()
    assert await faults(page) == []


async def test_the_day_of_a_fair(page: Page, site: Site) -> None:
    """The number on the wall and at the desk grows while the pages stand open."""
    event_id = await event_pictures.prepare(site)
    door = f"/console/events/{event_id}/check-in"
    async with site.app.database.snapshot() as db:
        absent = select(EventSignUp).where(EventSignUp.event_id == event_id, EventSignUp.attended_at.is_(None))
        one, other = list(await db.scalars(absent.where(EventSignUp.status == "active").limit(2)))
        came = await db.scalar(select(Event.taken).where(Event.id == event_id)) or 0
    await page.goto(door)
    assert await faults(page) == []
    number = page.locator("#now .count b")
    before = int(await number.inner_text())
    assert 0 < before < came
    await page.get_by_label("报名号、姓名，或手机后四位").fill(one.code.lower())
    await page.keyboard.press("Enter")
    await page.get_by_text(f"{one.code} 到了，现在到了 {before + 1} 人").wait_for()
    await expect(page.get_by_label("报名号、姓名，或手机后四位")).to_be_focused()
    await expect(page.locator("#now .arrivals li").first).to_contain_text(one.code)
    async with site.app.database.transaction() as db:  # in the chat, meanwhile
        await db.execute(update(EventSignUp).where(EventSignUp.id == other.id).values(attended_at=site.app.now()))
    await expect(number).to_have_text(str(before + 2))
    await page.goto(f"/console/events/{event_id}/wall")
    assert await faults(page) == []
    await expect(page.locator(".code")).to_have_text("4821")
    await expect(page.locator("#now")).to_contain_text(str(before + 2))
    high = await page.evaluate("document.documentElement.scrollHeight - window.innerHeight")
    assert high <= 0  # all of it is seen at once


async def test_the_figures_of_a_year(page: Page, site: Site) -> None:
    await event_pictures.prepare(site)
    await page.goto("/console/work-statistics")
    await page.get_by_text("按月份看").click()
    assert await faults(page) == []
    assert await page.locator(".chart svg").count() == 2
    async with page.expect_download() as download:
        await page.get_by_role("link", name="导出 Excel 表").first.click()
    assert (await download.value).suggested_filename.startswith("招聘会统计_")
