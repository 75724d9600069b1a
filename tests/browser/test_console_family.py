"""Binding, proxies and a death in a real browser, on a desk and on a phone: axe finds nothing, nothing sticks out."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.clock import utc_now
from db.people import Person
from db.places import Township, Village
from services import binding_requests, people
from services.binding_requests import Said
from services.person_cards import id_tail_key, name_key
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def _person(site: Site, name: str) -> tuple[Person, Village]:
    """Put somebody on file in a village of their own, who asks in the chat to be bound."""
    vault, number = site.app.vault, next(_numbers)
    async with site.app.database.transaction() as db:
        town = Township(name=f"家属镇{number}")
        db.add(town)
        await db.flush()
        village = Village(township_id=town.id, name="家属村")
        db.add(village)
        await db.flush()
        person = Person(
            name=vault.encrypt(name), name_key=name_key(vault, name), id_tail_key=id_tail_key(vault, "1234"),
            categories=[], village_id=village.id, created_at=utc_now(),
        )  # fmt: skip
        db.add(person)
        asking = await people.open_conversation(db, "web", f"family-{number}", utc_now())
        await binding_requests.ask(db, vault, asking.address_id, Said(name, "1234", None), utc_now())
    return person, village


async def test_codes_are_printed_and_requests_decided(page: Page, site: Site) -> None:
    _, village = await _person(site, "孙有福")
    await page.goto("/console/people")
    await page.get_by_role("link", name="账号绑定").click()
    assert await faults(page) == []
    await page.get_by_label("村、社区").select_option(str(village.id))
    await page.get_by_role("button", name="生成绑定码").click()
    await expect(page.locator(".slip")).to_have_count(1)
    await expect(page.get_by_text("孙有福")).to_be_visible()
    assert await faults(page) == []
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button", name="退出")).to_be_hidden()
    await expect(page.locator(".slip .code")).to_be_visible()
    await page.emulate_media(media="screen")
    await page.get_by_role("link", name="返回").click()
    await page.get_by_role("button", name="是这份档案，绑定").last.click()
    await expect(page.get_by_role("status")).to_contain_text("已绑定")
    assert await faults(page) == []


async def test_a_relative_is_named_and_a_death_is_written_down_by_keys(page: Page, site: Site) -> None:
    person, _ = await _person(site, "钱老三")
    await page.goto(f"/console/people/{person.id}")
    assert await faults(page) == []
    await page.get_by_text("添加代办的家属").press("Enter")
    await page.get_by_label("是本人的").select_option("女儿")
    await page.get_by_label("本人当面同意").press("Space")
    assert await faults(page) == []
    await page.get_by_role("button", name="登记，给代办码").press("Enter")
    await expect(page.locator(".code")).to_contain_text("代办")
    assert await faults(page) == []
    await page.get_by_role("link", name="返回档案").click()
    await expect(page.get_by_text("等家属用码")).to_be_visible()
    await page.get_by_text("登记去世", exact=True).first.press("Enter")
    await page.get_by_label("已经核实，确定登记").press("Space")
    await page.get_by_role("button", name="登记去世").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("所有提醒都停了")
    await expect(page.get_by_role("heading", name="已登记去世")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_label("登记错了的原因").fill("同名")
    await page.get_by_role("button", name="撤销登记").click()
    await expect(page.get_by_role("status")).to_contain_text("已撤销")
