"""Lists of posts come in through the console: looked over first, good rows in, bad ones told, twice is once."""

import json
from datetime import timedelta
from io import BytesIO
from itertools import count
from zipfile import ZipFile

import aiohttp
import pytest

from db.events import Event
from db.jobs import Job
from services.table import read_table
from tests.channels.console import Clerk, Office
from tests.channels.job_office import closing, post, read, typed

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PATH = "/console/jobs/import"
_HEAD = "编号,单位,岗位,市县,乡镇,月薪,年龄,截止日期,联系人,电话"
_numbers = count(1)


def _source() -> str:
    return f"人社局周报{next(_numbers)}"


def _rows(office: Office, *rows: str) -> bytes:
    return "\n".join([_HEAD, *(row.replace("以后", str(closing(office))) for row in rows)]).encode()


async def _upload(
    clerk: Clerk, content: bytes, source: str, name: str = "岗位.csv", event: str = ""
) -> tuple[int, str, str]:
    """Post a file; return status, page and where it led."""
    await clerk.get(_PATH)
    form = aiohttp.FormData({"csrf": clerk.csrf, "source": source, "event": event})
    form.add_field("file", BytesIO(content), filename=name)
    async with clerk.session.post(_PATH, data=form) as response:
        return response.status, clerk._seen(await response.text()), response.url.path


async def _of(office: Office, source: str, *conditions: object) -> list[Job]:
    return await read(office, Job, Job.source == source, *conditions)


async def test_good_rows_come_in_bad_ones_are_told_and_a_second_time_changes_nothing(office: Office) -> None:
    source = _source()
    content = _rows(
        office, "A1,示例安保甲公司,保安,如东县,,4000-5000,18-55,以后,王经理,13800001111",
        "A2,示例食品乙公司,厨师,如东县,,面议,,以后,,0513-84110000",
        "A3,示例食品乙公司,洗碗工,如东县,,-1,,以后,,", "A4,示例食品乙公司,服务员,如东县,,100万,,以后,,",
        "A5,示例食品乙公司,收银员,如东县,,3000,,2020-01-01,,", "A6,示例食品乙公司,切配,如东县,,3000,,以后,13900001111,",
        "A7,示例食品乙公司,帮工,如东县,,3000,15-20,以后,,",
    )  # fmt: skip
    async with Clerk(office.site, "agent") as clerk:
        status, html, at = await _upload(clerk, content, source)
        assert (status, "新增 2 行" in html, "有问题 5 行" in html) == (200, True, True), html
        for said in ("不能是负数", "多写了零", "已经过了", "填错了列", "不满 16 周岁"):
            assert said in html, said
        assert ("（自动）" in html, await _of(office, source)) == (True, [])
        status, html = await clerk.post(at)
        assert (status, "写好了：写入 2 行" in html) == (200, True)
        assert {job.source_ref: (job.kind, job.status) for job in await _of(office, source)} == {
            "A1": ("保安", "open"), "A2": ("厨师", "open"),
        }  # fmt: skip
        await clerk.post(at)  # asked twice, written once
        async with clerk.session.get(f"{at}/bad.xlsx") as found:
            table = read_table(await found.read(), ("行号", "问题", "编号"), ("编号",))
        assert [row.cells["行号"] for row in table.rows] == ["4", "5", "6", "7", "8"]
        _, html, _ = await _upload(clerk, content, source)
        assert ("没有变化 2 行" in html, "没有要写入的行" in html) == (True, True)
        changed = content.replace(b"4000-5000", b"4500-5500")
        _, html, at = await _upload(clerk, changed, source)
        assert ("修改 1 行" in html, "确认写入 1 行" in html) == (True, True)
        await clerk.post(at)
        (first, _) = await _of(office, source)
        assert (first.pay_from, first.pay_to) == (4500, 5500)
        assert [name for name in await clerk.audited() if name.startswith("jobs_")] == [
            "jobs_import_begun", "jobs_imported",
        ] * 2  # fmt: skip


async def test_what_a_list_no_longer_names_is_closed_only_when_asked(office: Office) -> None:
    source = _source()
    rows = [f"B{n},示例丙公司,岗位{n},如东县,,4000,,以后,," for n in range(3)]
    async with Clerk(office.site) as clerk:
        _, _, at = await _upload(clerk, _rows(office, *rows), source)
        await clerk.post(at)
        for asked, standing in ((False, 3), (True, 1)):
            _, html, at = await _upload(clerk, _rows(office, rows[0]), source)
            assert "没有的 2 个岗位" in html
            await clerk.post(at, {"close_missing": "yes"} if asked else {})
            assert len(await _of(office, source, Job.status == "open")) == standing
        _, html = await clerk.get(at)
        assert "停招 2 个" in html


