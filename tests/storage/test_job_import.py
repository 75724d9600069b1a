"""A list of posts comes in row by row: good rows in, bad ones told by line and reason, a second time changes nothing."""

import asyncio
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.engine import Database
from db.events import Event, EventEmployer
from db.jobs import Employer, Job, JobBoard
from knowledge.content import SHIPPED
from knowledge.index import Snapshot
from services import job_import, job_written, jobs
from services.job_import import JobLine
from services.job_sheet import COLUMNS
from services.table import write_table
from tests.fakes.job_list import ROW, JobDesk

TABLE = Job.__table__


@pytest.fixture
async def desk(database: Database, snapshot: Snapshot) -> JobDesk:
    made = JobDesk(database, snapshot)
    await made.build()
    return made


async def _rows(desk: JobDesk) -> list[dict[str, object]]:
    async with desk.database.snapshot() as db:
        return [dict(row._mapping) for row in await db.execute(select(*TABLE.c).order_by(TABLE.c.id))]


async def test_a_row_becomes_a_post_on_the_board(desk: JobDesk) -> None:
    assert (await desk.bring(ROW)).count("new") == 1
    (job,) = await desk.jobs()
    assert (job.title, job.kind, job.city, job.township_id) == ("小区保安", "保安", "如东", desk.townships["城东街道"])
    assert (job.pay_from, job.pay_to, job.form, job.shift) == (4000, 4800, "full", "day")
    assert (job.age_from, job.age_to, job.places, job.veterans_quota) == (18, 55, 6, 3)
    assert (job.closes_on, job.status, job.matched_to, job.group_id) == (date(2026, 12, 31), "open", 0, job.id)
    async with desk.database.snapshot() as db:
        employer = await db.get_one(Employer, job.employer_id)
    assert (employer.name, employer.verified_at) == ("安泰保安服务有限公司", None)


async def test_a_second_time_changes_nothing(desk: JobDesk) -> None:
    rows = [ROW, ROW | {"编号": "A-2", "岗位": "保洁员"}, ROW | {"编号": "A-3", "月薪": "-1"}]
    first = await desk.bring(*rows)
    assert (first.count("new"), first.count("bad")) == (2, 1)
    before = await _rows(desk)
    desk.clock.advance(3600)
    second = await desk.bring(*rows)
    assert (second.count("same"), second.count("bad")) == (2, 1)
    assert await _rows(desk) == before


async def test_the_batches_of_one_look_written_twice_make_no_post_twice(desk: JobDesk) -> None:
    report = await desk.check(ROW, ROW | {"编号": "A-2", "岗位": "保洁员"})
    assert await desk.write(report) == 2
    before = await _rows(desk)
    assert await desk.write(report) == 0
    assert await _rows(desk) == before


async def test_two_who_bring_one_list_at_once_make_no_post_twice(desk: JobDesk) -> None:
    rows = [ROW | {"编号": f"A-{number}", "岗位": title} for number, title in enumerate(("保安", "保洁员", "电工"))]
    reports = [await desk.check(*rows), await desk.check(*rows)]
    done = await asyncio.gather(*(desk.write(report) for report in reports))
    assert sorted(done) == [0, 3]
    assert [job.title for job in await desk.jobs()] == ["保安", "保洁员", "电工"]


async def test_an_edited_row_changes_its_post_and_is_matched_anew(desk: JobDesk) -> None:
    await desk.bring(ROW)
    async with desk.database.transaction() as db:
        (await db.scalars(select(Job))).one().matched_to = None
        version = await db.scalar(select(JobBoard.version))
    report = await desk.bring(ROW | {"月薪": "5000-6000"})
    assert [line.fate for line in report.lines] == ["changed"]
    (job,) = await desk.jobs()
    assert (job.pay_from, job.pay_to, job.matched_to) == (5000, 6000, 0)
    async with desk.database.snapshot() as db:
        assert (await db.scalar(select(JobBoard.version)) or 0) > (version or 0)


async def test_what_staff_changed_here_stays_until_its_row_changes(desk: JobDesk) -> None:
    await desk.bring(ROW)
    (job,) = await desk.jobs()
    async with desk.database.transaction() as db:
        await jobs.change(db, job.id, desk.sheet(月薪="5500"), desk.clock())
    assert (await desk.bring(ROW)).count("same") == 1
    assert (await desk.jobs())[0].pay_to == 5500
    await desk.bring(ROW | {"人数": "7"})
    assert ((await desk.jobs())[0].pay_to, (await desk.jobs())[0].places) == (4800, 7)


