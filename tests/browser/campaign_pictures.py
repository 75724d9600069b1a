"""The pictures of a certification campaign half-way: everything in them is invented."""

import random
from datetime import datetime, timedelta

from playwright.async_api import Page
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.campaigns import Certification
from db.people import Address
from db.places import Grid, Township, Village
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import campaign_steps, campaigns
from services.campaigns import CampaignSheet
from tests.architecture.source import ROOT
from tests.channels.campaign_office import Town, add_person
from tests.fakes.casebook import add_station
from tests.site import Site

_TOWNS = {
    "城东街道": ("新桥村", "塘湾社区"),
    "北河镇": ("河口村", "杨家浜村", "石门村"),
    "西林镇": ("林口村", "桑园村"),
}
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴徐孙", ("建国", "志强", "卫东", "援朝", "爱军", "文革", "国庆", "桂英", "秀兰")
_PER_VILLAGE = 24
_HOW = (
    ("self", "本人", "身份证"),
    ("proxy", "女儿", "身份证"),
    ("visit", "本人", "现场见面"),
    ("online", "本人", "小程序结果"),
)


async def prepare(site: Site, staff: Staff) -> int:
    """Put a campaign that has run for eleven weeks into the database; return its id."""
    async with site.app.database.transaction() as db:
        return await _campaign(db, site, staff)


async def _campaign(db: AsyncSession, site: Site, staff: Staff) -> int:
    now, dice = site.app.now(), random.Random(7)
    today = now.astimezone(CHINA).date()
    basis = campaign_steps.basis_of(site.app.library.snapshot.content.facts[campaign_steps.BASIS_FACT])
    sheet = CampaignSheet(
        "2026 年度生存认证", today.year, basis, today - timedelta(days=80), today + timedelta(days=40),
        campaign_steps.default_steps(),
    )  # fmt: skip
    campaign = await campaigns.create(db, staff, sheet, now - timedelta(days=82))
    for town in [town for name, villages in _TOWNS.items() for town in await _towns(db, name, villages)]:
        for number in range(_PER_VILLAGE):
            name = dice.choice(_SURNAMES) + dice.choice(_NAMES)
            phone = f"13800{dice.randrange(1000000):06}" if dice.random() < 0.8 else None
            account = f"{town.village.id}-{number}" if dice.random() < 0.6 else None
            person = await add_person(
                db, site.app.vault, now, name, town, phone, account, birth_year=dice.randrange(1938, 1962)
            )
            db.add(Certification(campaign_id=campaign.id, person_id=person.id, status="open"))
    await db.flush()
    await campaigns.start(db, campaign.id, staff, now)
    later = {"step": 2, "next_at": now + timedelta(days=10)}
    await db.execute(update(Reminder).where(Reminder.about_id == campaign.id).values(later))
    for row in await db.scalars(select(Certification).where(Certification.campaign_id == campaign.id)):
        await _lived(db, row, staff, now, dice)
    await db.flush()
    return campaign.id


async def _lived(db: AsyncSession, row: Certification, staff: Staff, now: datetime, dice: random.Random) -> None:
    """Let one person have been told, and have come, or not."""
    mine = (Reminder.about_id == row.campaign_id, Reminder.person_id == row.person_id)
    reminder = (await db.scalars(select(Reminder).where(*mine))).one()
    address = await db.scalar(select(Address).where(Address.person_id == row.person_id))
    if address is not None:
        db.add(
            Outbox(
                channel=address.channel, recipient=address.external_id, address_id=address.id, lane=1, notice="certification",
                at=now - timedelta(days=80), available_at=now, status="sent" if dice.random() < 0.95 else "dead",
                payload={"text": "", "choices": []}, reminder_id=reminder.id,
            )
        )  # fmt: skip
    if dice.random() < 0.66:
        row.status, (row.way, row.done_by, row.evidence) = "done", dice.choice(_HOW)
        row.done_at, row.staff_id = now - timedelta(days=80 * dice.random() ** 1.4), staff.id
        reminder.status, reminder.next_at = "done", None
    elif address is not None and dice.random() < 0.3:
        row.status, row.claimed_at = "claimed", now - timedelta(hours=dice.randrange(50))
    elif dice.random() < 0.2:
        row.visit = "away"


async def _towns(db: AsyncSession, name: str, villages: tuple[str, ...]) -> list[Town]:
    station = await add_station(db, f"{name}退役军人服务站")
    township = Township(name=name)
    db.add(township)
    await db.flush()
    found = []
    for village_name in villages:
        village = Village(township_id=township.id, name=village_name, station_id=station.id)
        db.add(village)
        await db.flush()
        grid = Grid(village_id=village.id, name="第一网格", worker_name="赵网格")
        db.add(grid)
        await db.flush()
        found.append(Town(station, village, grid))
    return found


async def draw(page: Page, site: Site, campaign_id: int) -> None:
    """Draw the pages that the guide shows."""
    images, base = ROOT / "docs/images", f"{site.url}/console"
    await page.goto(f"{base}/campaigns/{campaign_id}")
    await page.screenshot(
        path=images / "console-campaign.png", clip={"x": 0, "y": 0, "width": 1366, "height": 1080}, full_page=True
    )
    await page.goto(f"{base}/visits/sheet?campaign={campaign_id}")
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": 1000, "height": 700})
    await page.screenshot(path=images / "console-visit-sheet.png")
    await page.emulate_media(media="screen")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.goto(f"{base}/campaigns/{campaign_id}/edit")
    await page.get_by_role("button", name="看看发出去的样子").click()
    await page.locator("#preview").evaluate("found => { found.blur(); found.scrollIntoView(); }")
    await page.screenshot(path=images / "console-campaign-preview.png")
