"""Examinations in a real browser: a batch is made, filled and opened, somebody is signed up; axe finds nothing anywhere."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from core.clock import CHINA
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.fakes.examroom import add_person
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def test_a_batch_from_the_first_click_to_the_printed_list(page: Page, site: Site) -> None:
    number = next(_numbers)
    name, title = "甲乙丙丁戊"[number] + "大爷", f"第{number}批体检"
    async with site.app.database.transaction() as db:
        await add_person(db, name, site.app.vault, phone="13800001234")
    today: date = site.app.now().astimezone(CHINA).date()
    tuesday = today + timedelta(days=14 + (1 - today.weekday()) % 7)
    await page.goto("/console/exams")
    assert await faults(page) == []
    await page.get_by_role("link", name="新建一批").click()
    assert await faults(page) == []
    texts = (
        "县人民医院体检中心，振兴路1号",
        "头天晚上10点后别吃东西。",
        "身份证、优待证",
        str(tuesday - timedelta(days=3)),
    )
    fields = ("名称", "电话", "地点", "注意事项", "要带的东西", "报名截止日")
    for label, text in zip(fields, (title, "0573-88001234", *texts), strict=True):
        await page.get_by_label(label).fill(text)
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("建好了").wait_for()
    await page.get_by_label("从哪天").fill(str(tuesday))
    await page.get_by_label("到哪天").fill(str(tuesday + timedelta(days=2)))
    await page.get_by_label("下午").check()
    await page.get_by_role("button", name="安排", exact=True).click()
    await page.get_by_text("新安排了").wait_for()
    await page.get_by_role("button", name="开放报名").click()
    await page.get_by_text("报名开放了").wait_for()
    assert await faults(page) == []
    await page.get_by_role("table").get_by_role("link").first.click()
    await page.get_by_label("姓名或电话").fill(name)
    await page.get_by_role("button", name="查找").click()
    await page.get_by_role("button", name="给他报名").wait_for()
    assert await faults(page) == []
    await page.get_by_role("button", name="给他报名").click()
    await page.get_by_text("报好了，报名号").wait_for()
    await page.get_by_text("取消这个时间").first.click()
    assert await faults(page) == []
    await page.get_by_role("table").get_by_role("link").first.click()
    await page.get_by_role("heading", name="改期").wait_for()
    assert await faults(page) == []
    await page.get_by_role("button", name="改期").click()
    await page.get_by_text("改好了").wait_for()
    await page.get_by_role("link", name="打印这个时间的名单").click()
    await page.get_by_text("13800001234").wait_for()
    assert await faults(page) == []
    await page.emulate_media(media="print")
    assert not await page.get_by_role("navigation").first.is_visible()
    await page.emulate_media(media="screen")
    await page.goto("/console/exams")
    await page.get_by_role("link", name=title).click()
    for link in ("导入到没到", "名单（1 人）"):
        await page.get_by_role("link", name=link, exact=True).click()
        assert await faults(page) == []
        await page.get_by_role("link", name="返回", exact=True).click()