async def test_a_kind_that_staff_corrected_stays_while_the_list_names_none(desk: JobDesk) -> None:
    await desk.bring(ROW)
    (job,) = await desk.jobs()
    async with desk.database.transaction() as db:
        await jobs.change(db, job.id, desk.sheet(工种="门卫"), desk.clock())
    await desk.bring(ROW | {"人数": "7"})
    assert (await desk.jobs())[0].kind == "门卫"


async def test_a_closed_post_is_not_opened_by_its_list(desk: JobDesk) -> None:
    await desk.bring(ROW)
    (job,) = await desk.jobs()
    async with desk.database.transaction() as db:
        await jobs.close(db, job.id, desk.clock())
    await desk.bring(ROW)
    await desk.bring(ROW | {"人数": "7"})
    (job,) = await desk.jobs()
    assert (job.status, job.places, job.matched_to) == ("closed", 7, None)


async def test_the_same_numbers_of_another_source_are_other_posts(desk: JobDesk) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW | {"单位": "海川餐饮有限公司", "岗位": "厨师"}, source="招聘网")
    assert [job.source for job in await desk.jobs()] == ["县人社局", "招聘网"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"月薪": "-1"}, "月薪“-1”不能是负数"),
        ({"月薪": "1000000"}, "太高"),
        ({"月薪": "100万"}, "太高"),
        ({"月薪": "200元/天"}, "不是按月算的"),
        ({"月薪": "8000-5000"}, "写反了"),
        ({"月薪": "13800001111"}, "月薪“13800001111”像是电话号码"),
        ({"乡镇": "城冬街道"}, "没有找到乡镇“城冬街道”，是不是城东街道"),
        ({"市县": "大杨镇"}, "市县“大杨镇”是乡镇"),
        ({"市县": "如冬"}, "没有找到市县“如冬”"),
        ({"电话": "王经理", "联系人": "13800001111"}, "联系人“13800001111”像是电话号码"),
        ({"电话": "王经理"}, "电话“王经理”不是电话号码"),
        ({"电话": "1.38E+10"}, "Excel"),
        ({"年龄": "14-30"}, "劳动法第十五条"),
        ({"年龄": "年轻"}, "年龄“年轻”看不懂"),
        ({"截止日期": "2026-11-20"}, "截止日期 2026-11-20 已经过了"),
        ({"截止日期": "2062-01-01"}, "太远"),
        ({"截止日期": "长期"}, "看不懂"),
        ({"截止日期": ""}, "截止日期没有填"),
        ({"人数": "若干"}, "人数“若干”不对"),
        ({"退役军人名额": "9"}, "比人数还多"),
        ({"工种": "航天员"}, "没有找到工种“航天员”"),
        ({"班次": "周末"}, "班次“周末”不认识"),
        ({"用工形式": "外包"}, "用工形式“外包”不认识"),
        ({"统一社会信用代码": "91320623MA1"}, "统一社会信用代码"),
        ({"单位": ""}, "单位没有填"),
        ({"岗位": "=A1"}, "公式"),
        ({"编号": ""}, "编号没有填"),
    ],
)
async def test_what_is_wrong_with_a_row_is_told(desk: JobDesk, change: dict[str, str], fault: str) -> None:
    report = await desk.check(ROW | change, ROW | {"编号": "A-2", "岗位": "保洁员"})
    bad, good = report.lines
    assert (bad.fate, good.fate) == ("bad", "new")
    assert fault in "；".join(bad.faults)


async def test_a_row_that_repeats_a_number_is_refused(desk: JobDesk) -> None:
    report = await desk.check(ROW, ROW | {"岗位": "保洁员"})
    assert [line.fate for line in report.lines] == ["new", "bad"]
    assert "和第 2 行的编号重复" in report.lines[1].faults[0]


async def test_a_list_without_numbers_is_known_again_by_who_offers_what_where(desk: JobDesk) -> None:
    rows = [
        {name: text for name, text in ROW.items() if name != "编号"} | {"岗位": title} for title in ("保安", "保洁员")
    ]
    await desk.bring(*rows)
    report = await desk.bring(rows[0] | {"月薪": "5000"}, rows[1], rows[1])
    assert [line.fate for line in report.lines] == ["changed", "same", "bad"]
    assert "请加一列编号" in report.lines[2].faults[0]
    assert [job.pay_to for job in await desk.jobs()] == [5000, 4800]


