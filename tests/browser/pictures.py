"""Draw the pictures of the console for docs/images: `python -m tests.browser.pictures`. Everything in them is invented."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright, expect
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.staff import Staff
from db.turns import Outbox
from knowledge.heard import Context
from services import canned, cases
from services.case_talk import StoredFile
from tests.architecture.source import ROOT
from tests.browser import broadcast_pictures, campaign_pictures, desk_pictures, event_pictures, job_pictures
from tests.browser.conftest import CHROMIUM, QUIET
from tests.channels.console import PASSWORD, add_staff
from tests.fakes.casebook import add_case, add_station, hear, say
from tests.fakes.clock import SettableClock
from tests.site import Site, open_site

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_QUEUE = (
    ("crisis", "战友说不想活了，电话也不接", -3, "web", None),
    ("benefit", "我爱人的抚恤金上个月没有到账", -70, "telegram", "城关镇服务站"),
    ("errand", "老人走不动，能不能上门办生存认证", 40, "web", "南山镇服务站"),
    ("petition", "当年的伤残等级评得不对，要求重评", 200, "web", None),
    ("consult", "优待证丢了，补办要多久", 230, "telegram", "城关镇服务站"),
    ("consult", "孩子上学，军属有没有照顾", 500, "web", "南山镇服务站"),
)


async def _queue(db: AsyncSession, now: datetime) -> None:
    stations = {name: await add_station(db, name) for name in ("城关镇服务站", "南山镇服务站")}
    for kind, question, due, channel, station in _QUEUE:
        columns = {"kind": kind, "question": question, "channel": channel, "due_at": now + due * _MINUTE}
        station_id = stations[station].id if station else None
        case = await add_case(db, now - 2 * _HOUR, code=cases.new_code(), station_id=station_id, **columns)
        await hear(db, case, question, now - 2 * _HOUR)


async def _talk(db: AsyncSession, site: Site, staff: Staff, now: datetime, photo: StoredFile) -> SupportCase:
    work = site.app.casework
    opened = now - 55 * _MINUTE
    question = "我的优待证一直没有办下来，是不是材料不齐"
    case = await add_case(db, opened, code="A7K2", kind="benefit", question=question)
    heard = site.app.library.snapshot.hear("优待证怎么办", Context())
    slugs = [heard.answers[0].entry.slug, *(entry.slug for entry in heard.near)]
    before = await hear(db, case, "优待证怎么办", opened - 2 * _MINUTE, case_id=None)
    before.result = {"entry": slugs[0], "score": 0.91, "near": [{"entry": slug, "score": 0.4} for slug in slugs[1:3]]}
    await say(db, case, "带身份证、退役证到服务站申请，也可以在网上申请。", opened - 2 * _MINUTE, case_id=None)
    await hear(db, case, question, opened)
    await cases.note_event(db, case, "opened", opened, reason="asked")
    await say(db, case, "已经转给工作人员了，求助单号 A7K2。", opened, read_at=opened)
    await work.claim(db, case.id, staff, now - 40 * _MINUTE)
    await work.note(db, case.id, staff, "系统里查到缺一张近期照片，已请服务站补录。", now - 35 * _MINUTE, key="n")
    answer = "查到了，您的申请缺一张近期免冠照片。照着这张样子拍一张，发到这里就行。"
    for row in await work.answer(db, case.id, staff, answer, now - 30 * _MINUTE, key="a", files=[photo]):
        sent = await db.get_one(Outbox, row)
        sent.status, sent.read_at = "sent", now
    await hear(db, case, "好的，我下午拍。要不要去站里交原件？", now - 10 * _MINUTE)
    case.waiting_since, case.due_at = now - 10 * _MINUTE, now + 2 * _HOUR
    return case


async def _draw(page: Page, site: Site, case: SupportCase, login: str) -> None:
    await page.goto(f"{site.url}/console/sign-in")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#alarm")).to_be_visible()
    await page.screenshot(path=ROOT / "docs/images/console-queue.png")
    await page.goto(f"{site.url}/console/cases/{case.id}")
    await expect(page.locator("#suggestions")).to_be_visible()
    await page.screenshot(path=ROOT / "docs/images/console-case.png", full_page=True)


def _portrait(width: int = 180, height: int = 220) -> bytes:
    """Paint a head and shoulders before blue."""

    def pixel(x: int, y: int) -> bytes:
        across, down = (x - width / 2) / width, y / height
        head = (across / 0.2) ** 2 + ((down - 0.42) / 0.22) ** 2 <= 1
        shoulders = (across / 0.42) ** 2 + ((down - 1.02) / 0.36) ** 2 <= 1
        return bytes((232, 200, 176) if head else (47, 93, 58) if shoulders else (96, 148, 206))

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head)
    return start + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


async def _photo(site: Site) -> StoredFile:
    async def chunks() -> AsyncIterator[bytes]:
        yield _portrait()

    return await site.app.files.keep(chunks(), "照片样子.png")


async def main() -> None:
    """Draw them at the size of a clerk's screen."""
    with TemporaryDirectory() as folder:
        clock = SettableClock(desk_pictures.MORNING)
        async with open_site(Path(folder), now=clock) as site, async_playwright() as playwright:
            staff, photo, now = await add_staff(site, "lead", name="王专员"), await _photo(site), site.app.now()
            async with site.app.database.transaction() as db:
                await canned.put_in_defaults(db)
                await _queue(db, now)
                case = await _talk(db, site, staff, now, photo)
            campaign_id = await campaign_pictures.prepare(site, staff)
            waiting, running = await broadcast_pictures.prepare(site, staff)
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=(*QUIET, "--lang=zh-CN"), env={"LANGUAGE": "zh_CN"}
            )
            page = await browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            await _draw(page, site, case, staff.login)
            await campaign_pictures.draw(page, site, campaign_id)
            await broadcast_pictures.draw(page, site, waiting, running)
            await job_pictures.prepare(site, staff)
            await job_pictures.draw(page, site)
            await event_pictures.draw(page, site, await event_pictures.prepare(site))
            await desk_pictures.draw(page, site, *await desk_pictures.prepare(site))
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
