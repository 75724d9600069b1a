"""Calendar and places in a real browser: axe finds nothing, nothing sticks out on a phone, and a file comes in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser.chat_page import PATIENCE_MS
from tests.browser.test_access import RULES
from tests.channels.console import PASSWORD, add_staff
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}


@pytest_asyncio.fixture(loop_scope="session", params=[DESK, PHONE], ids=["desk", "phone"])
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Sign an admin in; what the page's policy refuses fails the test."""
    staff = await add_staff(site)
    context = await chromium.new_context(viewport=request.param, locale="zh-CN", base_url=site.url)
    context.set_default_timeout(PATIENCE_MS)
    opened = await context.new_page()
    refused: list[str] = []
    opened.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    await opened.goto("/console/sign-in")
    await opened.get_by_label("登录名").fill(staff.login)
    await opened.get_by_label("密码").fill(PASSWORD)
    await opened.get_by_role("button", name="登录").click()
    await opened.get_by_role("button", name="退出").wait_for()
    yield opened
    await context.close()
    assert refused == []


async def _fine(page: Page) -> list[str]:
    found = (await Axe().run(page, options=RULES)).response
    faults = [f"{v['id']}: {node['html']}" for v in found["violations"] for node in v["nodes"]]
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("sticks out")
    return faults


async def test_a_day_is_changed_by_clicking_it(page: Page) -> None:
    await page.goto("/console/calendar?month=2027-02")
    assert await _fine(page) == []
    await page.get_by_role("link", name="8 上班 待定", exact=True).click()
    assert await page.get_by_label("日期").input_value() == "2027-02-08"
    assert await _fine(page) == []
    await page.get_by_label("说明").fill("春节")
    await page.get_by_role("button", name="保存", exact=True).click()
    await page.get_by_role("link", name="8 休息 已改 春节", exact=True).click()
    await page.get_by_label("改成").select_option(label="不改，按国家安排")
    await page.get_by_role("button", name="保存", exact=True).click()
    await page.get_by_role("link", name="8 上班 待定", exact=True).wait_for()


async def test_a_file_comes_in(page: Page, tmp_path: Path) -> None:
    bad = tmp_path / "stations.csv"
    bad.write_bytes((SAMPLES / "stations.csv").read_bytes() + "坏站,省,县,,13800001111,人民路\n".encode())
    for path, file in (("stations", bad), ("grids", SAMPLES / "grids.xlsx")):
        await page.goto(f"/console/places/{path}/import")
        assert await _fine(page) == []
        await page.get_by_label("文件", exact=True).set_input_files(file)
        await page.get_by_role("button", name="看一看结果").click()
        await page.get_by_text("没有变化").wait_for()
        assert await _fine(page) == []
        if await page.get_by_role(
            "button", name="确认导入"
        ).count():  # the desk's test has brought it in for the phone's
            await page.get_by_role("button", name="确认导入").click()
    await page.goto("/console/places/grids")
    await page.get_by_text("示例赵六").wait_for()
    assert await _fine(page) == []
    await page.get_by_role("link", name="服务站", exact=True).first.click()
    await page.get_by_text("示例柳林村退役军人服务站").wait_for()
    assert await _fine(page) == []
