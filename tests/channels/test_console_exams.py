"""Examinations in the console: from a new batch to who came, over real HTTP; people are told of what staff do."""

from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from core.clock import CHINA
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.people import Person
from db.turns import Outbox
from services import attendance, exam_lists
from services.table import read_table, write_table
from tests.channels.console import Clerk, Office, hidden
from tests.fakes.examroom import add_person
from tests.storage.bureau import add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)


async def read(office: Office, table: Any, *conditions: Any) -> list[Any]:
    async with office.site.app.database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions).order_by(table.id)))


def workday(office: Office, ahead: int) -> date:
    """Return a Tuesday some weeks ahead."""
    today = office.clock().astimezone(CHINA).date()
    return today + timedelta(days=7 * ahead + (1 - today.weekday()) % 7)


async def batch_of(office: Office, clerk: Clerk, kind: str = "exam", **changes: Any) -> tuple[str, ExamBatch]:
    """Make a batch; return the path of its page and the row."""
    fields = {
        "kind": kind, "title": f"第{next(_numbers)}批体检", "place": "县人民医院", "before": "空腹", "bring": "身份证",
        "phone": "0573-88001234", "closes_on": str(workday(office, 1)),
    }  # fmt: skip
    await clerk.get("/console/exams/new")
    status, html = await clerk.post("/console/exams/new", fields | changes)
    assert (status, fields["title"] in html) == (200, True), html
    (batch,) = await read(office, ExamBatch, ExamBatch.title == fields["title"])
    return f"/console/exams/{batch.id}", batch


async def sessions_of(office: Office, batch: ExamBatch) -> list[ExamSession]:
    return await read(office, ExamSession, ExamSession.batch_id == batch.id)


async def half_days(office: Office, clerk: Clerk, path: str, places: int = 2, days: int = 1) -> tuple[int, str]:
    first = workday(office, 2)
    fields = [("csrf", clerk.csrf), ("from", str(first)), ("until", str(first + timedelta(days=days - 1)))]
    fields += [("places", str(places)), ("half", "am"), ("half", "pm")]
    async with clerk.session.post(f"{path}/half-days", data=fields) as response:
        return response.status, clerk._seen(await response.text())


async def somebody(office: Office, name: str, account: tuple[str, str] | None = None, **columns: Any) -> Person:
    app = office.site.app
    async with app.database.transaction() as db:
        return await add_person(db, name, app.vault, account=account, **columns)


async def signed_up(clerk: Clerk, session: ExamSession, person: Person) -> tuple[int, str]:
    path = f"/console/exams/sessions/{session.id}"
    await clerk.get(path)
    return await clerk.post(f"{path}/sign-up", {"person": str(person.id)})


async def test_from_a_new_batch_to_who_came(office: Office) -> None:
    person = await somebody(office, "周建军", ("telegram", "t-zhou"), phone="13800005678")
    async with Clerk(office.site, "lead") as clerk:
        path, batch = await batch_of(office, clerk)
        status, html = await clerk.post(f"{path}/open")
        assert (status, "还没有安排" in html) == (422, True)
        status, html = await half_days(office, clerk, path)
        assert (status, "新安排了 2 个时间" in html) == (200, True)
        status, html = await clerk.post(f"{path}/open")
        assert (status, "报名中" in html) == (200, True)
        morning, afternoon = await sessions_of(office, batch)
        page = f"/console/exams/sessions/{morning.id}"
        await clerk.get(page)
        status, html = await clerk.post(f"{page}/find", {"words": "周建军"})
        assert ("周**" in html, "周建军" in html.replace('value="周建军"', ""), "给他报名" in html) == (
            True,
            False,
            True,
        )
        status, html = await clerk.post(f"{page}/sign-up", {"person": str(person.id)})
        (place,) = await read(office, ExamPlace, ExamPlace.person_id == person.id)
        assert (status, place.code in html, "已经通知对方" in html, place.made_by) == (200, True, True, "工作人员")
        status, html = await clerk.post(f"{page}/sign-up", {"person": str(person.id)})
        assert (status, "已经报过名了" in html) == (422, True)
        one = f"/console/exams/places/{place.id}"
        await clerk.get(one)
        status, html = await clerk.post(f"{one}/move", {"session": str(afternoon.id)})
        assert (status, "改好了" in html, "下午" in html) == (200, True, True)
        told = await read(office, Outbox, Outbox.recipient == "t-zhou")
        assert [("报好了" in row.payload["text"], "改到了" in row.payload["text"]) for row in told] == [
            (True, False), (False, True),
        ]  # fmt: skip
        assert {row.notice for row in told} == {"exam"}
        office.clock.moment = office.clock() + timedelta(days=28)
        await clerk.sign_in()
        page = f"/console/exams/sessions/{afternoon.id}"
        status, html = await clerk.get(page)
        assert "保存到没到" in html
        status, html = await clerk.post(f"{page}/attendance", {"listed": str(place.id), "came": str(place.id)})
        assert (status, "到了 1 人" in html, " checked" in html) == (200, True, True)
        audited = await clerk.audited()
        for action in (
            "exam_made", "exam_sessions_made", "exam_opened", "exam_listed", "exam_signed_up", "exam_place_viewed",
            "exam_moved", "exam_attended",
        ):  # fmt: skip
            assert action in audited
        status, html = await clerk.get("/console/audit")
        assert ">记录体检疗养到没到</td>" in html


