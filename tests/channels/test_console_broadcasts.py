"""A broadcast goes from one hand to another in the console, runs, stops and is accounted for; each act is recorded."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from db.people import Person
from services import broadcast_text
from tests.channels.console import Clerk, Office, hidden
from tests.fakes.casebook import add_station
from tests.fakes.newsroom import Newsroom
from tests.fakes.population import Account, Soul

pytestmark = pytest.mark.asyncio(loop_scope="session")
TELEGRAM, WEB = Account("telegram"), Account("web")
TEXT = {"title": "慰问演出", "body": "周六上午九点，在县剧院，凭优待证入场。", "who": "on_file"}


class Desk:
    """A station with people, and what a broadcast to them needs."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.name = office, name
        self.newsroom = Newsroom(office.site.app.database, office.clock)

    async def open(self, *souls: Soul, phone: str | None = None) -> "Desk":
        app = self.office.site.app
        async with app.database.transaction() as db:
            self.station = await add_station(db, self.name)
        ids = await self.newsroom.settle_people(*souls, station_id=self.station.id)
        async with app.database.transaction() as db:
            for number, id_ in enumerate(ids):
                person = await db.get_one(Person, id_)
                person.name = app.vault.encrypt(f"王{number}{self.name[:2]}")
                person.phone = app.vault.encrypt(phone) if phone else None
        return self

    async def draft(self, clerk: Clerk, **fields: str) -> str:
        await clerk.get("/console/broadcasts/new")
        async with clerk.session.post(
            "/console/broadcasts/new", data={"csrf": clerk.csrf} | TEXT | {"station": str(self.station.id)} | fields
        ) as response:
            html = clerk._seen(await response.text())
            assert response.status == 200, html
            return response.url.path

    async def run(self) -> None:
        await self.newsroom.tick()
        await self.newsroom.deliver()
        await self.newsroom.tick()


async def _approve(boss: Clerk, path: str) -> tuple[int, str]:
    _, html = await boss.get(path)
    return await boss.post(f"{path}/approve", {"seen": hidden(html, "seen"), "sure": "yes"})


async def test_from_draft_to_the_last_result(office: Office) -> None:
    desk = await Desk(office, "东乡服务站").open(
        Soul([TELEGRAM]), Soul([TELEGRAM]), Soul([WEB]), Soul(), phone="13800000001"
    )
    async with Clerk(office.site, "agent") as clerk, Clerk(office.site, "lead") as boss:
        _, html = await clerk.post("/console/broadcasts/new", TEXT | {"act": "preview"})
        assert broadcast_text.FOOT in html
        path = await desk.draft(clerk)
        _, html = await clerk.get(path)
        assert "名单 4 个，马上能发到 2 个" in html
        assert "东乡服务站" in html
        status, html = await clerk.post(f"{path}/submit")
        assert (status, "批准</button>" in html) == (200, False)
        assert (await clerk.post(f"{path}/approve", {"seen": "x"}))[0] == 422
        assert (await _approve(boss, path))[0] == 200
        await desk.run()
        _, html = await clerk.get(path)
        assert "送到 2 个" in html
        assert "等对方打开网页" in html
        office.clock.advance(8 * 24 * 3600)
        await desk.run()
        await clerk.sign_in()
        await boss.sign_in()
        _, html = await boss.get(path)
        assert "已结束" in html
        _, html = await boss.get(f"{path}/recipients?outcome=expired")
        assert ("王**" in html, "王2" in html) == (True, False)
        async with boss.session.get(f"{path}/results.xlsx") as response:
            rows = list(load_workbook(BytesIO(await response.read())).active.iter_rows(values_only=True))
        assert sorted(row[4] for row in rows[1:]) == ["没有渠道账号", "过期没送到", "送到了", "送到了"]
        async with boss.session.get(f"{path}/call.xlsx") as response:
            rows = list(load_workbook(BytesIO(await response.read())).active.iter_rows(values_only=True))
        assert {row[4] for row in rows[1:]} == {"13800000001"}
        assert len(rows) == 3
        status, html = await boss.post(f"{path}/resend")
        assert "只发给上次没有送到的人" in html
        _, html = await boss.get(path)
        assert ("只给没送到的再写一个" in html, "从那里再重发" in html) == (False, True)
        status, html = await boss.post(f"{path}/resend")
        assert (status, "没送到的人已经有一个重发了" in html) == (422, True)
        assert await clerk.audited() == ["sign_in", "broadcast_drafted", "broadcast_submitted", "sign_in"]
        assert await boss.audited() == [
            "sign_in", "broadcast_approved", "sign_in", "broadcast_viewed", "broadcast_exported", "broadcast_exported",
            "broadcast_resent",
        ]  # fmt: skip


