"""Rosters and results come in through the console: looked over first, good rows in, bad ones told, twice is once."""

from io import BytesIO
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.console.import_desk import BROKEN, BUSY, ImportDesk
from bot.nursery import Nursery
from core.errors import Refusal
from db.campaigns import Campaign, Certification
from db.staff import Audit
from services.imports import Line, Report
from services.table import Row, read_table
from tests.channels.campaign_office import Town, add_campaign, add_town, day
from tests.channels.console import Clerk, Office
from tests.fakes.clock import SettableClock

pytestmark = pytest.mark.asyncio(loop_scope="session")

_HEAD = "姓名,身份证号,身份证后四位,出生年,电话,乡镇,村,类别"


async def _campaign(office: Office) -> tuple[Town, Campaign]:
    async with office.site.app.database.transaction() as db:
        town = await add_town(db, f"镇{uuid4().hex[:8]}")
        return town, await add_campaign(db, office.clock(), [], started=False)


async def _upload(clerk: Clerk, path: str, content: bytes, name: str = "名册.csv") -> tuple[int, str, str]:
    """Post a file; return status, page and where it led."""
    await clerk.get(path)
    form = aiohttp.FormData()
    form.add_field("csrf", clerk.csrf)
    form.add_field("file", BytesIO(content), filename=name)
    async with clerk.session.post(path, data=form) as response:
        return response.status, clerk._seen(await response.text()), response.url.path


async def _listed(office: Office, campaign: Campaign, status: str = "open") -> int:
    mine = (Certification.campaign_id == campaign.id, Certification.status == status)
    async with office.site.app.database.snapshot() as db:
        return await db.scalar(select(func.count()).where(*mine)) or 0


def _roster(town: Town, *rows: str) -> bytes:
    name = town.station.name.removesuffix("服务站")
    return "\n".join([_HEAD, *(row.replace("镇", name) for row in rows)]).encode()


async def test_good_rows_come_in_bad_ones_are_told_and_a_second_time_changes_nothing(office: Office) -> None:
    town, campaign = await _campaign(office)
    path = f"/console/campaigns/{campaign.id}/roster"
    roster = _roster(
        town, "王一,,1231,1950,13800001111,镇,柳林村,退役军人", "李二,,1232,,,镇,柳林村,三属",
        "赵三,,1233,,,镇,没有这个村,", "孙四,110101,,,,镇,柳林村,",
    )  # fmt: skip
    async with Clerk(office.site, "lead") as clerk:
        status, html, at = await _upload(clerk, path, roster)
        assert (status, "新加 2 行" in html, "有问题 2 行" in html, "没有找到村" in html) == (200, True, True, True)
        assert ("110101" in html, await _listed(office, campaign)) == (False, 0)
        status, html = await clerk.post(at)
        assert (status, "写好了：写入 2 行" in html, await _listed(office, campaign)) == (200, True, 2)
        async with clerk.session.get(f"{at}/bad.xlsx") as found:
            table = read_table(await found.read(), ("行号", "问题", "姓名", "身份证号"), ("姓名",))
        assert [(row.cells["行号"], row.cells["姓名"]) for row in table.rows] == [("4", "赵三"), ("5", "孙四")]
        await clerk.post(at)
        assert await _listed(office, campaign) == 2
        _, html, _ = await _upload(clerk, path, roster)
        assert ("没有变化 2 行" in html, "没有要写入的行" in html) == (True, True)
        assert (await clerk.audited())[-3:] == [
            "campaign_roster_begun", "campaign_roster_imported", "campaign_exported",
        ]  # fmt: skip
    async with office.site.app.database.snapshot() as db:
        details = await db.scalars(select(Audit.detail).where(Audit.action == "campaign_roster_imported"))
        assert details.all()[-1] == {"written": 2, "new": 2, "changed": 0, "same": 0, "bad": 2}


async def test_an_import_that_breaks_off_is_in_the_audit(office: Office) -> None:
    town, campaign = await _campaign(office)
    async with Clerk(office.site, "lead") as clerk:
        _, _, at = await _upload(
            clerk, f"/console/campaigns/{campaign.id}/roster", _roster(town, "王一,,1231,,,镇,柳林村,")
        )
        async with office.site.app.database.transaction() as db:
            (await db.get_one(Campaign, campaign.id)).status = "closed"
        status, _ = await clerk.post(at)
        assert (status, await clerk.audited()) == (
            422,
            ["sign_in", "campaign_roster_begun", "campaign_roster_imported"],
        )
    async with office.site.app.database.snapshot() as db:
        mine = select(Audit.detail).where(Audit.object == f"campaign:{campaign.id}").order_by(Audit.id)
        begun, ended = await db.scalars(mine)
    figures = {"new": 1, "changed": 0, "same": 0, "bad": 0}
    assert (begun, ended) == ({"rows": 1} | figures, {"written": 0} | figures)


