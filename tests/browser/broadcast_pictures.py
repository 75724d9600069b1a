"""A broadcast for the pictures of the staff guide: one that waits for approval and one that is being sent. Invented."""

from playwright.async_api import Page, expect

from core.clock import utc_now
from db.staff import Staff
from services import broadcasts
from services.audience import Audience
from tests.architecture.source import ROOT
from tests.fakes.casebook import add_staff
from tests.fakes.clock import SettableClock
from tests.fakes.newsroom import Newsroom
from tests.fakes.population import Account, Soul
from tests.site import Site

_BODY = (
    "周六（28日）上午9点，县剧院有慰问演出。\n带上优待证，免费入场，一证可以带一位家人。\n"
    "从东门进，有志愿者接。路远的，乡镇统一坐车，请找服务站报名。"
)
_TELEGRAM, _WEB, _BLOCKED = Account("telegram"), Account("web"), Account("telegram", reachable=False)


async def prepare(site: Site, staff: Staff) -> tuple[int, int]:
    """Write both; return their ids."""
    newsroom = Newsroom(site.app.database, SettableClock(utc_now()), backlog=60)
    async with site.app.database.transaction() as db:
        newsroom.writer = await add_staff(db, newsroom.clock(), "agent", name="刘经办")
    newsroom.boss = staff
    people = [*[Soul([_TELEGRAM])] * 96, *[Soul([_WEB])] * 21, *[Soul([_BLOCKED])] * 4, *[Soul()] * 12]
    await newsroom.settle_people(*people)
    running = await newsroom.let_out(Audience(), title="老兵体检改期", body="原定周五的体检改到下周一。", urgent=True)
    await newsroom.tick()
    await newsroom.deliver(58)
    waiting = await newsroom.draft(title="慰问演出", body=_BODY)
    await newsroom.act(broadcasts.submit, waiting)
    return waiting, running


async def draw(page: Page, site: Site, waiting: int, running: int) -> None:
    """Take the pictures."""
    await page.goto(f"{site.url}/console/broadcasts/{waiting}")
    await expect(page.get_by_role("button", name="批准")).to_be_visible()
    await page.screenshot(path=ROOT / "docs/images/console-broadcast.png", full_page=True)
    await page.goto(f"{site.url}/console/broadcasts/{running}")
    await expect(page.get_by_role("button", name="暂停")).to_be_visible()
    await page.screenshot(path=ROOT / "docs/images/console-broadcast-progress.png")
