"""未送达 in a real browser: axe finds nothing, nothing sticks out on a phone, and a line is seen to by a click."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.clock import utc_now
from db.people import Address
from db.turns import Outbox
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def test_a_line_is_read_and_seen_to(page: Page, site: Site) -> None:
    error = "TelegramBadRequest: Bad Request: an_error_that_nobody_knows_yet_and_that_is_very_long_indeed_for_a_phone"
    async with site.app.database.transaction() as db:
        now = utc_now() - timedelta(minutes=1)
        address = Address(channel="telegram", external_id=f"u{now.timestamp()}", created_at=now)
        db.add(address)
        await db.flush()
        db.add(
            Outbox(
                channel="telegram", recipient=address.external_id, address_id=address.id, lane=1, notice="news",
                payload={"text": "通知", "choices": []}, at=now, available_at=now, status="dead", error=error,
            )
        )  # fmt: skip
    await page.goto("/console/undelivered?kind=news")
    row = page.get_by_role("row").filter(has_text="an_error_that")
    await expect(row).to_contain_text("平台没有接收")
    assert await faults(page) == []
    await row.get_by_role("button", name="处理过了").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("这一条处理过了")
    await expect(page.get_by_role("row").filter(has_text="an_error_that")).to_have_count(0)
    await page.get_by_label("处理情况").select_option(label="处理过了")
    await page.get_by_role("button", name="筛选").click()
    await expect(page.get_by_role("row").filter(has_text="an_error_that").first).to_contain_text("张三")
    assert await faults(page) == []