async def test_many_bad_rows_are_paged(office: Office) -> None:
    town, campaign = await _campaign(office)
    rows = [f"人{n},,123{n % 10},,,镇,没有这个村," for n in range(150)]
    async with Clerk(office.site) as clerk:
        _, html, at = await _upload(clerk, f"/console/campaigns/{campaign.id}/roster", _roster(town, *rows))
        assert ("有问题 150 行" in html, ">人99<" in html, ">人100<" in html, "下一页" in html) == (
            True,
            True,
            False,
            True,
        )
        _, html = await clerk.get(f"{at}?page=2")
        assert (">人100<" in html, ">人149<" in html, "上一页" in html) == (True, True, True)


async def test_results_of_the_mini_programme_certify(office: Office) -> None:
    town, campaign = await _campaign(office)
    base = f"/console/campaigns/{campaign.id}"
    today = day(office.clock())
    name = town.station.name.removesuffix("服务站")
    results = f"姓名,身份证后四位,乡镇,村,认证日期\n王一,1231,{name},柳林村,{today}\n生人,9999,{name},柳林村,{today}\n"
    async with Clerk(office.site) as clerk:
        _, _, at = await _upload(clerk, f"{base}/roster", _roster(town, "王一,,1231,,,镇,柳林村,退役军人"))
        await clerk.post(at)
        _, html, at = await _upload(clerk, f"{base}/results", results.encode())
        assert ("记为已认证 1 行" in html, "名单里没有这个人" in html) == (True, True)
        status, html = await clerk.post(at)
        assert (status, "写入 1 行" in html, await _listed(office, campaign, "done")) == (200, True, 1)
        assert (await clerk.audited())[-1] == "campaign_results_imported"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"", "", "请先选一个文件"), (b"\xff\xd8\xff\xe0\0", "a.jpg", "不是表格"), ("甲,乙\n".encode(), "a.csv", "缺少")],
    ids=["none", "picture", "another table"],
)
async def test_a_file_that_is_none(office: Office, content: bytes, name: str, said: str) -> None:
    _, campaign = await _campaign(office)
    async with Clerk(office.site) as clerk:
        status, html, _ = await _upload(clerk, f"/console/campaigns/{campaign.id}/roster", content, name)
        assert (status, said in html) == (422, True)


async def test_a_table_is_shown_to_whoever_brought_it_alone_and_where_it_belongs(office: Office) -> None:
    town, campaign = await _campaign(office)
    _, other = await _campaign(office)
    row = _roster(town, "王一,,1231,,,镇,柳林村,")
    async with Clerk(office.site) as clerk, Clerk(office.site) as another:
        _, _, at = await _upload(clerk, f"/console/campaigns/{campaign.id}/roster", row)
        elsewhere = at.replace(f"/{campaign.id}/", f"/{other.id}/")
        for who, path in ((another, at), (clerk, elsewhere), (clerk, at.replace("roster", "results"))):
            status, html = await who.get(path)
            assert (status, "请重新选文件" in html, "王一" in html) == (422, True, False)
            assert (await who.post(path))[0] == 422
        assert await _listed(office, campaign) == 0


async def test_a_sample_is_a_roster_again(office: Office) -> None:
    _, campaign = await _campaign(office)
    async with Clerk(office.site) as clerk:
        for kind, column in (("roster", "类别"), ("results", "认证日期")):
            async with clerk.session.get(f"/console/campaigns/{campaign.id}/{kind}/sample.xlsx") as found:
                table = read_table(await found.read(), ("姓名", column), ("姓名", column))
            assert [row.cells["姓名"] for row in table.rows] == ["示例王五"]


async def test_the_desk_tells_what_went_wrong_and_keeps_few(office: Office) -> None:
    clock = SettableClock()
    nursery = Nursery(office.site.app.database)
    desk = ImportDesk(nursery, clock)
    jobs = [desk.open(1, "roster:1", f"{n}.csv") for n in range(4)]
    with pytest.raises(Refusal, match=BUSY):
        desk.open(1, "roster:1", "more.csv")

    async def refused() -> None:
        raise Refusal("表格是空的。")

    async def broken() -> None:
        raise OSError

    await desk.work(jobs[0], refused)
    await desk.work(jobs[1], broken)
    assert [(job.state, job.refusal) for job in jobs[:2]] == [("failed", "表格是空的。"), ("failed", BROKEN)]
    desk.open(1, "roster:1", "more.csv")
    assert desk.find(jobs[0].token, 1, "roster:1") is None
    assert desk.find(jobs[2].token, 1, "roster:1") is jobs[2]
    jobs[2].report = Report([Line(Row(2, {}))])
    desk.finish(jobs[2])
    assert (jobs[2].state, jobs[2].report) == ("done", None)
    clock.advance(3 * 3600)
    desk.open(1, "roster:1", "late.csv")
    assert desk.find(jobs[2].token, 1, "roster:1") is None
    await nursery.close()
