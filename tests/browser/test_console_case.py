"""From the first admin to the mark 5, in two real browsers; and the pages of the queue and the case by the rules."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from db.cases import SupportCase
from services import cases, invites
from tests.browser.chat_page import PATIENCE_MS, PHONE, ChatPage, Watch
from tests.browser.test_console_access import SIZES, Desk, _fits, _violations
from tests.browser.test_media import png
from tests.channels.console import PASSWORD, add_staff
from tests.fakes.casebook import add_case, hear, say
from tests.site import Site, open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOCAL = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def new_bureau(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Run a service in which nobody has an account yet."""
    async with open_site(tmp_path_factory.mktemp("bureau")) as opened:
        yield opened


async def _window(stack: AsyncExitStack, chromium: Browser, url: str, size: dict[str, int]) -> tuple[Page, Watch]:
    context = await stack.enter_async_context(await chromium.new_context(viewport=size, **LOCAL))
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page(), Watch(context, url)


async def _set_password(page: Page) -> None:
    await page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    await page.get_by_label("再输入一次").fill(PASSWORD)
    await page.get_by_role("button", name="确定").click()


async def _sign_in(page: Page, login: str) -> None:
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="求助单", exact=True)).to_be_visible()


async def _first_admin(page: Page, site: Site) -> None:
    async with site.app.database.transaction() as db:
        token = await invites.invite(db, site.app.now(), None)
    await page.goto(f"{site.url}/console/invite/{token}")
    await page.get_by_label("您的姓名").fill("周主任")
    await page.get_by_label("登录名").fill("zhou")
    await _set_password(page)
    await _sign_in(page, "zhou")


async def _take_on(page: Page) -> str:
    """Add an agent; return the path of the link for them."""
    await page.get_by_role("link", name="本单位", exact=True).click()
    await page.get_by_role("link", name="工作人员", exact=True).click()
    await page.get_by_role("link", name="添加工作人员").click()
    await page.get_by_label("姓名").fill("吴专员")
    await page.get_by_label("登录名").fill("wu")
    await page.get_by_label("角色").select_option("agent")
    await page.get_by_role("button", name="添加").click()
    link = await page.locator("code.link").inner_text()
    return link[link.index("/console/") :]


async def test_from_the_first_admin_to_the_mark_of_five(chromium: Browser, new_bureau: Site, tmp_path: Path) -> None:
    url = new_bureau.url
    async with AsyncExitStack() as stack:
        admin, admins_watch = await _window(stack, chromium, url, SIZES["desk"])
        agent, agents_watch = await _window(stack, chromium, url, SIZES["desk"])
        person, persons_watch = await _window(stack, chromium, url, PHONE)
        await _first_admin(admin, new_bureau)
        await agent.goto(url + await _take_on(admin))
        await _set_password(agent)
        await _sign_in(agent, "wu")
        await expect(agent.get_by_text("这里现在没有求助单")).to_be_visible()

        chat = ChatPage(person, url, persons_watch)
        await chat.open()
        await chat.ask("我的立功奖励金一直没有发")
        await chat.ask("0")

        first = agent.locator(".queue .code").first
        await expect(first).to_be_visible()  # by itself: nobody loaded the page anew
        assert (await agent.title()).startswith("(1)")
        await first.click()
        await agent.get_by_role("button", name="领取").click()
        await expect(agent.get_by_text("吴专员 在办")).to_be_visible()
        await chat.write("银行卡号要不要发给您")
        await expect(agent.locator("#timeline").get_by_text("银行卡号要不要发给您")).to_be_visible()

        photo = tmp_path / "样表.png"
        photo.write_bytes(png(320, 200))
        await agent.get_by_role("textbox", name="答复（对方会看到）").fill("不用发卡号。请照这张样表填好，拍照发来。")
        await agent.get_by_label("照片或文件").set_input_files(photo)
        await agent.keyboard.press("Tab")
        await agent.get_by_role("button", name="发送", exact=True).click()
        await expect(chat.page.get_by_text("不用发卡号")).to_be_visible()
        picture = chat.last.locator("img")
        await expect(picture).to_be_visible()
        await expect(agent.locator(".item.staff .mark")).to_have_text(["已读", "已读"])
        await agent.wait_for_function("document.querySelector('.item.staff img').naturalWidth === 320")

        await agent.get_by_role("button", name="办结").click()
        await expect(agent.get_by_role("button", name="重新打开")).to_be_visible()
        await expect(chat.page.get_by_text("这次办得您满意吗").last).to_be_visible()
        await chat.ask("5")
        await expect(agent.locator("#case-head")).to_contain_text("对方评价 5 分")

        await admin.goto(f"{url}/console/statistics")
        await expect(admin.locator("main")).to_contain_text("满意率")
        await expect(admin.locator("main")).to_contain_text("100")
        for watch in (admins_watch, agents_watch, persons_watch):
            assert watch.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def case(site: Site) -> SupportCase:
    now = site.app.now()
    staff = await add_staff(site, "agent", name="郑专员")
    async with site.app.database.transaction() as db:
        found = await add_case(db, now - timedelta(days=15), kind="petition", question="我的抚恤金少发了三个月")
        await add_case(db, now, kind="crisis", question="战友说不想活了")
        await hear(db, found, "https://example.cn/" + "很长的地址" * 30, now - timedelta(hours=3))
        await say(db, found, "已经登记", now - timedelta(hours=3))
        for status in ("ready", "sent", "dead"):
            await say(db, found, f"{status} 请稍等", now - timedelta(hours=2), staff_id=staff.id, status=status)
        await cases.note_event(db, found, "opened", now, reason="petition", kind="petition")
    return found


