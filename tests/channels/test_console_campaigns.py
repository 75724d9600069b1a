"""Certification campaigns in the console: drafted, previewed, planned, started and closed; nothing without a trace."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.clock import CHINA
from db.campaigns import Campaign
from db.reminders import Reminder
from services.table import read_table
from tests.channels.campaign_office import add_campaign, add_person, add_town, day
from tests.channels.console import Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")

_STEPS = (
    ("", "person", "{name}，请在{deadline}前办好。"),
    ("-7", "proxy", "还没有办，请打 {phone}。"),
    ("", "person", ""),
)


def _name() -> str:
    return f"认证{uuid4().hex[:8]}"


async def _send(clerk: Clerk, path: str, title: str, *steps: tuple[str, str, str], **changes: str) -> tuple[int, str]:
    """Post the sheet of a campaign as a browser does, with a row of fields for each step."""
    now = clerk.site.app.now()
    fields = {
        "title": title, "year": str(now.astimezone(CHINA).year), "basis": "军人抚恤优待条例，第八条",
        "opens_on": day(now).isoformat(), "deadline": day(now, 60).isoformat(),
    } | changes  # fmt: skip
    rows = [("csrf", clerk.csrf), *fields.items()]
    for days, rung, text in steps or _STEPS:
        rows += [("days", days), ("rung", rung), ("text", text)]
    async with clerk.session.post(path, data=rows) as response:
        return response.status, clerk._seen(await response.text())


async def _found(office: Office, title: str) -> Campaign | None:
    async with office.site.app.database.snapshot() as db:
        return await db.scalar(select(Campaign).where(Campaign.title == title))


async def _reminders(office: Office, campaign_id: int, status: str) -> int:
    mine = (Reminder.kind == "certification", Reminder.about_id == campaign_id, Reminder.status == status)
    async with office.site.app.database.snapshot() as db:
        return await db.scalar(select(func.count()).where(*mine)) or 0


async def test_a_sheet_that_needs_no_more_than_a_look(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        status, html = await clerk.get("/console/campaigns/new")
        assert (status, "第八条" in html, html.count('<fieldset class="step"')) == (200, True, 6)
        assert ("{deadline}" in html, "停发" in html) == (True, False)


async def test_drafted_changed_and_every_word_kept_when_refused(office: Office) -> None:
    title = _name()
    async with Clerk(office.site, "lead") as clerk:
        await clerk.get("/console/campaigns/new")
        for steps, said in (
            ([("", "person", "您好{nmae}")], "没有“{nmae}”这个空"),
            ([("", "person", "不办就停发")], "不要写“停发”"),
            ([("x", "person", "您好")], "第 1 轮的天数"),
            ([("-7", "person", "您好")], "开始时"),
        ):
            status, html = await _send(clerk, "/console/campaigns/new", title, *steps)
            assert (status, said in html, steps[0][2] in html, title in html) == (422, True, True, True)
        status, html = await _send(clerk, "/console/campaigns/new", title, deadline="31.12.2026")
        assert (status, "“截止”的日期没有写对" in html, "请打 {phone}" in html) == (422, True, True)
        assert await _found(office, title) is None
        status, html = await _send(clerk, "/console/campaigns/new", title)
        assert (status, "还没有开始" in html) == (200, True)
        made = await _found(office, title)
        assert made is not None
        assert [(step["days"], step["rung"]) for step in made.steps] == [(None, "person"), (-7, "proxy")]
        status, html = await _send(clerk, f"/console/campaigns/{made.id}/edit", title + "改", ("", "person", "您好"))
        assert (status, "已保存" in html, title + "改" in html) == (200, True, True)
        assert (await clerk.audited())[-2:] == ["campaign_made", "campaign_changed"]


async def test_each_step_is_seen_as_people_will_see_it_and_nothing_is_saved(office: Office) -> None:
    title = _name()
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/campaigns/new")
        steps = [("", "person", "{name}，您好，{deadline}前办。"), ("-7", "person", "坏的{x}")]
        status, html = await _send(
            clerk, "/console/campaigns/new", title, *steps, act="preview", deadline=f"{day(office.clock()).year}-12-31"
        )
        assert (status, "王同志，您好，12月31日前办。" in html, "没有“{x}”这个空" in html) == (200, True, True)
        assert (html.count("1 已办理"), "纯文字（微信等）" in html) == (3, True)  # a bubble, a page, plain words
        assert await _found(office, title) is None


async def test_planned_started_and_closed(office: Office) -> None:
    now, app = office.clock(), office.site.app
    async with app.database.transaction() as db:
        town = await add_town(db, _name())
        people = [
            await add_person(db, app.vault, now, "王直达", town, telegram=uuid4().hex),
            await add_person(db, app.vault, now, "李电话", town, "13800005678"),
            await add_person(db, app.vault, now, "赵上门", town),
            await add_person(db, app.vault, now, "孙已故", town, deceased_at=now),
        ]
        campaign = await add_campaign(db, now, people, started=False)
    base = f"/console/campaigns/{campaign.id}"
    async with Clerk(office.site, "lead") as clerk:
        _, html = await clerk.get(f"{base}/plan")
        assert ("名单上 4 人，现在能直接通知 1 人" in html, "另外 2 人要打电话或上门" in html) == (True, True)
        for kind, name, other in (("call", "李电话", "赵上门"), ("visit", "赵上门", "李电话")):
            async with clerk.session.get(f"{base}/plan/{kind}.xlsx") as found:
                table = read_table(await found.read(), ("姓名", "村社", "情况"), ("姓名",))
            assert [row.cells for row in table.rows] == [{"姓名": name, "村社": "柳林村", "情况": "没有渠道账号"}]
            _, html = await clerk.get(f"{base}/plan/{kind}")
            assert (name in html, other in html) == (True, False)
        status, html = await clerk.post(f"{base}/start")
        assert (status, "请先勾选" in html, await _reminders(office, campaign.id, "pending")) == (422, True, 0)
        status, html = await clerk.post(f"{base}/start", {"sure": "yes"})
        assert (status, "活动开始了" in html, await _reminders(office, campaign.id, "pending")) == (200, True, 3)
        assert (await clerk.post(f"{base}/start", {"sure": "yes"}))[0] == 200
        assert await _reminders(office, campaign.id, "pending") == 3
        status, html = await _send(clerk, f"{base}/edit", campaign.title)
        assert (status, "活动已经开始" in html) == (422, True)
        status, html = await clerk.post(f"{base}/close", {"sure": "yes"})
        assert (status, "已结束" in html, await _reminders(office, campaign.id, "stopped")) == (200, True, 3)
        audited = await clerk.audited()
        assert audited.count("campaign_exported") == 4
        assert [one for one in audited if one in ("campaign_started", "campaign_closed")] == [
            "campaign_started", "campaign_started", "campaign_closed"
        ]  # fmt: skip


async def test_nobody_on_the_list_cannot_start(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        campaign = await add_campaign(db, office.clock(), [], started=False)
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(f"/console/campaigns/{campaign.id}/plan")
        assert "名单里还没有人" in html
        status, html = await clerk.post(f"/console/campaigns/{campaign.id}/start", {"sure": "yes"})
        assert (status, "名单里还没有人，请先加名单再开始" in html) == (422, True)


async def test_people_on_file_are_added_by_category_and_station(office: Office) -> None:
    now, app = office.clock(), office.site.app
    async with app.database.transaction() as db:
        town, elsewhere = await add_town(db, _name()), await add_town(db, _name())
        for name, place, kind in (("甲", town, "三属"), ("乙", town, "军休人员"), ("丙", elsewhere, "三属")):
            await add_person(db, app.vault, now, name, place, categories=[kind])
        campaign = await add_campaign(db, now, [], started=False)
    path = f"/console/campaigns/{campaign.id}/cohort"
    async with Clerk(office.site) as clerk:
        await clerk.get(path)
        status, html = await clerk.post(path, {"station": str(town.station.id)})
        assert (status, "请至少选一个人员类别" in html) == (422, True)
        fields: dict[str, Any] = {"category": "三属", "station": str(town.station.id)}
        for added in (1, 0):
            status, html = await clerk.post(path, fields)
            assert (status, f"名单里新加了 {added} 人" in html) == (200, True)
        assert (await clerk.audited())[-2:] == ["campaign_cohort_added"] * 2


async def test_figures_bars_and_the_chart_say_the_same(office: Office) -> None:
    now, app = office.clock(), office.site.app
    async with app.database.transaction() as db:
        town = await add_town(db, _name())
        people = [await add_person(db, app.vault, now, f"人{n}", town) for n in range(4)]
        campaign = await add_campaign(db, now, people)
    base = f"/console/campaigns/{campaign.id}"
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(base)
        assert ("<polyline" in html, "4 人里已认证 0 人" in html) == (False, True)
        _, html = await clerk.get(f"{base}/people")
        first = html.split("/console/campaigns/people/")[1].split('"')[0]
        done = {"way": "self", "done_by": "本人", "evidence": "身份证", "on": day(now).isoformat()}
        assert (await clerk.post(f"/console/campaigns/people/{first}/certify", done))[0] == 200
        _, html = await clerk.get(base)
        assert ('points="' in html, "4 人里已认证 1 人" in html, "1（25.0%）" in html) == (True, True, True)
        assert ("style=" in html, "自主（到站） 1 人" in html) == (False, True)
        async with clerk.session.get(f"{base}/progress.xlsx") as found:
            table = read_table(await found.read(), ("名称", "名单", "已认证", "完成率"), ("名称",))
        assert [list(row.cells.values()) for row in table.rows] == [
            ["全部", "4", "1", "25.0%"], [town.station.name, "4", "1", "25.0%"], [f"{_town(town)}柳林村", "4", "1", "25.0%"]
        ]  # fmt: skip


def _town(town: Any) -> str:
    return str(town.station.name).removesuffix("服务站")


async def test_staff_of_one_station_see_their_own_people_and_plan_nothing(office: Office) -> None:
    now, app = office.clock(), office.site.app
    async with app.database.transaction() as db:
        mine, theirs = await add_town(db, _name()), await add_town(db, _name())
        one = await add_person(db, app.vault, now, "王本站", mine)
        other = await add_person(db, app.vault, now, "李别站", theirs, "13900001111")
        campaign = await add_campaign(db, now, [one, other])
    base = f"/console/campaigns/{campaign.id}"
    async with Clerk(office.site, "agent", station_id=mine.station.id) as clerk:
        _, html = await clerk.get(base)
        assert ("<b>1</b> 名单" in html, theirs.station.name in html, "改活动" in html) == (True, False, False)
        for path in (f"{base}/plan/call", f"{base}/people", f"/console/visits/sheet?campaign={campaign.id}"):
            assert "李" not in (await clerk.get(path))[1].partition("<h1>")[2]
        for path in ("/console/campaigns/new", f"{base}/edit", f"{base}/roster", f"{base}/cohort"):
            assert (await clerk.get(path))[0] == 403
        assert (await clerk.post(f"{base}/close", {"sure": "yes"}))[0] == 403


@pytest.mark.parametrize("role", ["editor", "grid"])
async def test_not_for_everybody(office: Office, role: str) -> None:
    async with Clerk(office.site, role=role) as clerk:
        for path in ("/campaigns", "/campaigns/new", "/campaigns/1", "/campaigns/1/people.xlsx", "/campaigns/people/1"):
            assert (await clerk.get(f"/console{path}"))[0] == 403
        assert (await clerk.get("/console/visits"))[0] == (403 if role == "editor" else 200)


async def test_a_campaign_that_is_none(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for path in ("/campaigns/99999", "/campaigns/99999/plan", "/campaigns/99999/people", "/campaigns/people/99999"):
            assert (await clerk.get(f"/console{path}"))[0] == 422
