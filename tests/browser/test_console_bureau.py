"""Calendar and places in a real browser: axe finds nothing, nothing sticks out on a phone, and a file comes in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.signed_in import SIZES, faults, signed_in
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def test_a_day_is_changed_by_clicking_it(page: Page) -> None:
    await page.goto("/console/calendar?month=2027-02")
    assert await faults(page) == []
    await page.get_by_role("link", name="8 上班 待定", exact=True).click()
    assert await page.get_by_label("日期").input_value() == "2027-02-08"
    assert await faults(page) == []
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
        assert await faults(page) == []
        await page.get_by_label("文件", exact=True).set_input_files(file)
        await page.get_by_role("button", name="看一看结果").click()
        await page.get_by_text("没有变化").wait_for()
        assert await faults(page) == []
        if await page.get_by_role(
            "button", name="确认导入"
        ).count():  # the desk's test has brought it in for the phone's
            await page.get_by_role("button", name="确认导入").click()
    await page.goto("/console/places/grids")
    await page.get_by_text("示例赵六").wait_for()
    assert await faults(page) == []
    await page.get_by_role("link", name="服务站", exact=True).first.click()
    await page.get_by_text("示例柳林村退役军人服务站").wait_for()
    assert await faults(page) == []