async def test_the_list_of_a_fair_comes_in_with_it(office: Office) -> None:
    source, now = _source(), office.clock()
    async with office.site.app.database.transaction() as db:
        fair = Event(
            kind="fair", title="春风行动招聘会", starts_at=now + timedelta(days=5), ends_at=now + timedelta(days=5, hours=3),
            closes_at=now + timedelta(days=5), place="体育馆", phone="0513-84110000", about="", bring="", materials="",
            categories=[], capacity=100, door_code="4821", status="open", created_at=now, changed_at=now,
        )  # fmt: skip
        db.add(fair)
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(f"{_PATH}?event={fair.id}")
        assert f'value="{fair.id}" selected' in html
        rows = _rows(office, "C1,示例丁公司,保安,如东县,,4000,,,,")  # no closing date: the fair's day
        _, html, at = await _upload(clerk, rows, source, event=str(fair.id))
        await clerk.post(at)
        (job,) = await _of(office, source)
        assert job.event_id == fair.id
        _, html = await clerk.get(f"/console/jobs?event={fair.id}")
        assert ("春风行动招聘会" in html, job.title in html) == (True, True)
        status, html, _ = await _upload(clerk, rows, source, event="999999")
        assert (status, "没有找到这场招聘会" in html) == (422, True)
        await clerk.get("/console/jobs/new")
        status, html = await clerk.post("/console/jobs/new", typed(office, event="999999"))
        assert (status, "没有找到这场招聘会" in html) == (422, True)
        path, mine = await post(office, clerk, event=str(fair.id))
        assert mine.event_id == fair.id
        _, html = await clerk.get(f"{path}/edit")
        assert f'value="{fair.id}" selected' in html


async def test_many_bad_rows_are_paged(office: Office) -> None:
    rows = [f"D{n},示例戊公司,岗{n},如东县,,-1,,以后,," for n in range(150)]
    async with Clerk(office.site) as clerk:
        _, html, at = await _upload(clerk, _rows(office, *rows), _source())
        assert ("有问题 150 行" in html, ">岗99<" in html, ">岗100<" in html, "下一页" in html) == (
            True,
            True,
            False,
            True,
        )
        _, html = await clerk.get(f"{at}?page=2")
        assert (">岗100<" in html, ">岗149<" in html, "上一页" in html) == (True, True, True)


def _broken() -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w") as file:
        file.writestr("xl/workbook.xml", "<broken")
    return whole.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请先选一个文件"),
        (b"\xff\xd8\xff\xe0\0", "不是表格"),
        ("甲,乙\n".encode(), "缺少"),
        (_broken(), "打不开"),
        (b"PK\x03\x04broken", "打不开"),
        (b'[{"a": ', ""),
    ],
    ids=["none", "picture", "another table", "broken", "cut off", "broken json"],
)
async def test_a_file_that_is_none(office: Office, content: bytes, said: str) -> None:
    async with Clerk(office.site) as clerk:
        status, html, _ = await _upload(clerk, content, _source(), "岗位.xlsx" if content else "")
        assert (status, said in html, "程序出错" in html) == (422, True, False)


async def test_json_is_a_list_too(office: Office) -> None:
    source = _source()
    rows = [{"编号": "J1", "单位": "示例己公司", "岗位": "保洁", "市县": "如东县", "截止日期": str(closing(office))}]
    async with Clerk(office.site) as clerk:
        _, html, at = await _upload(clerk, json.dumps(rows, ensure_ascii=False).encode(), source, "岗位.json")
        assert "新增 1 行" in html
        await clerk.post(at)
        assert [job.kind for job in await _of(office, source)] == ["保洁"]


async def test_where_a_list_comes_from_must_be_said(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for source in ("", "console", "长" * 31):
            status, html, _ = await _upload(clerk, _rows(office), source)
            assert (status, "哪里来的" in html) == (422, True)


async def test_a_list_is_shown_to_whoever_brought_it_alone(office: Office) -> None:
    content = _rows(office, "E1,示例庚公司,保安,如东县,,4000,,以后,,")
    async with Clerk(office.site) as clerk, Clerk(office.site) as another:
        source = _source()
        _, _, at = await _upload(clerk, content, source)
        status, html = await another.get(at)
        assert (status, "请重新选文件" in html, "示例庚公司" in html) == (422, True, False)
        assert ((await another.post(at))[0], await _of(office, source)) == (422, [])


async def test_samples_are_lists_again(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for suffix in ("xlsx", "csv", "json"):
            async with clerk.session.get(f"{_PATH}/sample.{suffix}") as found:
                assert found.status == 200
                content = await found.read()
            _, html, _ = await _upload(clerk, content, _source(), f"样表.{suffix}")
            assert ("会写入的行" in html or "有问题的行" in html, "程序出错" in html) == (True, False), suffix


async def test_a_post_of_the_console_is_no_row_of_a_list(office: Office) -> None:
    source = _source()
    async with Clerk(office.site) as clerk:
        _, job = await post(office, clerk)
        row = f"{job.source_ref},示例辛公司,保安,如东县,,4000,,以后,,"
        _, _, at = await _upload(clerk, _rows(office, row), source)
        await clerk.post(at)
        assert [(one.source, one.id != job.id) for one in await _of(office, source)] == [(source, True)]