@pytest_asyncio.fixture(loop_scope="session", params=SIZES.values(), ids=SIZES)
async def desk(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        page, watch = await _window(stack, chromium, site.url, request.param)
        staff = await add_staff(site, "lead", name="欧阳主任")
        opened = Desk(page, site.url, staff.login, watch)
        await opened.sign_in()
        yield opened
    assert opened.watch.complaints == []


async def test_axe_finds_nothing_and_everything_fits(desk: Desk, case: SupportCase) -> None:
    addresses = [f"/?tab={tab}" for tab in ("mine", "unclaimed", "waiting", "today", "closed")]
    for path in (*addresses, "/?q=抚恤", "/?q=找不到的话", f"/cases/{case.id}", "/cases/999999"):
        await desk.go(path)
        if path.endswith("999999"):
            desk.watch.complaints.clear()  # the browser notes the 404
        else:
            await expect(desk.page.locator("#alarm")).to_contain_text("危机求助，还没有人领取")
        assert await _violations(desk.page) == [], path
        await _fits(desk.page)


async def test_claim_and_reply_with_the_keyboard_alone(desk: Desk, case: SupportCase) -> None:
    page, keys = desk.page, desk.page.keyboard
    await desk.go("/?tab=waiting")
    link = page.locator(f"#case-{case.id}")
    while not await link.evaluate("node => node === document.activeElement"):
        await keys.press("Tab")
        assert await page.evaluate("document.activeElement !== document.body"), "the keys left the page"
    await keys.press("Enter")
    claim = page.get_by_role("button", name="领取")
    await expect(claim).to_be_visible()
    while not await claim.evaluate("node => node === document.activeElement"):
        await keys.press("Tab")
        assert await page.evaluate("document.activeElement !== document.body"), "the keys left the page"
    await keys.press("Enter")
    await expect(page.get_by_text("欧阳主任 在办")).to_be_visible()
    words = page.get_by_role("textbox", name="答复（对方会看到）")
    while not await words.evaluate("node => node === document.activeElement"):
        await keys.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineWidth"
    assert await page.evaluate(outline) == "3px"
    await keys.type("正在为您核实")
    await keys.press("Control+Enter")
    await expect(page.locator(".item.staff").last).to_contain_text("正在为您核实")
    await expect(words).to_have_value("")


async def test_what_is_being_typed_survives_what_happens_meanwhile(desk: Desk, case: SupportCase, site: Site) -> None:
    page = desk.page
    await desk.go(f"/cases/{case.id}")
    words, note = (
        page.get_by_role("textbox", name="答复（对方会看到）"),
        page.get_by_role("textbox", name="备注（只有工作人员看得到）"),
    )
    await note.fill("要问一下财务")
    await words.fill("写了一半的")
    async with site.app.database.transaction() as db:
        found = await db.get_one(SupportCase, case.id)
        await hear(db, found, "我又想起一件事", site.app.now())
    await site.app.wake.announce(["console"])
    await expect(page.locator("#timeline").get_by_text("我又想起一件事")).to_be_visible()
    await expect(words).to_be_focused()
    await page.keyboard.type("话")
    await expect(words).to_have_value("写了一半的话")
    await page.get_by_role("button", name="领取").click()  # loads the page anew
    await expect(page.get_by_text("欧阳主任 在办")).to_be_visible()
    await expect(words).to_have_value("写了一半的话")
    await expect(note).to_have_value("要问一下财务")
    await page.get_by_role("button", name="记下备注").click()
    await expect(page.locator(".item.note")).to_contain_text("要问一下财务")
    await expect(note).to_have_value("")
    await expect(words).to_have_value("写了一半的话")