async def test_nobody_lets_out_what_they_wrote_or_have_not_seen(office: Office) -> None:
    desk = await Desk(office, "西乡服务站").open(Soul([TELEGRAM]))
    async with Clerk(office.site, "lead") as writer, Clerk(office.site, "admin") as boss:
        path = await desk.draft(writer)
        await writer.post(f"{path}/submit")
        status, html = await writer.post(f"{path}/approve", {"seen": "x"})
        assert (status, "请另一位负责人审批" in html) == (422, True)
        _, html = await boss.get(path)
        seen = hidden(html, "seen")
        office.clock.advance(60)
        await writer.get(f"{path}/edit")
        await writer.post(f"{path}/edit", TEXT | {"station": str(desk.station.id), "body": "改成周日了。"})
        await writer.post(f"{path}/submit")
        status, html = await boss.post(f"{path}/approve", {"seen": seen})
        assert (status, "刚才又改过" in html) == (422, True)
        status, html = await boss.post(f"{path}/return", {"reason": ""})
        assert (status, "为什么退回" in html) == (422, True)
        await boss.post(f"{path}/return", {"reason": "周日剧院不开门"})
        _, html = await writer.get(path)
        assert "被退回：周日剧院不开门" in html
        assert (await boss.audited())[-1] == "broadcast_returned"
    async with Clerk(office.site, "lead", station_id=desk.station.id) as other:
        await other.get(path)
        await other.post(f"{path}/submit")
        status, html = await other.post(f"{path}/approve", {"seen": "x"})
        assert (status, "只有管理员和全局的站长" in html) == (422, True)


async def test_stopping_it_while_it_runs(office: Office) -> None:
    desk = await Desk(office, "北乡服务站").open(*[Soul([TELEGRAM])] * 5)
    async with Clerk(office.site, "agent") as clerk, Clerk(office.site, "lead") as boss:
        path = await desk.draft(clerk, urgent="yes")
        await clerk.post(f"{path}/submit")
        await _approve(boss, path)
        await desk.newsroom.tick()
        await desk.newsroom.deliver(2)
        status, html = await clerk.post(f"{path}/pause")
        assert (status, "已暂停" in html) == (200, True)
        await desk.run()
        assert len(desk.newsroom.said) == 2
        assert (await clerk.post(f"{path}/pause"))[0] == 422
        await clerk.post(f"{path}/resume")
        await desk.newsroom.tick()
        await desk.newsroom.deliver(1)
        _, html = await clerk.post(f"{path}/cancel")
        assert "已取消" in html
        await desk.run()
        assert len(desk.newsroom.said) == 3
        _, html = await clerk.get(f"{path}/recipients?outcome=cancelled")
        assert html.count('data-label="结果">取消了没发') == 2
        assert (await clerk.audited())[-4:] == [
            "broadcast_paused", "broadcast_resumed", "broadcast_cancelled", "broadcast_viewed",
        ]  # fmt: skip


async def test_the_page_follows_it_live(office: Office) -> None:
    desk = await Desk(office, "南乡服务站").open(Soul([TELEGRAM]))
    async with Clerk(office.site, "lead") as clerk, Clerk(office.site, "admin") as boss:
        path = await desk.draft(clerk, urgent="yes")
        await clerk.post(f"{path}/submit")
        await _approve(boss, path)
        await desk.newsroom.tick()
        async with asyncio.timeout(20), clerk.session.get(f"{path}/stream") as stream:
            while "还没发" not in (await stream.content.readline()).decode():
                pass
            await desk.newsroom.deliver()
            await boss.get(path)
            await boss.post(f"{path}/pause")
            while "送到 1 个" not in (await stream.content.readline()).decode():
                pass


