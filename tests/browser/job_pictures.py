"""The pictures of posts for the staff guide, and the posts in them: everything is invented."""

from datetime import timedelta

from playwright.async_api import Page
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.people import Address, Conversation
from db.staff import Staff
from knowledge.job_parse import JobPlaces
from services import employers, job_import, job_reports, jobs, referrals
from services.job_import import Import
from services.job_sheet import JobSheet
from tests.architecture.source import ROOT
from tests.site import Site

_POSTS = (
    ("保安（长白班）", "示例物业服务有限公司", "4000-5000", "白班", "18-58", "3", "1", "看大门、登记来访，包吃住。"),
    ("仓库管理员", "示例食品有限公司", "5000-6500", "白班", "", "2", "", "会用电脑，双休。"),
    ("货车司机", "示例物流有限公司", "7000-9000", "不固定", "22-50", "6", "2", "B2 驾照，跑本省。"),
    ("缝纫工", "示例纺织有限公司", "5500-8000", "倒班", "", "20", "", "计件，多劳多得。"),
    ("电焊工", "示例机械有限公司", "7000-10000", "白班", "18-50", "4", "", "有焊工证。只招男。"),
    ("食堂厨师", "示例餐饮服务有限公司", "6000", "白班", "", "1", "", "做过大锅菜。"),
    ("保洁员", "示例物业服务有限公司", "3000-3500", "白班", "", "5", "", "小区楼道，年龄不限。"),
)
_LIST = (
    "编号,单位,岗位,市县,乡镇,月薪,班次,年龄,人数,截止日期,联系人,电话,说明\n"
    "1,示例电子有限公司,普工,{home},,5000-7000,倒班,18-50,30,{day},王经理,13800001111,包吃住\n"
    "2,示例电子有限公司,质检员,{home},,4500-5500,白班,,5,{day},王经理,13800001111,\n"
    "3,示例酒店有限公司,服务员,{home},,-1,,,3,{day},,0513-84110000,\n"
    "4,示例酒店有限公司,前台,{home},,100万,,,2,{day},,0513-84110000,\n"
    "5,示例酒店有限公司,保安,{home},,4000,夜班,15-40,2,{day},13900002222,,\n"
    "6,示例超市有限公司,理货员,{home},,3500,,,2,2020-01-01,李店长,0513-84110001,\n"
    "7,示例学校,校车司机,{home},,6000-7000,,25-45,1,{day},,0513-84110002,只招男，身体健康。\n"
)
HOME = "如东"


async def prepare(site: Site, staff: Staff) -> None:
    """Put posts into the database: open ones, one to look at, one that looks like another, one reported, two wanted."""
    app, now = site.app, site.app.now()
    today = now.astimezone(CHINA).date()
    words = app.library.snapshot.content.jobs
    places = JobPlaces(HOME, {}, app.library.snapshot.places, today.year)
    names = ("岗位", "单位", "月薪", "班次", "年龄", "人数", "退役军人名额", "说明")
    async with app.database.transaction() as db:
        for number, row in enumerate(_POSTS):
            cells = dict(zip(names, row, strict=True)) | {"截止日期": str(today + timedelta(days=5 + 6 * number))}
            cells |= {"市县": HOME, "电话": "0513-84110000", "联系人": "王经理"}
            sheet = JobSheet.read(cells, places, words, today)
            job = await jobs.post(db, sheet, staff.id, now - timedelta(days=3))
            if number == 0:
                await employers.verify(db, job.employer_id, staff.id, now)
                for name in ("周建军", "李爱国"):
                    address = await _account(site, db, name)
                    await referrals.want(
                        db, app.vault, await db.get_one(Conversation, address.id), job.id, address.id, name,
                        "13800005678", now,
                    )  # fmt: skip
            if number == 1:
                for said in ("打电话说要先交 300 元押金", "地址找不到这家公司"):
                    await job_reports.report(db, job.id, (await _account(site, db, said)).id, said, now)
        day = today + timedelta(days=9)
        rows = f"编号,单位,岗位,市县,月薪,截止日期\n8,示例物流有限公司,货车司机,如东,7000-9000,{day}\n9,示例物业服务有限公司,保安,如东,4000-5000,{day}\n"
        table = job_import.read(rows.encode())
        what = Import("人社局周报", words, places, today)
        for lines in job_import.batches(await job_import.check(db, table, what)):
            await job_import.apply(db, lines, what, staff.id, now)


async def _account(site: Site, db: AsyncSession, name: str) -> Address:
    address = Address(channel="telegram", external_id=f"picture-{name}", created_at=site.app.now())
    db.add(address)
    await db.flush()
    db.add(Conversation(address_id=address.id, data={}, menu=[]))
    await db.flush()
    return address


def bad_list(site: Site) -> bytes:
    """Return a list with one of every fault that people make."""
    day = site.app.now().astimezone(CHINA).date() + timedelta(days=20)
    return _LIST.format(home=f"{HOME}县", day=day).encode()


async def draw(page: Page, site: Site) -> None:
    """Draw the list, a post that waits, and an import with errors."""
    images = ROOT / "docs/images"
    await page.goto(f"{site.url}/console/jobs")
    await page.screenshot(path=images / "console-job-list.png")
    await page.goto(f"{site.url}/console/jobs?status=review&text=电焊")
    await page.get_by_role("link", name="电焊工").click()
    await page.screenshot(path=images / "console-job-check.png")
    await page.goto(f"{site.url}/console/jobs/import")
    await page.get_by_label("名单哪里来的").fill("人社局周报")
    file = {"name": "本周岗位.csv", "mimeType": "text/csv", "buffer": bad_list(site)}
    await page.get_by_label("文件", exact=True).set_input_files(file)
    await page.get_by_role("button", name="看一看结果").click()
    await page.get_by_role("heading", name="有问题的行").wait_for()
    await page.screenshot(path=images / "console-job-import.png", full_page=True)
