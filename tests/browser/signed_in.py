"""The console as somebody of staff has it open, on a desk and on a phone, and what must hold of every page of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize

from tests.browser.chat_page import PATIENCE_MS, Watch
from tests.browser.test_access import RULES
from tests.channels.console import PASSWORD, add_staff
from tests.site import Site

SIZES: dict[str, ViewportSize] = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 360, "height": 740}}


@asynccontextmanager
async def signed_in(chromium: Browser, site: Site, size: ViewportSize) -> AsyncIterator[Page]:
    """Sign an admin in; whatever the browser complains about fails the test, but for forms that are refused (422)."""
    staff = await add_staff(site)
    context = await chromium.new_context(viewport=size, locale="zh-CN", base_url=site.url)
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, site.url)
    page = await context.new_page()
    await page.goto("/console/sign-in")
    await page.get_by_label("登录名").fill(staff.login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("button", name="退出").wait_for()
    yield page
    await context.close()
    assert [complaint for complaint in watch.complaints if "422" not in complaint] == []


async def faults(page: Page) -> list[str]:
    """Return what axe finds by WCAG 2.1 AA, and whether anything sticks out sideways."""
    found = (await Axe().run(page, options=RULES)).response
    assert len(found["passes"]) > 5  # axe has really looked
    faults = [f"{v['id']}: {node['html']}" for v in found["violations"] for node in v["nodes"]]
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("sticks out")
    return faults
