"""The pictures of a fair on its day, and of a year's figures: everything in them is invented."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from playwright.async_api import Page
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.events import Event, EventEmployer, EventSignUp
from db.jobs import Employer, Job, JobReferral
from services import employers, people
from services.vault import Vault
from tests.architecture.source import ROOT
from tests.site import Site

_EMPLOYERS = (
    "示例安保服务有限公司", "示例纺织股份有限公司", "示例客运集团", "示例物流园", "示例电子厂", "示例物业服务公司", "示例建设集团",
)  # fmt: skip
_POSTS = (
    ("保安", 20),
    ("挡车工", 30),
    ("公交司机", 12),
    ("仓库管理员", 8),
    ("电工", 6),
    ("物业维修", 5),
    ("安全员", 4),
)
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴徐孙", ("建国", "志强", "卫东", "爱军", "国庆", "桂英", "海涛", "志明")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_YEAR = (  # days ago, kind, title, applicants, intentions, hired or attended
    (255, "fair", "春风行动专场招聘会", 96, 31, 12), (228, "adaptation", "春季适应性培训", 0, 0, 58),
    (200, "fair", "退役军人专场招聘会", 74, 22, 9), (171, "skill", "中式面点班", 0, 0, 40),
    (150, "fair", "民营企业招聘周", 60, 18, 4), (118, "skill", "叉车班", 0, 0, 32),
    (110, "memorial", "烈士纪念活动", 0, 0, 120), (92, "fair", "军创企业专场", 41, 15, 6),
    (75, "adaptation", "秋季适应性培训", 0, 0, 64), (61, "degree", "学历提升宣讲", 0, 0, 51),
    (40, "fair", "金秋招聘月", 88, 27, 10), (33, "startup", "创业沙龙", 0, 0, 24), (20, "lecture", "老兵讲堂", 0, 0, 80),
)  # fmt: skip
_numbers = count(1)


async def prepare(site: Site) -> int:
    """Put a fair that began a while ago into the database, one to come, and a year before them; return its id."""
    dice, now = random.Random(11), site.app.now()
    async with site.app.database.transaction() as db:
        ids = await employers.ensure(db, dict.fromkeys(_EMPLOYERS), now)
        firms = [await db.get_one(Employer, ids[name]) for name in _EMPLOYERS]
        for firm in firms[:-1]:
            firm.verified_at = now
        for ago, kind, title, applicants, intentions, last in _YEAR:
            event = await _event(db, now - ago * _DAY, kind, title, status="over", taken=0)
            if kind == "fair":
                event.applicants, event.intentions, event.hired = applicants, intentions, last
                await _stands(db, event, dice.sample(firms, 5), dice, now - ago * _DAY)
            else:
                await _crowd(db, event, site.app.vault, last + last // 8, last / (last + last // 8), dice)
        for number in range(60):
            await _online(db, dice.choice(firms), now - dice.randrange(300) * _DAY, dice, number)
        await _event(db, now + 12 * _DAY, "skill", "电工上岗证培训班", taken=18, capacity=30)
        fair = await _event(db, now - 0.7 * _HOUR, "fair", "军地联合专场招聘会", capacity=60, taken=0)
        await _stands(db, fair, firms, dice, now - 9 * _DAY)
        await _crowd(db, fair, site.app.vault, 63, 0.45, dice)
    return fair.id


async def _event(db: AsyncSession, at: datetime, kind: str, title: str, **columns: Any) -> Event:
    values = {
        "starts_at": at, "ends_at": at + 6 * _HOUR, "closes_at": at, "place": "市体育馆一楼，振兴东路 88 号",
        "phone": "0573-88001234", "about": "军地联办，进场有人引导。\n现场可以拍证件照、打印简历。",
        "bring": "身份证、优待证，有简历的带上", "materials": "", "categories": [], "capacity": 200, "door_code": "4821",
        "status": "open", "created_at": at - 20 * _DAY, "changed_at": at - 20 * _DAY,
    }  # fmt: skip
    event = Event(kind=kind, title=title, **(values | columns))
    db.add(event)
    await db.flush()
    return event


async def _stands(db: AsyncSession, event: Event, firms: Sequence[Employer], dice: random.Random, at: datetime) -> None:
    for number, firm in enumerate(firms, 1):
        db.add(EventEmployer(event_id=event.id, employer_id=firm.id, booth=f"A{number:02}"))
        for _ in range(dice.randrange(1, 4)):
            await _job(db, firm, at, dice, event_id=event.id)


async def _job(db: AsyncSession, employer: Employer, at: datetime, dice: random.Random, **columns: Any) -> Job:
    title, places = dice.choice(_POSTS)
    job = Job(
        source="示例名单", source_ref=f"p{next(_numbers)}", employer_id=employer.id, title=title, kind="其他", city="桐乡",
        pay_from=4000, pay_to=6000, places=places, closes_on=(at + 60 * _DAY).astimezone(CHINA).date(), about="", flags=[],
        status="open", created_at=at, changed_at=at, **columns,
    )  # fmt: skip
    db.add(job)
    await db.flush()
    return job


async def _online(db: AsyncSession, employer: Employer, at: datetime, dice: random.Random, number: int) -> None:
    job = await _job(db, employer, at, dice)
    conversation = await people.open_conversation(db, "web", f"picture-{number}", at)
    referral = JobReferral(job_id=job.id, address_id=conversation.address_id, created_at=at, changed_at=at)
    if dice.random() < 0.6:
        referral.status, referral.hired_on = "hired", (at + 9 * _DAY).astimezone(CHINA).date()
        referral.still_there = True if dice.random() < 0.7 else None
    db.add(referral)


async def _crowd(
    db: AsyncSession, event: Event, vault: Vault, size: int, share: float, dice: random.Random
) -> None:  # fmt: skip
    """Let people sign up, more than there are places if there are so many, and a share of them come."""
    for number in range(size):
        waits = event.taken >= event.capacity
        came = not waits and dice.random() < share
        name, phone = dice.choice(_SURNAMES) + dice.choice(_NAMES), f"13800{dice.randrange(1000000):06}"
        db.add(
            EventSignUp(
                event_id=event.id, name=vault.encrypt(name), phone=vault.encrypt(phone), code=_code(),
                made_by="工作人员" if number % 7 == 0 else "本人", status="waiting" if waits else "active",
                created_at=event.created_at,
                attended_at=event.starts_at + timedelta(seconds=dice.randrange(2400)) if came else None,
            )
        )  # fmt: skip
        event.taken += not waits


def _code() -> str:
    """Return a code that the service never gives: its own begin with a letter."""
    return f"ZP-{next(_numbers):04}"


async def draw(page: Page, site: Site, event_id: int) -> None:
    """Draw the pages that the guide shows."""
    images, base = ROOT / "docs/images", f"{site.url}/console"
    for path, name in (
        (f"events/{event_id}", "event"), (f"events/{event_id}/check-in", "event-check-in"),
        (f"events/{event_id}/wall", "event-wall"), ("work-statistics", "event-statistics"),
    ):  # fmt: skip
        await page.goto(f"{base}/{path}")
        height = 1080 if name in ("event", "event-statistics") else 768
        await page.screenshot(
            path=images / f"console-{name}.png", clip={"x": 0, "y": 0, "width": 1366, "height": height}, full_page=True
        )
