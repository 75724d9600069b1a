"""A morning at the desk in a real browser: two clerks at once, a wall that hears of both, and the slip; axe finds nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import Select, select

from db.bookings import Booking, Ticket
from db.places import Station
from tests.browser import desk_pictures
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.fakes.clock import SettableClock
from tests.site import Site, open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")
_names = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Run a service on whose clock it is always the morning of a workday."""
    async with open_site(tmp_path_factory.mktemp("desk"), now=SettableClock(desk_pictures.MORNING)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, site: Site) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, SIZES["desk"]) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def other(chromium: Browser, site: Site) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, SIZES["phone"]) as opened:
        yield opened


def tickets_of(station: Station, number: str) -> Select[Ticket]:
    return select(Ticket).where(
        Ticket.station_id == station.id, Ticket.letter == number[0], Ticket.number == int(number[1:])
    )


async def test_two_clerks_and_a_wall(page: Page, other: Page, site: Site) -> None:
    """One at a desk, one with a phone in the hand: each calls somebody else, and both and the wall see it at once."""
    station, _ = await desk_pictures.prepare(site)
    await page.goto(f"/console/desk/{station.id}?window=1")
    await other.goto(f"/console/desk/{station.id}")
    assert await faults(page) == []
    assert await faults(other) == []
    await other.get_by_label("您在几号窗口").fill("3")
    await other.get_by_role("button", name="开始叫号").click()
    mine, theirs = page.locator("#here .large"), other.locator("#here .large")
    await expect(mine).to_have_text("A004")
    await other.get_by_text("3号窗口空着").wait_for()
    await other.get_by_role("button", name="A006 先叫这一位").wait_for()
    assert await faults(other) == []
    wall = await page.context.new_page()
    await wall.goto(f"/console/desk/{station.id}/wall")
    assert await faults(wall) == []
    await expect(wall.locator(".calls li")).to_have_count(2)
    await asyncio.gather(
        page.get_by_role("button", name="办完，叫下一位").click(),
        other.get_by_role("button", name=re.compile("叫下一位")).click(),
    )
    await page.get_by_text("请到1号窗口").wait_for()
    await other.get_by_text("请到3号窗口").wait_for()
    called = {await mine.inner_text(), await theirs.inner_text()}
    assert called == {"A005", "A006"}
    for number, window in ((await mine.inner_text(), "1号窗口"), (await theirs.inner_text(), "3号窗口")):
        await expect(wall.locator(".calls li", has_text=number)).to_contain_text(window)
    await expect(page.get_by_role("row", name=re.compile(await theirs.inner_text()))).to_contain_text("3号窗口")
    await expect(wall.locator(".next")).to_contain_text("B003")
    high = await wall.evaluate("document.documentElement.scrollHeight - window.innerHeight")
    assert high <= 0  # all of it is seen at once
    assert await faults(page) == []
    assert await faults(other) == []
    async with site.app.database.snapshot() as db:
        rows = await db.scalars(select(Ticket).where(Ticket.station_id == station.id, Ticket.status == "called"))
        assert sorted(row.window or "" for row in rows) == ["1", "2", "3"]


