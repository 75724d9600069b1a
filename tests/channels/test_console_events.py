"""Fairs and activities in the console: from a draft to what came of it, over real HTTP; people are told by what follows."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import CHINA
from db.events import Event, EventEmployer, EventSignUp
from db.people import Person
from services.table import read_table
from tests.channels.console import Clerk, Office
from tests.channels.web_visitor import Browser
from tests.fakes.examroom import add_person

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)
_SPOKEN = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"


async def read(office: Office, table: Any, *conditions: Any) -> list[Any]:
    async with office.site.app.database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions).order_by(table.id)))


def field(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}"


def fields_of(office: Office, **changes: Any) -> dict[str, str]:
    """Return a form of a fair in ten days, at nine in the morning."""
    day = (office.clock().astimezone(CHINA) + timedelta(days=10)).replace(hour=9, minute=0)
    return {
        "kind": "fair", "title": f"第{next(_numbers)}场招聘会", "starts_at": field(day),
        "ends_at": field(day + timedelta(hours=6)), "closes_at": "", "place": "市体育馆", "phone": "0573-88001234",
        "about": "近百家单位来招人", "bring": "身份证、优待证", "materials": "", "capacity": "2",
    } | changes  # fmt: skip


async def event_of(office: Office, clerk: Clerk, *, open_: bool = True, **changes: Any) -> tuple[str, Event]:
    """Make an event, published unless told otherwise; return the path of its page and the row."""
    fields = fields_of(office, **changes)
    await clerk.get("/console/events/new")
    status, html = await clerk.post("/console/events/new", fields)
    assert (status, fields["title"] in html) == (200, True), html
    (event,) = await read(office, Event, Event.title == fields["title"])
    path = f"/console/events/{event.id}"
    if open_:
        assert (await clerk.post(f"{path}/publish"))[0] == 200
    return path, event


async def to_the_door(office: Office, clerk: Clerk, event: Event) -> None:
    """Let time pass until the event has begun."""
    office.clock.moment = max(office.clock(), event.starts_at + timedelta(minutes=5))
    await clerk.sign_in()


async def written_down(clerk: Clerk, path: str, name: str, phone: str = "13800005678") -> tuple[int, str]:
    await clerk.get(f"{path}/people")
    return await clerk.post(f"{path}/people/sign-up", {"name": name, "phone": phone})


async def sign_ups(office: Office, event: Event) -> list[EventSignUp]:
    return await read(office, EventSignUp, EventSignUp.event_id == event.id)


async def test_from_a_draft_to_the_figures(office: Office) -> None:
    async with Clerk(office.site, "lead") as clerk:
        path, event = await event_of(office, clerk, open_=False)
        _, html = await clerk.get(path)
        assert ("草稿" in html, "近百家单位" in html, f"{event.door_code}" in html) == (True, True, False)
        status, html = await clerk.post(f"{path}/publish")
        assert (status, "发布了" in html, "报名中" in html) == (200, True, True)
        status, html = await clerk.post(f"{path}/publish")
        assert (status, 'role="alert"' in html) == (422, True)
        _, html = await clerk.get("/console/events")
        assert (event.title in html, "0 人，名额 2" in html) == (True, True)
        assert event.title not in (await clerk.get("/console/events?past=1"))[1]
        await to_the_door(office, clerk, event)
        _, html = await clerk.get(path)
        assert ("结果" in html, 'name="intentions"' in html, 'name="attended"' in html) == (True, True, False)
        status, html = await clerk.post(f"{path}/figures", {"applicants": "120", "intentions": "很多", "hired": ""})
        assert (status, "达成意向请写数字" in html, 'value="120"' in html) == (422, True, True)
        status, html = await clerk.post(f"{path}/figures", {"applicants": "120", "intentions": "31", "hired": "2"})
        assert (status, "结果记下了" in html) == (200, True)
        (event,) = await read(office, Event, Event.id == event.id)
        assert (event.applicants, event.intentions, event.hired, event.attended) == (120, 31, 2, None)
        audited = await clerk.audited()
        for action in ("event_made", "event_published", "event_figures"):
            assert action in audited
        assert ">填招聘会或活动的结果</td>" in (await clerk.get("/console/audit"))[1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts_at": "2020-01-02T09:00", "ends_at": "2020-01-02T12:00"}, "时间已经过去"),
        ({"ends_at": "2020-01-02T12:00"}, "结束时间要晚于开始时间"),
        ({"starts_at": "12月1日"}, "请选开始和结束"),
        ({"capacity": "-1"}, "名额请写"),
        ({"capacity": "1000000"}, "名额请写"),
        ({"kind": "party"}, "种类"),
        ({"title": " "}, "请写上名称"),
        ({"about": "长" * 2000}, "写得太长"),
    ],
)
async def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    office: Office, changes: dict[str, str], said: str
) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/events/new")
        fields = fields_of(office, place="写了一半的<b>") | changes
        status, html = await clerk.post("/console/events/new", fields)
        assert (status, said in html, 'value="写了一半的&lt;b&gt;"' in html) == (422, True, True), html
        assert await read(office, Event, Event.title == fields["title"]) == []


async def test_another_place_is_told_and_more_places_go_to_who_waits(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, event = await event_of(office, clerk, capacity="1")
        for name in ("吴一", "吴二"):
            await written_down(clerk, path, name)
        _, html = await clerk.get(f"{path}/people")
        assert ("第 1 位" in html, "名额 1" in html) == (True, True)
        fields = fields_of(
            office,
            title=event.title,
            place="职业学校",
            capacity="3",
            starts_at=field(event.starts_at),
            ends_at=field(event.ends_at),
        )
        status, html = await clerk.post(f"{path}/edit", fields)
        assert (status, "候补的 1 人有名额了" in html, "时间或地点变了" in html) == (200, True, True)
        assert "有 2 人收不到即时通知" in html  # nobody of them has an account
        assert [row.status for row in await sign_ups(office, event)] == ["active", "active"]
        status, html = await clerk.post(f"{path}/edit", fields | {"capacity": "1"})
        assert (status, "已经报了 2 人" in html) == (422, True)


async def test_signing_up_for_others_masked_on_the_page_and_full_on_paper(office: Office) -> None:
    app, name = office.site.app, "周" + _SPOKEN[next(_numbers) % 20] + "民"
    async with app.database.transaction() as db:
        person: Person = await add_person(db, name, app.vault, phone="13800009876", account=("telegram", f"t-{name}"))
    async with Clerk(office.site, "agent") as clerk:
        path, event = await event_of(office, clerk)
        await clerk.get(f"{path}/people")
        status, html = await clerk.post(f"{path}/people/find", {"words": name})
        assert (status, "给他报名" in html, name in html.replace(f'value="{name}"', "")) == (200, True, False)
        status, html = await clerk.post(f"{path}/people/sign-up", {"person": str(person.id)})
        (row,) = await sign_ups(office, event)
        assert (status, row.code in html, row.made_by, row.person_id) == (200, True, "工作人员", person.id)
        await clerk.post(f"{path}/people/sign-up", {"person": str(person.id)})
        assert len(await sign_ups(office, event)) == 1
        status, html = await written_down(clerk, path, "郑没有档案", "12")
        assert (status, "电话" in html, 'value="郑没有档案"' in html) == (422, True, True)
        await written_down(clerk, path, "郑没有档案")
        status, html = await written_down(clerk, path, "孙候补")
        assert (status, "排在候补第 1 位" in html) == (200, True)
        _, html = await clerk.get(f"{path}/people")
        assert ("周**" in html, "郑**" in html, "138****5678" in html, "郑没有档案" in html) == (
            True,
            True,
            True,
            False,
        )
        _, html = await clerk.get(f"{path}/print")
        assert (name in html, "郑没有档案" in html, "13800005678" in html, "候补第 1 位" in html) == (True,) * 4
        _, html = await clerk.get(f"{path}/print?call=1")
        assert (name in html, "郑没有档案" in html) == (False, True)
        async with clerk.session.get(f"{path}/export.xlsx") as response:
            table = read_table(await response.read(), ("报名号", "姓名", "情况"), ("姓名",))
        assert [row.cells["姓名"] for row in table.rows] == [name, "郑没有档案", "孙候补"]
        audited = await clerk.audited()
        for action in ("people_searched", "event_signed_up", "event_people_listed", "event_printed", "event_exported"):
            assert action in audited


async def test_a_place_cancelled_with_a_reason_goes_to_the_next(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, event = await event_of(office, clerk, capacity="1")
        await written_down(clerk, path, "钱一")
        await written_down(clerk, path, "钱二")
        first, _ = await sign_ups(office, event)
        status, html = await clerk.post(f"{path}/people/cancel", {"sign_up": str(first.id), "reason": " "})
        assert (status, "请写上原因" in html) == (422, True)
        status, html = await clerk.post(f"{path}/people/cancel", {"sign_up": str(first.id), "reason": "本人来不了"})
        assert (status, "候补的 1 人有名额了" in html) == (200, True)
        status, html = await clerk.post(f"{path}/people/cancel", {"sign_up": str(first.id), "reason": "再点一次"})
        assert (status, 'role="alert"' in html) == (422, True)
        assert [row.status for row in await sign_ups(office, event)] == ["cancelled", "active"]


async def test_cancelling_the_event_names_whom_to_telephone(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, _ = await event_of(office, clerk)
        await written_down(clerk, path, "冯某某")
        status, html = await clerk.post(f"{path}/cancel", {"reason": ""})
        assert (status, "请写上原因" in html) == (422, True)
        status, html = await clerk.post(f"{path}/cancel", {"reason": "台风"})
        assert (status, "取消了" in html, "有 1 人收不到即时通知" in html) == (200, True, True)
        assert ("已取消" in html, "修改" in html, "取消这场活动</button>" in html) == (True, False, False)
        _, html = await clerk.get(f"{path}/people?call=1")
        assert ("冯**" in html, "替人报名" in html) == (True, False)
        assert (await written_down(clerk, path, "来晚了"))[0] == 422


async def test_employers_of_a_fair_and_their_booths(office: Office) -> None:
    async with Clerk(office.site, "editor") as clerk:
        path, event = await event_of(office, clerk)
        name = f"第{next(_numbers)}机械公司<b>"
        await clerk.get(path)
        status, html = await clerk.post(f"{path}/stands", {"employer": name, "booth": "A12"})
        assert (status, "A12" in html, "&lt;b&gt;" in html, "还没核验" in html) == (200, True, True, True)
        await clerk.post(f"{path}/stands", {"employer": name, "booth": "B3"})
        async with office.site.app.database.snapshot() as db:
            (stand,) = await db.scalars(select(EventEmployer).where(EventEmployer.event_id == event.id))
        assert stand.booth == "B3"
        status, html = await clerk.post(f"{path}/stands", {"employer": " ", "booth": "C1"})
        assert (status, "请写上单位名称" in html) == (422, True)
        status, html = await clerk.post(f"{path}/stands/remove", {"employer": str(stand.employer_id)})
        assert (status, "还没有参会企业" in html) == (200, True)
        assert {"event_stand", "event_stand_removed"} <= set(await clerk.audited())


async def test_the_door(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, event = await event_of(office, clerk, capacity="3")
        await written_down(clerk, path, "韩一民", "13800001111")
        await written_down(clerk, path, "韩二民", "13900002222")
        one, two = await sign_ups(office, event)
        door = f"{path}/check-in"
        status, html = await clerk.get(door)
        assert (status, "现在不是签到的时候" in html, ">到了</button>" in html) == (200, True, False)
        assert (await clerk.post(f"{door}/tick", {"sign_up": str(one.id)}))[0] == 422
        await to_the_door(office, clerk, event)
        status, html = await clerk.get(door)
        assert (status, "<b>0</b> 人到了，报名 2 人" in html) == (200, True)
        status, html = await clerk.post(f"{door}/find", {"words": one.code.lower().replace("-", " ")})
        assert (status, f"{one.code} 到了，现在到了 1 人" in html, "韩**" in html) == (200, True, True)
        status, html = await clerk.post(f"{door}/find", {"words": "2222"})
        assert (status, two.code in html, f"{one.code}</td>" in html) == (200, True, False)
        status, html = await clerk.post(f"{door}/find", {"words": "韩"})
        assert (status, "没有找到“韩”" in html) == (422, True)
        status, html = await clerk.post(f"{door}/tick", {"sign_up": str(two.id)})
        assert (status, "现在到了 2 人" in html) == (200, True)
        status, html = await clerk.post(f"{door}/untick", {"sign_up": str(two.id)})
        assert (status, f"{two.code} 改回没到了" in html, "<b>1</b> 人到了" in html) == (200, True, True)
        status, html = await clerk.post(f"{door}/walk-in", {"name": "路过的<b>", "phone": ""})
        assert (status, "现在到了 2 人" in html) == (200, True)
        status, html = await clerk.post(f"{door}/walk-in", {"name": "没位子了", "phone": ""})
        assert (status, "名额" in html, 'value="没位子了"' in html) == (422, True, True)
        status, part = await clerk.get(f"{door}/now")
        assert (status, "<b>2</b> 人到了" in part, "<html" in part) == (200, True, False)
        rows = await sign_ups(office, event)
        assert [row.attended_at is not None for row in rows] == [True, False, True]
        _, html = await clerk.get("/console/audit")
        assert (">活动签到</td>" in html, ">撤回活动签到</td>" in html, ">活动现场补记到场</td>" in html) == (True,) * 3


async def test_whoever_sends_the_code_on_the_wall_grows_the_number_at_the_desk(office: Office) -> None:
    async with Clerk(office.site) as clerk, Browser(office.site.url) as visitor:
        path, event = await event_of(office, clerk)
        await to_the_door(office, clerk, event)
        code = event.door_code
        assert f">{code}<" in (await clerk.get(f"{path}/wall"))[1]
        await visitor.say(code)
        assert "签到好了" in (await visitor.waiting())[-1]["text"]
        await visitor.say(f"签到 {code}")
        assert "<b>1</b> 人到了" in (await clerk.get(f"{path}/check-in/now"))[1]
        assert "已签到 <b>1</b> 人" in (await clerk.get(f"{path}/wall/now"))[1]


async def test_the_wall_shows_the_code_and_no_name(office: Office) -> None:
    async with Clerk(office.site) as clerk, Clerk(office.site, "editor") as editor:
        path, event = await event_of(office, clerk)
        await written_down(clerk, path, "沈一民")
        await editor.get(path)
        status, html = await editor.get(f"{path}/wall")
        assert (status, event.door_code in html, "已签到 <b>0</b> 人" in html, "沈" in html) == (200, True, True, False)
        assert (await editor.get(f"{path}/wall/now"))[0] == 200
        await clerk.get(path)
        await clerk.post(f"{path}/cancel", {"reason": "不办了"})
        assert event.door_code not in (await editor.get(f"{path}/wall"))[1]


async def test_who_may_see_whom(office: Office) -> None:
    async with Clerk(office.site) as boss:
        path, _ = await event_of(office, boss)
        await written_down(boss, path, "杨一民")
    async with Clerk(office.site, "editor") as clerk:
        _, html = await clerk.get(path)
        assert ("名单（" in html, "修改" in html) == (False, True)
        for page in ("people", "people?call=1", "print", "export.csv", "check-in", "check-in/now"):
            assert (await clerk.get(f"{path}/{page}"))[0] == 403
        for act in (
            "people/find",
            "people/sign-up",
            "people/cancel",
            "check-in/find",
            "check-in/tick",
            "check-in/walk-in",
        ):
            assert (await clerk.post(f"{path}/{act}"))[0] == 403
    async with Clerk(office.site, "grid") as clerk:
        for page in ("/console/events", path, f"{path}/wall", "/console/work-statistics"):
            assert (await clerk.get(page))[0] == 403


async def test_an_event_that_is_none(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for page in ("", "/people", "/check-in", "/wall", "/edit", "/print"):
            status, html = await clerk.get(f"/console/events/999999999{page}")
            assert (status, "没有找到这场活动" in html) == (422, True)


async def test_many_events_come_in_pages(office: Office) -> None:
    now = office.clock()
    async with office.site.app.database.transaction() as db:
        for number in range(25):
            at = now + timedelta(days=200 + number)
            db.add(
                Event(
                    kind="lecture", title=f"翻页讲座{number:02}", starts_at=at, ends_at=at + timedelta(hours=1), closes_at=at,
                    place="礼堂", phone="1", about="", bring="", materials="", categories=[], capacity=9, door_code="1234",
                    status="open", created_at=now, changed_at=now,
                )
            )  # fmt: skip
    async with Clerk(office.site) as clerk:
        seen = [(await clerk.get(f"/console/events?page={page}"))[1] for page in range(4)]
        found = [f"翻页讲座{number:02}" for number in range(25)]
        assert sum(html.count(f"<b>{title}</b>") for html in seen for title in found) == 25
        assert ("下一页" in seen[0], "上一页" in seen[0], "上一页" in seen[1]) == (True, False, True)


async def test_statistics_on_the_page_and_in_the_tables(office: Office) -> None:
    start = datetime(2025, 3, 14, 1, tzinfo=office.clock().tzinfo)  # when no other test has an event
    values = {
        "place": "馆", "phone": "1", "about": "", "bring": "", "materials": "", "categories": [], "capacity": 90,
        "door_code": "1", "status": "over", "created_at": start, "changed_at": start, "starts_at": start,
        "ends_at": start + timedelta(hours=2), "closes_at": start,
    }  # fmt: skip
    async with office.site.app.database.transaction() as db:
        db.add(Event(kind="fair", title="<b>春招", applicants=77, intentions=12, hired=3, **values))
        db.add(Event(kind="fair", title="没填的", **values))
        db.add(Event(kind="adaptation", title="班", attended=164, **values))
    march = "from=2025-03-01&to=2025-04-30"
    async with Clerk(office.site, "lead") as clerk:
        status, html = await clerk.get(f"/console/work-statistics?{march}")
        assert (status, "<b>2</b> 招聘会场次" in html, "<b>77</b> 求职人数" in html) == (200, True, True)
        assert ("有 1 场招聘会还没有填" in html, "&lt;b&gt;春招" in html, "style=" in html) == (True, True, False)
        assert ("<rect" in html, "适应性培训" in html, " 164" in html) == (True, True, True)
        tables = {}
        columns = {"fairs": ("项目", "求职人数"), "classes": ("类别", "到场人数"), "online": ("项目", "推荐")}
        for table, shown in columns.items():
            for suffix in ("xlsx", "csv"):
                async with clerk.session.get(f"/console/work-statistics/{table}.{suffix}?{march}") as found:
                    assert "2025-03-01" in found.headers["Content-Disposition"]
                    tables[table, suffix] = read_table(await found.read(), shown, shown)
        assert [row.cells for row in tables["fairs", "xlsx"].rows] == [row.cells for row in tables["fairs", "csv"].rows]
        assert [tuple(row.cells.values()) for row in tables["fairs", "csv"].rows] == [
            ("合计", "77"), ("<b>春招", "77"), ("没填的", "0"), ("2025年3月", "77"), ("2025年4月", "0"),
        ]  # fmt: skip
        assert ("适应性培训", "164") in [tuple(row.cells.values()) for row in tables["classes", "xlsx"].rows]
        status, html = await clerk.get("/console/work-statistics?from=x")
        assert (status, 'role="alert"' in html) == (422, True)
    async with Clerk(office.site, "agent") as clerk:
        assert (await clerk.get("/console/work-statistics"))[0] == 403