async def test_places_elsewhere_keep_their_townships_as_address(desk: JobDesk) -> None:
    await desk.bring(ROW | {"市县": "江苏省南通市", "乡镇": "狼山镇街道"})
    (job,) = await desk.jobs()
    assert (job.city, job.township_id, job.place) == ("南通", None, "狼山镇街道人民路 1 号")


async def test_what_a_list_no_longer_names_is_closed_only_when_asked(desk: JobDesk) -> None:
    await desk.bring(ROW, ROW | {"编号": "A-2", "岗位": "保洁员"}, ROW | {"编号": "A-3", "岗位": "厨师"})
    await desk.bring(ROW | {"编号": "B-1", "单位": "海川公司"}, source="招聘网")
    report = await desk.bring(ROW, ROW | {"编号": "A-2", "月薪": "-1"})
    assert [one.title for one in report.missing] == ["厨师"]
    assert {job.status for job in await desk.jobs()} == {"open"}
    async with desk.database.transaction() as db:
        assert await job_import.close_missing(db, report.missing, desk.clock()) == 1
    assert [job.status for job in await desk.jobs()] == ["open", "open", "closed", "open"]
    async with desk.database.transaction() as db:
        assert await job_import.close_missing(db, report.missing, desk.clock()) == 0


async def test_flagged_rows_wait_for_review_and_new_flags_put_a_post_back(desk: JobDesk) -> None:
    await desk.bring(ROW | {"说明": "限男性"})
    (job,) = await desk.jobs()
    assert (job.status, job.flags, job.matched_to) == ("review", ["men"], None)
    async with desk.database.transaction() as db:
        await jobs.approve(db, job.id, desk.clock())
    await desk.bring(ROW | {"说明": "限男性", "人数": "7"})
    assert (await desk.jobs())[0].status == "open"
    await desk.bring(ROW | {"说明": "限男性，须交押金", "人数": "7"})
    assert ((await desk.jobs())[0].status, (await desk.jobs())[0].flags) == ("review", ["men", "money"])


async def _fair(desk: JobDesk, day: date, status: str = "open", kind: str = "fair") -> int:
    moment = desk.moment(day)
    async with desk.database.transaction() as db:
        fair = Event(
            kind=kind, title="秋季招聘会", starts_at=moment, ends_at=moment + timedelta(hours=4), closes_at=moment,
            place="体育馆", phone="0513-88001234", about="", bring="", materials="", categories=[], capacity=100,
            door_code="4821", status=status, created_at=desk.clock(), changed_at=desk.clock(),
        )  # fmt: skip
        db.add(fair)
        await db.flush()
        return fair.id


async def test_the_list_of_a_fair_brings_its_employers_and_closes_with_it(desk: JobDesk) -> None:
    event_id = await _fair(desk, date(2026, 12, 5))
    await desk.bring(ROW | {"截止日期": "", "展位": "A12"}, event_id=event_id)
    (job,) = await desk.jobs()
    assert (job.event_id, job.closes_on) == (event_id, date(2026, 12, 5))
    async with desk.database.snapshot() as db:
        (place,) = await db.scalars(select(EventEmployer))
    assert (place.event_id, place.employer_id, place.booth) == (event_id, job.employer_id, "A12")
    await desk.bring(ROW | {"截止日期": "", "展位": "B3"}, event_id=event_id)
    async with desk.database.snapshot() as db:
        assert (await db.scalars(select(EventEmployer.booth))).all() == ["B3"]


@pytest.mark.parametrize(
    ("day", "status", "kind", "said"),
    [
        (date(2026, 11, 20), "open", "fair", "已经结束"),
        (date(2026, 12, 5), "cancelled", "fair", "已经取消"),
        (date(2026, 12, 5), "open", "skill", "没有找到这场招聘会"),
    ],
)
async def test_a_fair_that_takes_no_list(desk: JobDesk, day: date, status: str, kind: str, said: str) -> None:
    event_id = await _fair(desk, day, status, kind)
    with pytest.raises(Refusal, match=said):
        await desk.check(ROW, event_id=event_id)


@pytest.mark.parametrize("source", ["", "console", "长" * 31])
async def test_a_list_says_where_it_comes_from(desk: JobDesk, source: str) -> None:
    with pytest.raises(Refusal, match="来源"):
        await desk.check(ROW, source=source)