async def test_the_form_comes_back_as_typed_with_what_is_wrong(office: Office) -> None:
    async with Clerk(office.site, "editor") as clerk:
        await clerk.get("/console/broadcasts/new")
        for fields, sentence in (
            ({"title": ""}, "请写一个标题"), ({"body": ""}, "请写内容"), ({"who": ""}, "至少选一种人"),
            ({"age_from": "80", "age_to": "60"}, "从小到大"), ({"age_from": "八十"}, "年龄请填"),
            ({"expires": "2020-01-01T00:00"}, "截止时间要晚于"), ({"starts": "昨天"}, "没有写对"),
        ):  # fmt: skip
            status, html = await clerk.post("/console/broadcasts/new", TEXT | {"body": "留着的内容"} | fields)
            assert (status, sentence in html) == (422, True), fields
            assert "留着的内容" in html or "body" in fields
        long = {"body": "很长的一句话，" * 150}
        _, html = await clerk.post("/console/broadcasts/new", TEXT | long | {"act": "preview"})
        assert "微信一条装不下，会分成" in html
        assert "微信分成" in html


async def test_a_try_goes_to_oneself_only(office: Office) -> None:
    desk = await Desk(office, "中乡服务站").open(Soul([TELEGRAM]))
    async with Clerk(office.site, "agent") as without, Clerk(office.site, "agent", telegram_id=770077) as clerk:
        path = await desk.draft(without)
        await without.get(path)
        status, html = await without.post(f"{path}/try")
        assert (status, "Telegram 号" in html) == (422, True)
        await clerk.get(path)
        await clerk.post(f"{path}/try")
        await desk.run()
        assert desk.newsroom.said == {"770077": 1}
        _, html = await clerk.get(path)
        assert "已发到您的 Telegram" in html


async def test_lists_show_only_whom_one_may_see(office: Office) -> None:
    one = await Desk(office, "甲站服务站").open(Soul(), phone="13800000011")
    two = await Desk(office, "乙站服务站").open(Soul(), phone="13800000022")
    async with Clerk(office.site, "admin") as boss:
        await boss.get("/console/broadcasts/new")
        path = await one.draft(boss, station=str(one.station.id))
        await boss.get(f"{path}/edit")
        async with boss.session.post(
            f"{path}/edit",
            data=[
                ("csrf", boss.csrf),
                *TEXT.items(),
                ("station", str(one.station.id)),
                ("station", str(two.station.id)),
            ],
        ) as response:
            assert response.status == 200
        _, html = await boss.get(f"{path}/call")
        assert ("13800000011" in html, "13800000022" in html) == (True, True)
    async with Clerk(office.site, "agent", station_id=two.station.id) as clerk:
        _, html = await clerk.get(f"{path}/call")
        assert ("13800000011" in html, "13800000022" in html) == (False, True)


@pytest.mark.parametrize(("role", "seen"), [("grid", 403), ("editor", 200)])
async def test_not_for_everybody(office: Office, role: str, seen: int) -> None:
    desk = await Desk(office, f"{role}站").open(Soul())
    async with Clerk(office.site, "admin") as boss:
        path = await desk.draft(boss)
    async with Clerk(office.site, role) as clerk:
        for page in ("/console/broadcasts", "/console/broadcasts/new", path, f"{path}/recipients"):
            assert (await clerk.get(page))[0] == seen, page
        for page in (f"{path}/call", f"{path}/call.xlsx", f"{path}/results.csv"):
            assert (await clerk.get(page))[0] == 403
        assert (await clerk.get("/console/broadcasts/99999999"))[0] == (422 if seen == 200 else 403)


async def test_a_time_to_come_is_kept(office: Office) -> None:
    desk = await Desk(office, "时间服务站").open(Soul([TELEGRAM]))
    starts = office.clock() + timedelta(days=2)
    async with Clerk(office.site, "agent") as clerk, Clerk(office.site, "lead") as boss:
        path = await desk.draft(clerk, starts=f"{starts + timedelta(hours=8):%Y-%m-%dT%H:%M}")
        await clerk.post(f"{path}/submit")
        await _approve(boss, path)
        await desk.run()
        assert not desk.newsroom.said
        office.clock.advance(2 * 24 * 3600 + 60)
        await desk.newsroom.tick()
        await clerk.sign_in()
        assert "等着发" not in (await clerk.get(path))[1].partition("<h1>")[2]
