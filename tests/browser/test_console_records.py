"""People, drafts, canned replies and statistics in a real browser: axe finds nothing, nothing sticks out on a phone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.clock import utc_now
from db.content import FaqDraft
from services import canned
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.channels.console import add_staff
from tests.site import Site
from tests.storage.bureau import add_case

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def _fine(page: Page, *paths: str) -> None:
    for path in paths:
        await page.goto(path)
        assert await faults(page) == []


async def test_a_stranger_gets_a_record_by_keys_alone(page: Page, site: Site) -> None:
    async with site.app.database.transaction() as db:
        case = await add_case(db, utc_now(), channel="web")
    await _fine(page, "/console/people/strangers")
    await page.get_by_role("row").filter(has_text=case.code).get_by_role("link", name="建档").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("建档")
    assert await faults(page) == []
    keys = page.keyboard
    await page.get_by_label("姓名", exact=True).focus()
    await keys.type("王建国")
    await keys.press("Tab")
    await keys.type("1380000")
    await keys.press("Enter")
    await expect(page.get_by_role("alert").and_(page.locator(":not(#alarm)"))).to_contain_text("电话号码好像不对")
    await expect(page.get_by_label("姓名", exact=True)).to_have_value("王建国")
    assert await faults(page) == []
    await page.get_by_label("电话（手机").fill("13800001234" if page.viewport_size == SIZES["desk"] else "13800001235")
    await keys.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("档案建好了。")
    await expect(page.get_by_role("heading", level=1)).to_have_text("王**")
    assert await faults(page) == []
    await page.get_by_label("为什么要看").press("Enter")
    await expect(page.get_by_text("王建国", exact=True)).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("link", name="收起").click()
    await expect(page.get_by_text("王建国", exact=True)).to_have_count(0)
    await _fine(page, "/console/people")
    await page.get_by_label("姓名或电话").fill("王建国")
    await page.get_by_role("button", name="查找").click()
    await expect(page.get_by_text("找到")).to_be_visible()
    assert await faults(page) == []


async def test_writing_and_reviewing(page: Page, site: Site) -> None:
    async with site.app.database.transaction() as db:
        await canned.put_in_defaults(db)
        case = await add_case(db, utc_now())
    writer = await add_staff(site, "agent")
    async with site.app.database.transaction() as db:
        draft = FaqDraft(case_id=case.id, staff_id=writer.id, question="体检怎么约", answer="打电话。", at=utc_now())
        db.add(draft)
    await _fine(page, "/console/canned", "/console/drafts")
    await page.get_by_role("link", name="体检怎么约").first.click()
    assert await faults(page) == []
    await page.get_by_label("依据").fill("《通知》第二条")
    await page.get_by_role("button", name="完成").click()
    await expect(page.get_by_role("status")).to_contain_text("草稿已完成")
    assert await faults(page) == []
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="下载这一条").click()
    download = await waiting.value
    assert download.suggested_filename == "问答草稿.yaml"
    assert "《通知》第二条" in await asyncio.to_thread(Path(await download.path()).read_text, encoding="utf-8")
    await _fine(page, "/console/drafts?status=done")


async def test_figures_are_read_on_any_screen(page: Page, site: Site) -> None:
    now = utc_now()
    async with site.app.database.transaction() as db:
        for days in (0, 20, 40, 60):
            at = now - timedelta(days=days)
            await add_case(db, at, kind="errand", status="closed", closed_at=at, outcome="resolved", rating=5)
    await _fine(page, "/console/statistics", "/console/statistics?from=2025-01-01&to=2026-12-31")
    await expect(page.get_by_role("img", name="每月受理和办结")).to_be_visible()