async def test_what_was_typed_stays_when_it_is_refused(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/exams/new")
        fields = {"kind": "exam", "title": "写了一半的<b>", "place": "县医院", "closes_on": "2026-13-01"}
        status, html = await clerk.post("/console/exams/new", fields)
        assert (status, 'value="写了一半的&lt;b&gt;"' in html, 'value="县医院"' in html) == (422, True, True)
        path, _ = await batch_of(office, clerk)
        status, html = await clerk.post(f"{path}/half-days", {"from": "2027-01-05", "until": "x", "places": "7"})
        assert (status, 'value="2027-01-05"' in html, 'value="7"' in html) == (422, True, True)
        await half_days(office, clerk, path, 3)
        status, html = await clerk.post(f"{path}/edit", {"title": ""})
        assert status == 422


async def test_places_are_changed_but_never_below_those_taken(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, batch = await batch_of(office, clerk)
        await half_days(office, clerk, path, 3)
        morning, _ = await sessions_of(office, batch)
        for name in ("吴一", "吴二"):
            await signed_up(clerk, morning, await somebody(office, name))
        await clerk.get(path)
        status, html = await clerk.post(f"{path}/capacity", {"session": str(morning.id), "places": "1"})
        assert (status, "已经报了 2 人" in html) == (422, True)
        assert (await clerk.post(f"{path}/capacity", {"session": str(morning.id), "places": "2"}))[0] == 200
        status, html = await signed_up(clerk, morning, await somebody(office, "吴三"))
        assert (status, "报满了" in html) == (422, True)


async def test_a_cancelled_session_names_who_must_be_telephoned(office: Office) -> None:
    reached = await somebody(office, "郑一", ("telegram", "t-zheng"))
    silent = await somebody(office, "冯二", phone="13800009999")
    async with Clerk(office.site, "lead") as clerk:
        path, batch = await batch_of(office, clerk)
        await half_days(office, clerk, path)
        morning, _ = await sessions_of(office, batch)
        for person in (reached, silent):
            await signed_up(clerk, morning, person)
        page = f"/console/exams/sessions/{morning.id}"
        status, html = await clerk.post(f"{page}/cancel", {"reason": " "})
        assert status == 422
        status, html = await clerk.post(f"{page}/cancel", {"reason": "仪器检修"})
        assert (status, "2 人的报名也取消了" in html, "要打电话的人" in html) == (200, True, True)
        assert ("冯**" in html, "郑**" in html) == (True, False)
        last = (await read(office, Outbox, Outbox.recipient == "t-zheng"))[-1]
        assert "仪器检修" in last.payload["text"]
        assert {row.status for row in await read(office, ExamPlace, ExamPlace.batch_id == batch.id)} == {"cancelled"}
        status, html = await signed_up(clerk, morning, silent)
        assert status == 422


async def test_one_place_is_cancelled_with_a_reason(office: Office) -> None:
    person = await somebody(office, "陈三", ("telegram", "t-chen"))
    async with Clerk(office.site) as clerk:
        path, batch = await batch_of(office, clerk)
        await half_days(office, clerk, path)
        morning, _ = await sessions_of(office, batch)
        await signed_up(clerk, morning, person)
        (place,) = await read(office, ExamPlace, ExamPlace.person_id == person.id)
        one = f"/console/exams/places/{place.id}"
        await clerk.get(one)
        assert (await clerk.post(f"{one}/cancel", {"reason": ""}))[0] == 422
        status, html = await clerk.post(f"{one}/cancel", {"reason": "本人来电不去了"})
        assert (status, "取消了" in html) == (200, True)
        assert "本人来电不去了" in (await read(office, Outbox, Outbox.recipient == "t-chen"))[-1].payload["text"]
        status, html = await clerk.get(one)
        assert status >= 400
        assert "可能已经取消" in html


async def test_lists_are_masked_on_the_screen_and_whole_on_paper(office: Office) -> None:
    person = await somebody(office, "褚四=1+1", phone="13800004321")
    async with Clerk(office.site) as clerk:
        path, batch = await batch_of(office, clerk)
        await half_days(office, clerk, path)
        await signed_up(clerk, (await sessions_of(office, batch))[0], person)
        _, html = await clerk.get(f"{path}/places")
        assert ("褚**" in html, "13800004321" in html, "138****4321" in html) == (True, False, True)
        for page in (f"{path}/print", f"/console/exams/sessions/{(await sessions_of(office, batch))[0].id}/print"):
            _, html = await clerk.get(page)
            assert ("褚四=1+1" in html, "13800004321" in html) == (True, True)
        for suffix in ("xlsx", "csv"):
            async with clerk.session.get(f"{path}/export.{suffix}") as response:
                table = read_table(await response.read(), exam_lists.COLUMNS, exam_lists.COLUMNS)
            assert [row.cells["姓名"] for row in table.rows] == ["褚四=1+1"]
        assert (await clerk.audited())[-5:] == ["exam_listed", "exam_printed", "exam_printed", *["exam_exported"] * 2]


async def test_a_table_of_who_came_is_shown_first_then_written(office: Office) -> None:
    person, other = await somebody(office, "卫五"), await somebody(office, "蒋六")
    async with Clerk(office.site) as clerk:
        path, batch = await batch_of(office, clerk)
        await half_days(office, clerk, path)
        morning, _ = await sessions_of(office, batch)
        await signed_up(clerk, morning, person)
        await signed_up(clerk, morning, other)
        office.clock.moment = office.clock() + timedelta(days=28)
        await clerk.sign_in()
        first, second = await read(office, ExamPlace, ExamPlace.batch_id == batch.id)
        rows = [[first.code, "卫五", "到了"], ["TJ-QQQQ", "", "到了"], [second.code, "", ""]]
        content = write_table(attendance.COLUMNS, rows, xlsx=False)
        await clerk.get(f"{path}/attendance")
        form = aiohttp.FormData()
        form.add_field("csrf", clerk.csrf)
        form.add_field("file", BytesIO(content), filename="到没到.csv")
        async with clerk.session.post(f"{path}/attendance", data=form) as response:
            status, html = response.status, clerk._seen(await response.text())
        assert (status, "要修改 1 行" in html, "有问题 1 行" in html, "TJ-QQQQ" in html) == (200, True, True, True)
        assert (await read(office, ExamPlace, ExamPlace.id == first.id))[0].attended is None
        status, html = await clerk.post(f"{path}/attendance/confirmed", {"table": hidden(html, "table")})
        assert (status, "修改 1 行" in html) == (200, True)
        kept = [row.attended for row in await read(office, ExamPlace, ExamPlace.batch_id == batch.id)]
        assert kept == [True, None]
        assert (await clerk.post(f"{path}/attendance/confirmed", {"table": "forged"}))[0] == 422
        assert (await clerk.post(f"{path}/attendance", {}))[0] == 422


async def test_recuperation_goes_by_groups(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, batch = await batch_of(office, clerk, kind="recuperation")
        first = workday(office, 3)
        fields = {"from": str(first), "until": str(first + timedelta(days=4)), "places": "10"}
        status, html = await clerk.post(f"{path}/groups", fields)
        assert (status, "加了一期" in html) == (200, True)
        status, html = await clerk.post(f"{path}/groups", fields | {"until": str(first - timedelta(days=1))})
        assert status == 422
        (group,) = await sessions_of(office, batch)
        assert (group.half, group.until) == ("days", first + timedelta(days=4))


async def test_the_staff_of_a_station_sign_up_but_plan_nothing(office: Office) -> None:
    async with Clerk(office.site) as boss:
        path, batch = await batch_of(office, boss)
        await half_days(office, boss, path)
        (morning, _) = await sessions_of(office, batch)
    async with office.site.app.database.transaction() as db:
        station = await add_station(db, f"第{next(_numbers)}站")
    ours = await somebody(office, "沈七", station_id=station.id)
    async with Clerk(office.site, "agent", station_id=station.id) as clerk:
        assert "安排时间" not in (await clerk.get(path))[1]
        for act in ("open", "close", "half-days", "capacity", "edit"):
            assert (await clerk.post(f"{path}/{act}"))[0] == 403
        assert (await clerk.post(f"/console/exams/sessions/{morning.id}/cancel", {"reason": "不想办"}))[0] == 403
        assert (await clerk.get("/console/exams/new"))[0] == 403
        assert (await signed_up(clerk, morning, ours))[0] == 200
    async with Clerk(office.site, "editor") as clerk:
        assert (await clerk.get("/console/exams"))[0] == 403