async def test_posts_given_out_come_in_again_as_they_are(desk: JobDesk) -> None:
    await desk.bring(
        ROW,
        ROW
        | {
            "编号": "A-2",
            "岗位": "厨师",
            "市县": "南通",
            "乡镇": "",
            "月薪": "面议",
            "年龄": "50以下",
            "班次": "",
            "电话": "",
        },
        ROW | {"编号": "A-3", "岗位": "电工", "年龄": "18以上", "月薪": "6000", "用工形式": "兼职", "退役军人名额": ""},
    )
    before = await desk.jobs()
    async with desk.database.snapshot() as db:
        rows = await job_written.open_rows(db, desk.today)
        table = job_import.read(write_table(COLUMNS, rows, xlsx=True))
        again = await job_import.check(db, table, desk.what("另一处"))
    assert [line.faults for line in again.lines] == [[], [], []]
    await desk.write(again, "另一处")
    names = [column.name for column in TABLE.c if column.name in jobs.columns(desk.sheet())]
    after = (await desk.jobs())[3:]
    assert [[getattr(job, name) for name in names] for job in after] == [
        [getattr(job, name) for name in names] for job in before
    ]
    assert [job.likely_of for job in after] == [job.id for job in before]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
async def test_the_sample_can_be_imported_as_it_is(desk: JobDesk, suffix: str) -> None:
    table = job_import.read((SHIPPED / "samples" / f"jobs.{suffix}").read_bytes())
    async with desk.database.snapshot() as db:
        report = await job_import.check(db, table, desk.what())
    assert [line.faults for line in report.lines] == [[], [], [], []]
    await desk.write(report)
    assert [job.kind for job in await desk.jobs()][::3] == ["保安", "水电维修"]
    assert {job.status for job in await desk.jobs()} == {"open"}


async def test_json_comes_in_by_our_names_or_the_columns(desk: JobDesk) -> None:
    posts = [
        {"id": 7, "employer": "安泰公司", "title": "保安", "pay": [4000, 4800], "closes_on": "2026-12-31", "tag": "x"},
        {"编号": "8", "单位": "安泰公司", "岗位": "保洁员", "月薪": 3500.0, "截止日期": "2026/12/31", "人数": None},
    ]
    table = job_import.read(json.dumps({"jobs": posts}, ensure_ascii=False).encode())
    async with desk.database.snapshot() as db:
        report = await job_import.check(db, table, desk.what())
    assert ([line.faults for line in report.lines], list(report.ignored)) == ([[], []], ["tag"])
    await desk.write(report)
    assert [(job.source_ref, job.pay_from, job.pay_to) for job in await desk.jobs()] == [
        ("7", 4000, 4800), ("8", 3500, 3500),
    ]  # fmt: skip


async def test_what_a_list_left_out_comes_back_with_it_but_not_what_staff_closed(desk: JobDesk) -> None:
    rows = [ROW, ROW | {"编号": "A-2", "岗位": "保洁员"}, ROW | {"编号": "A-3", "岗位": "厨师", "说明": "限男性"}]
    await desk.bring(*rows)
    *_, cook = await desk.jobs()
    async with desk.database.transaction() as db:
        await jobs.approve(db, cook.id, desk.clock())
    report = await desk.check(ROW | {"编号": "B-1", "岗位": "电工"})
    async with desk.database.transaction() as db:
        assert await job_import.close_missing(db, report.missing, desk.clock()) == 3
        (job, *_) = await db.scalars(select(Job).order_by(Job.id))
        await jobs.close(db, job.id, desk.clock())  # staff say so too, such as of a post that is false
    report = await desk.bring(*rows)
    assert [line.returns for line in report.lines if isinstance(line, JobLine)] == [False, True, True]
    found = await desk.jobs()
    assert [(job.status, job.matched_to, job.closed_at is None) for job in found] == [
        ("closed", None, False), ("open", 0, True), ("review", None, True),
    ]  # fmt: skip
    assert [line.fate for line in (await desk.check(*rows)).lines] == ["same", "same", "same"]
    async with desk.database.transaction() as db:
        await jobs.close(db, found[1].id, desk.clock())
    await desk.bring(rows[0], rows[1] | {"月薪": "5000"})
    assert [job.status for job in await desk.jobs()] == ["closed", "closed", "review"]
