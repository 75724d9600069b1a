"""Certification campaigns in a real browser: from a sheet to the visit list, on a desk, on a phone, and without a script."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from services.visit_codes import code_of
from tests.browser.chat_page import PATIENCE_MS
from tests.browser.signed_in import SIZES, faults, signed_in
from tests.channels.campaign_office import Town, add_campaign, add_person, add_town, listed
from tests.channels.console import PASSWORD, add_staff
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

_ONE_ROW = "document.querySelector('.top').offsetHeight"


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def town(site: Site) -> Town:
    async with site.app.database.transaction() as db:
        return await add_town(db, f"镇{uuid4().hex[:6]}")


def _roster(folder: Path, town: Town) -> Path:
    name = town.station.name.removesuffix("服务站")
    rows = [f"王{n},,123{n},1950,1380000{n:04},{name},柳林村,退役军人" for n in range(5)]
    path = folder / "roster.csv"
    head = "姓名,身份证号,身份证后四位,出生年,电话,乡镇,村,类别"
    path.write_text("\n".join([head, *rows, f"坏,,,,,{name},没有,"]), encoding="utf-8")
    return path


async def test_from_a_sheet_to_the_visit_list(page: Page, town: Town, tmp_path: Path) -> None:
    title = f"认证{uuid4().hex[:6]}"
    await _draft(page, title)
    await _bring_in(page, _roster(tmp_path, town))
    await _start(page)
    await _certify_one(page)
    await page.get_by_role("link", name=f"{title}的名单").click()
    await _fine(page, "进度")
    await expect(page.get_by_role("img", name="已认证人数的曲线")).to_be_visible()
    await page.get_by_text("每天的数字").click()
    assert await faults(page) == []
    await _fine(page, "触达结果")
    await _fine(page, "走访表")
    await expect(page.get_by_text("还有 4 人没认证")).to_be_visible()


async def _fine(page: Page, link: str) -> None:
    await page.get_by_role("link", name=link, exact=True).first.click()
    assert await faults(page) == []


async def _draft(page: Page, title: str) -> None:
    await page.goto("/console/campaigns")
    assert await faults(page) == []
    await page.get_by_role("link", name="新建活动").click()
    await page.get_by_label("活动名称").fill(title)
    first = page.get_by_label("内容").first
    await first.fill("{name}，请办认证。{手机}")
    await expect(page.get_by_text("没有“{手机}”这个空").first).to_be_visible()
    assert await faults(page) == []
    await first.fill("{name}，请在{deadline}前办好认证。")
    await expect(page.get_by_text("没有“{手机}”这个空")).to_have_count(0)
    await page.get_by_role("button", name="看看发出去的样子").click()
    await expect(page.get_by_role("heading", name="发出去的样子")).to_be_focused()
    await expect(page.get_by_text("王同志，请在").first).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_role("status").first).to_contain_text("还没有开始")
    assert await faults(page) == []


async def _bring_in(page: Page, roster: Path) -> None:
    await _fine(page, "加名单")
    await page.get_by_label("文件", exact=True).set_input_files(roster)
    await page.get_by_role("button", name="看一看结果").click()
    await expect(page.get_by_text("新加 5 行")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="确认写入 5 行").click()
    await expect(page.get_by_text("写好了：写入 5 行")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("link", name="看进度").click()


async def _start(page: Page) -> None:
    await _fine(page, "触达测算")
    await expect(page.get_by_text("名单上 5 人")).to_be_visible()
    await page.get_by_label("名单和每一轮的内容都看过了").check()
    await page.get_by_role("button", name="开始活动").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("进行中")


async def _certify_one(page: Page) -> None:
    await _fine(page, "名单")
    await page.get_by_role("link", name="王**").first.click()
    assert await faults(page) == []
    await page.get_by_label("怎么办的").select_option("上门")
    await page.get_by_label("谁办的").select_option("本人")
    await page.get_by_label("依据").select_option("现场见面")
    await page.get_by_role("button", name="记为已认证").click()
    await expect(page.get_by_role("status").first).to_contain_text("提醒都停了")
    assert await faults(page) == []


async def test_what_was_ticked_is_typed_back_by_keys_alone(page: Page, site: Site, town: Town) -> None:
    now, app = site.app.now(), site.app
    async with app.database.transaction() as db:
        people = [await add_person(db, app.vault, now, name, town) for name in ("王建国", "李建军")]
        campaign = await add_campaign(db, now, people)
        codes = [code_of((await listed(db, campaign, one)).id) for one in people]
    await page.goto(f"/console/visits/sheet?campaign={campaign.id}")
    await expect(page.get_by_text("王建国")).to_be_visible()
    assert await faults(page) == []
    await page.emulate_media(media="print")
    assert await page.locator(".top").is_hidden()
    await page.emulate_media(media="screen")
    await page.goto(f"/console/visits/type?campaign={campaign.id}")
    assert await faults(page) == []
    await page.get_by_label("一行一个人").focus()
    await page.keyboard.type(f"{codes[0]} 2\n{codes[1]} 8")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("记好了 1 行")
    await expect(page.get_by_role("alert").and_(page.locator(":not(#alarm)"))).to_contain_text("数字是 1 到 7")
    await expect(page.get_by_label("一行一个人")).to_have_value(f"{codes[1]} 8")
    assert await faults(page) == []
    await page.goto(f"/console/visits/sheet?campaign={campaign.id}")
    await expect(page.get_by_text("王建国")).to_have_count(0)


async def test_the_menu_is_one_row_and_its_group_below(page: Page) -> None:
    await page.goto("/console/people")
    alone = await page.evaluate(_ONE_ROW)
    await page.goto("/console/campaigns")
    with_group = await page.evaluate(_ONE_ROW)
    desk = page.viewport_size == SIZES["desk"]
    assert (alone <= (64 if desk else 200), with_group - alone <= (56 if desk else 110)) == (True, True)
    await expect(
        page.get_by_role("navigation", name="提醒通知").get_by_role("link", name="认证活动")
    ).to_have_attribute("aria-current", "page")


async def test_without_a_script(chromium: Browser, site: Site, town: Town, tmp_path: Path) -> None:
    staff = await add_staff(site)
    async with site.app.database.transaction() as db:
        campaign = await add_campaign(db, site.app.now(), [], started=False)
    context = await chromium.new_context(java_script_enabled=False, locale="zh-CN", base_url=site.url)
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto("/console/sign-in")
    await page.get_by_label("登录名").fill(staff.login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("link", name="提醒通知").click()
    await page.get_by_role("link", name=campaign.title).click()
    await page.get_by_role("link", name="加名单").first.click()
    await page.get_by_label("文件", exact=True).set_input_files(_roster(tmp_path, town))
    await page.get_by_role("button", name="看一看结果").click()
    for _ in range(20):
        if await page.get_by_role("button", name="确认写入").count():
            break
        await page.get_by_role("link", name="看看进展").click()
    await page.get_by_role("button", name="确认写入").click()
    for _ in range(20):
        if await page.get_by_text("写好了").count():
            break
        await page.get_by_role("link", name="看看进展").click()
    await page.goto(f"/console/campaigns/{campaign.id}/edit")
    await page.get_by_role("button", name="看看发出去的样子").click()
    await page.get_by_text("王同志").first.wait_for()
    await context.close()
