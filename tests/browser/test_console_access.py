"""The console by the rules (WCAG 2.1 AA as axe reads them), with a keyboard alone, on a desk and on a phone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from services import invites
from tests.browser.chat_page import PATIENCE_MS, Watch
from tests.browser.test_access import RULES
from tests.channels.console import PASSWORD, add_staff
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 360, "height": 740}}


class Desk:
    """A signed-in browser of an admin."""

    def __init__(self, page: Page, url: str, login: str, watch: Watch) -> None:
        self.page, self.url, self.login, self.watch = page, url, login, watch

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.url}/console{path}")

    async def sign_in(self) -> None:
        await self.go("/sign-in?then=/console/account")
        await self.page.get_by_label("登录名").fill(self.login)
        await self.page.get_by_label("密码").fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await expect(self.page.get_by_role("button", name="退出", exact=True)).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def desk(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Open the console as an admin, on a desk and on a phone; whatever the browser complains of fails the test."""
    async with AsyncExitStack() as stack:
        context = await stack.enter_async_context(
            await chromium.new_context(viewport=request.param, locale="zh-CN", timezone_id="Asia/Shanghai")
        )
        context.set_default_timeout(PATIENCE_MS)
        staff = await add_staff(site, name="欧阳主任")
        desk = Desk(await context.new_page(), site.url, staff.login, Watch(context, site.url))
        await desk.sign_in()
        yield desk
    assert desk.watch.complaints == []


async def _violations(page: Page) -> list[str]:
    found = (await Axe().run(page, options=RULES)).response
    assert len(found["passes"]) > 5  # axe has really looked
    return [f"{v['id']}: {node['html']}" for v in found["violations"] for node in v["nodes"]]


async def _fits(page: Page) -> None:
    """Check that nothing is wider than the window, and no words smaller than 16 pixels."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0, page.url
    small = """[...document.querySelectorAll("body *")].filter(e => e.innerText && e.getClientRects().length
        && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 80))"""
    assert await page.evaluate(small) == [], page.url


async def test_axe_finds_nothing_and_everything_fits(desk: Desk, site: Site) -> None:
    for path in ("/staff", "/staff/new", "/staff/1", "/audit", "/audit/chain", "/account", "/account/second-factor"):
        await desk.go(path)
        assert await _violations(desk.page) == [], path
        await _fits(desk.page)


async def test_pages_before_signing_in(desk: Desk, site: Site) -> None:
    staff = await add_staff(site, password_hash=None)
    async with site.app.database.transaction() as db:
        token = await invites.invite(db, site.app.now(), staff.id)
    await desk.page.get_by_role("button", name="退出", exact=True).click()
    for path in ("/sign-in", f"/invite/{token}"):
        await desk.go(path)
        assert await _violations(desk.page) == [], path
        await _fits(desk.page)


async def test_with_the_keyboard_alone(desk: Desk) -> None:
    """The first stop leads past the menu, every stop can be seen, and a form is filled and sent without a mouse."""
    page = desk.page
    await desk.go("/staff/new")
    await page.bring_to_front()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()  # on a busy machine the next key would come before the leap
    for _ in range(10):  # links to dangers that nobody has taken may stand before it
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.name === 'name'"):
            break
    await expect(page.get_by_label("姓名")).to_be_focused()
    outline = (
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert await page.evaluate(outline) == "solid3px"
    await page.keyboard.type("键盘甲")
    await page.keyboard.press("Tab")
    await page.keyboard.type(f"kb{desk.login}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="键盘甲 已加入")).to_be_visible()


async def test_signing_in_again_gives_the_typed_words_back(desk: Desk, site: Site) -> None:
    """The session ends while a form is half written: in the real browser, with its own Origin and cookies."""
    page = desk.page
    await desk.go("/staff/new")
    await page.get_by_label("姓名").fill("写了一半的很长很长的名字")
    await page.get_by_label("登录名").fill(f"lost{desk.login}")
    await page.context.clear_cookies()
    await page.get_by_role("button", name="添加").click()
    await expect(page.get_by_role("alert").and_(page.locator(":not(#alarm)"))).to_contain_text("登录后会还给您")
    assert ["401" in complaint for complaint in desk.watch.complaints] == [True]
    desk.watch.complaints.clear()
    await page.get_by_label("登录名").fill(desk.login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("您写的内容").first).to_have_value("写了一半的很长很长的名字")
    assert await _violations(page) == []
    await page.get_by_role("button", name="再次提交").click()
    await expect(page.get_by_role("heading", name="写了一半的很长很长的名字 已加入")).to_be_visible()
