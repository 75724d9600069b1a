"""Posts in a real browser: added, looked at, imported with errors, introduced; axe finds nothing, nothing sticks out."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import job_pictures
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.channels.console import add_staff
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def posts(site: Site) -> None:
    await job_pictures.prepare(site, await add_staff(site))


async def test_a_post_from_the_first_click_to_the_last(page: Page, site: Site, posts: None) -> None:
    await page.goto("/console/jobs")
    assert await faults(page) == []
    await page.get_by_role("link", name="加一个岗位").click()
    assert await faults(page) == []
    texts = {
        "title": "仓库夜班保安", "employer": "示例仓储有限公司", "city": "如东县", "pay": "4500-5500",
        "closes_on": str(site.app.now().date() + timedelta(days=30)), "contact": "13900001111", "about": "只招男。",
    }  # fmt: skip
    for name, text in texts.items():
        await page.locator(f"[name={name}]").fill(text)
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("alert").and_(page.locator(":not(#alarm)"))).to_contain_text("填错了列")
    assert await faults(page) == []
    await page.get_by_label("联系人", exact=True).fill("李经理")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("要核对的地方").wait_for()
    await expect(page.get_by_text("依据：").first).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="核对过了，放出去").click()
    await page.get_by_text("已放出去").wait_for()
    await page.get_by_role("button", name="停招").click()
    await page.get_by_text("已停招").wait_for()
    assert await faults(page) == []


async def test_a_list_with_errors_comes_in(page: Page, site: Site, posts: None) -> None:
    await page.goto("/console/jobs")
    await page.get_by_role("link", name="导入岗位").click()
    assert await faults(page) == []
    await page.get_by_label("名单哪里来的").fill(
        "人社局周报甲" if page.viewport_size == SIZES["desk"] else "人社局周报乙"
    )
    file = {"name": "本周岗位.csv", "mimeType": "text/csv", "buffer": job_pictures.bad_list(site)}
    await page.get_by_label("文件", exact=True).set_input_files(file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="看一看结果").click()
    await expect(page.get_by_text("新增 3 行，修改 0 行，没有变化 0 行，有问题 4 行")).to_be_visible()
    await expect(page.get_by_text("不能是负数")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="确认写入 3 行").click()
    await expect(page.get_by_text("写好了：写入 3 行")).to_be_visible()
    assert await faults(page) == []


async def test_every_other_page_is_sound(page: Page, posts: None) -> None:
    for path in (
        "/jobs?status=review",
        "/jobs/twins",
        "/jobs/reports",
        "/employers",
        "/referrals",
        "/places/neighbours",
    ):
        await page.goto(f"/console{path}")
        await expect(page.get_by_role("alert").filter(visible=True, has_text="程序出错")).to_have_count(0)
        assert await faults(page) == [], path
    for listing, name in (("/employers", "示例物业服务有限公司"), ("/referrals", "周**")):
        await page.goto(f"/console{listing}")
        await page.get_by_role("link", name=name).first.click()
        assert await faults(page) == [], listing
    await page.get_by_role("button", name="显示完整姓名和电话").click()
    await expect(page.get_by_text("13800005678")).to_be_visible()
    assert await faults(page) == []
    await page.goto("/console/referrals")
    await page.get_by_role("link", name="李**").first.click()
    await page.get_by_label("已推荐").check()
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status").first).to_contain_text("记下了")


async def test_a_pair_is_settled_with_the_keyboard_alone(page: Page, posts: None) -> None:
    await page.goto("/console/jobs/twins")
    button = page.get_by_role("button", name="：是同一个岗位")
    await button.first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("是同一个岗位")
