"""A clerk alone sets a station up in a real browser, closes a day and helps who had booked; axe finds nothing on the way."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.signed_in import SIZES, faults, signed_in
from tests.channels.console import Office
from tests.channels.test_console_closures import _book, _day, _house, _times
from tests.channels.test_console_stations import _name
from tests.fakes.clock import SettableClock
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def test_a_station_from_nothing_to_free_times(page: Page) -> None:
    name = _name()
    await page.goto("/console/places/services")
    assert await faults(page) == []
    if await page.get_by_role("button", name="放进来").count():  # the desk's test has put them in for the phone's
        await page.get_by_role("button", name="放进来").click()
    await page.get_by_role("link", name="优待证申领", exact=True).wait_for()
    assert await faults(page) == []
    await page.goto("/console/places")
    await page.get_by_role("link", name="加一个服务站").click()
    assert await faults(page) == []
    await page.get_by_label("名称").fill(name)
    await page.get_by_label("级别").select_option("乡镇")
    await page.get_by_label("什么时候能来办事").fill("早九晚五")
    await page.get_by_role("checkbox", name="优待证申领", exact=True).check()
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("“早九晚五”看不懂").wait_for()
    assert await faults(page) == []
    await page.get_by_label("什么时候能来办事").fill("周一至周五 8点半-12点 下午2:00-5:30")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_role("heading", name="大家现在能约到的").wait_for()
    assert await page.get_by_label("什么时候能来办事").input_value() == "周一至周五 8:30-12:00 14:00-17:30"
    assert await faults(page) == []


async def test_a_day_is_closed_and_who_had_booked_is_moved(page: Page, site: Site) -> None:
    office = Office(site, SettableClock(site.app.now()))
    house = await _house(office)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=False)
    await page.goto("/console/closures")
    assert await faults(page) == []
    await page.get_by_label("服务站").select_option(house.station.name)
    await page.get_by_label("哪天").fill(str(_day(times[0])))
    await page.get_by_label("原因").fill("停电检修")
    await page.get_by_role("button", name="这天停办").click()
    await page.get_by_role("checkbox", name=one.booking.code).wait_for()
    assert await page.get_by_label("原因").input_value() == "停电检修"
    assert await faults(page) == []
    await page.get_by_role("button", name="改到选好的时间").click()
    await page.get_by_role("heading", name="请打电话告诉他们").wait_for()
    assert await page.get_by_text("13800001111").count() == 1
    assert await faults(page) == []
    await page.goto("/console/calls")
    assert await faults(page) == []
    await page.get_by_role("button", name="显示姓名和电话").click()
    row = page.get_by_role("row").filter(has_text=one.booking.code)
    await row.get_by_text("13800001111").wait_for()
    assert await faults(page) == []
    await row.get_by_role("button", name="告诉他了").click()
    await page.get_by_text(f"{one.booking.code} 告诉过他了").wait_for()
    assert await page.get_by_role("row").filter(has_text=one.booking.code).count() == 0
    await page.goto("/console/closures")
    await page.get_by_role("button", name=house.station.name).wait_for()
    assert await faults(page) == []