async def test_a_scanned_code_a_walk_in_and_what_a_colleague_does_meanwhile(
    page: Page, other: Page, site: Site
) -> None:
    station, last = await desk_pictures.prepare(site)
    await page.goto(f"/console/desk/{station.id}?window=1")
    field = page.get_by_label("预约码（可以扫）、姓名，或手机后四位")
    await expect(field).to_be_focused()
    async with site.app.database.transaction() as db:
        row = await db.get_one(Booking, last.id)
        row.code = code = f"YY-Q{next(_names) + 2}Q{'ACDE'[next(_names) % 4]}"
    await field.press_sequentially(code.lower())
    await page.keyboard.press("Enter")
    await page.get_by_text("A007 到了").wait_for()
    await expect(field).to_be_focused()  # the next one is scanned at once
    await field.press_sequentially("ZZZZ")
    await page.keyboard.press("Enter")
    await page.get_by_text("没有找到").wait_for()
    await field.press_sequentially(code)  # over what was refused
    await page.keyboard.press("Enter")
    await page.get_by_text("A007 到了").wait_for()
    await page.goto(f"/console/desk/{station.id}")
    await expect(field).to_be_focused()  # a reception without a window scans too
    await page.goto(f"/console/desk/{station.id}?window=1")
    await field.fill("半句")
    await other.goto(f"/console/desk/{station.id}?window=2")
    await other.get_by_role("button", name="取现场号").click()
    await other.locator(".given .large").wait_for()
    await expect(other.locator(".given .large")).to_have_text("B005")
    await page.get_by_role("row", name=re.compile("B005")).wait_for()  # by itself
    await expect(field).to_have_value("半句")
    await other.get_by_role("link", name="打印号码条").click()
    await other.get_by_text("请看大屏幕").wait_for()
    assert await faults(other) == []
    await page.get_by_text("办完的、走了的、没来的").click()
    await page.get_by_role("button", name="A004 没人来").click()
    await page.get_by_text("A004 不在，先不叫了").wait_for()
    await page.get_by_role("button", name=re.compile("位都记没来")).wait_for(state="detached")  # one alone has its own
    await page.get_by_role("button", name=re.compile("没来$")).first.click()
    await page.get_by_text("记为没来").first.wait_for()


async def test_a_wall_that_hears_nothing_says_so(page: Page, site: Site) -> None:
    station, _ = await desk_pictures.prepare(site)
    await page.goto(f"/console/desk/{station.id}/wall")
    await expect(page.locator(".calls li")).to_have_count(2)
    await page.get_by_role("button", name="打开提示音").click()
    await expect(page.get_by_role("button", name="关掉提示音")).to_be_visible()
    await page.route("**/now", lambda route: route.fulfill(status=422))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_role("alert")).to_have_text("网络断了，号码可能不是最新的。")
    await page.unroute("**/now")
    async with site.app.database.transaction() as db:  # called once more, and then served: the other call is no news
        newest = (await db.scalars(tickets_of(station, "B002"))).one()
        newest.called_at = site.app.now()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator("#numbers.calling")).to_be_visible()
    await page.evaluate("document.getElementById('numbers').classList.remove('calling')")
    async with site.app.database.transaction() as db:
        (await db.scalars(tickets_of(station, "B002"))).one().status = "done"
    await expect(page.locator(".calls li")).to_have_count(1)
    await expect(page.locator("#numbers.calling")).to_have_count(0)


async def test_booking_for_somebody_who_telephones(page: Page, site: Site) -> None:
    station, _ = await desk_pictures.prepare(site)
    await desk_pictures.prepare(site)  # one of several to choose from
    name = f"钱{'一二三四五六七八九'[next(_names)]}民"
    await page.goto("/console/bookings")
    assert await faults(page) == []
    await page.get_by_role("link", name="替人预约").click()
    await page.get_by_label("服务站").select_option(station.name)
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("办什么").select_option(index=1)
    await page.get_by_role("button", name="看时间").click()
    assert await faults(page) == []
    times = page.get_by_role("combobox", name="时间")
    while not await times.count():  # a long holiday
        await page.get_by_role("link", name="看后面 7 天").click()
    await times.select_option(index=3)
    chosen = await times.input_value()
    await page.get_by_label("姓名").fill(name)
    await page.get_by_label("电话").fill("13800001234")
    await page.get_by_role("button", name="查有没有档案").click()
    await page.get_by_text("没有找到档案").wait_for()
    await expect(times).to_have_value(chosen)
    await page.get_by_role("button", name="预约", exact=True).click()
    await page.get_by_text("请当面或打电话告诉他").wait_for()
    assert await faults(page) == []
    await page.get_by_label("改到").select_option(index=6)
    await page.get_by_role("button", name="改期").click()
    await page.get_by_text("改好了").wait_for()
    await page.get_by_role("link", name="打印预约单").click()
    await page.get_by_text(name).wait_for()
    shown = await page.get_by_alt_text("预约码的方块").evaluate("image => image.complete && image.naturalWidth > 0")
    assert shown
    assert await faults(page) == []
