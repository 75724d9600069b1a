"""Looking for work in the chat, by digits and in one's own words: found, narrowed, wanted, said to be false."""

from typing import Any

import pytest
from sqlalchemy import select

from db.cases import SupportCase
from db.engine import Database
from db.jobs import Job, JobFeedback, JobReferral, JobReport, JobTold
from db.turns import Inbox
from handlers import job_detail, job_list, job_report, job_want
from services.person_cards import open_sealed
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.journeys.job_market import GUARD, POSTS, market, seeker
from tests.journeys.world import Said, Visitor


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions)))


@pytest.fixture
async def one(database: Database) -> Visitor:
    """Give somebody who looks for work where five posts are open."""
    await market(database)
    return seeker(database)


def posts(said: Said) -> list[str]:
    """Return the titles of the posts that are offered."""
    return [label.partition("·")[0] for label, action in said.actions.items() if action.startswith("job:")]


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_two_digits_to_the_first_posts(one: Visitor, channel: str) -> None:
    one.channel = channel
    said = await one.says("找工作")
    assert list(said.menu.values())[:2] == ["看岗位", "有合适的岗位告诉我"]
    said = await one.says("1")
    said = await one.says(said.digit("保安"))
    assert "找到 2 个岗位" in said.text
    assert sorted(posts(said)) == ["夜班保安", "小区保安"]
    assert "还没核验" in said.text
    assert list(said.menu)[-1] == "9"
    assert len(said.menu) <= 7


async def test_work_is_three_choices_from_the_start(one: Visitor) -> None:
    said = await one.says("首页")
    said = await one.says(said.digit("找工作、创业和学习"))
    said = await one.says(said.digit("找工作、招聘会、培训"))
    assert "看岗位" in said.menu.values()


async def test_one_sentence_is_shown_back_as_understood(one: Visitor) -> None:
    said = await one.says("找如东县5000以上的保安或司机，不上夜班")
    assert said.result["journey"] == "jobs"
    assert "按这些找：如东，保安、司机，5000 元以上，不上夜班" in said.text
    assert posts(said) == ["货车司机"]


async def test_what_was_not_understood_is_said(one: Visitor) -> None:
    said = await one.says("招聘保安的有没有，最好是咕噜咕噜的")
    (line,) = [line for line in said.text.split("\n") if line.startswith("没听懂：")]
    assert "咕噜咕噜" in line
    assert sorted(posts(said)) == ["夜班保安", "小区保安"]


async def test_a_search_is_put_right_by_digits(one: Visitor) -> None:
    said = await one.says("招聘保安")
    said = await one.says(said.digit("改条件"))
    assert list(said.menu.values()) == ["对，去找", "改工种", "改地方", "改工资", "改班次", "有新的告诉我", "返回"]
    said = await one.says("4")
    said = await one.says(said.digit("5000 元以上"))
    assert posts(said) == ["夜班保安"]
    said = await one.says(said.digit("改条件"), "3")
    said = await one.says(said.digit("城东街道"))
    assert said.result["outcome"] == "none"
    assert "现在没有合适的岗位" in said.text
    assert "有新的告诉我" in said.menu.values()


async def test_words_narrow_the_list_just_shown(one: Visitor) -> None:
    await one.says("招聘保安")
    said = await one.says("5000以上的")
    assert "按这些找：保安，5000 元以上" in said.text
    assert posts(said) == ["夜班保安"]


async def test_what_no_longer_matters_is_dropped_in_words(one: Visitor) -> None:
    await one.says("招聘保安", "5000以上的")
    said = await one.says("工资都行")
    assert "按这些找：保安\n" in said.text
    assert sorted(posts(said)) == ["夜班保安", "小区保安"]


async def test_words_about_something_else_leave_the_list(one: Visitor) -> None:
    await one.says("招聘保安")
    said = await one.says("优待证怎么办")
    assert said.result["journey"] == "faq"


async def test_more_in_words_and_by_digit(database: Database) -> None:
    await market(database, *(GUARD | {"编号": str(n), "岗位": f"保安{n}号岗"} for n in range(8)))
    one = seeker(database)
    said = await one.says("招聘保安")
    assert "找到 8 个岗位" in said.text
    seen = posts(said)
    for more in ("更多", "还有吗"):
        said = await one.says(more)
        seen += posts(said)
    assert sorted(seen) == [f"保安{n}号岗" for n in range(8)]
    assert "更多" not in said.menu.values()
    assert (await one.says("还有吗")).text == job_list.NO_MORE


async def test_a_township_that_is_none_of_ours_is_asked_for(one: Visitor) -> None:
    said = await one.says("招聘大羊镇的保安")
    if "没有找到" in said.text:
        said = await one.says(said.digit("大杨镇"))
    assert posts(said) == ["夜班保安"]
    said = await one.says("找火星镇的保安")
    assert "没有找到“火星镇”" in said.text
    assert "哪里都行" in said.menu.values()


async def test_all_that_decides_is_on_the_card(one: Visitor) -> None:
    await one.says("招聘货车司机")
    said = await one.says("1")
    for fact in (
        "货车司机",
        "顺通物流有限公司",
        "6000–8000 元",
        "大杨镇",
        "白班",
        "18–55 岁",
        "12月31日",
        "其中退役军人 3 人",
        "0513-88001234",
    ):
        assert fact in said.text, fact
    assert "先交钱" in said.text
    assert list(said.menu.values()) == ["我想去", "合适", "不合适", "举报虚假", "返回"]
    back = await one.says("9")
    assert "按这些找：" in back.text


async def test_name_and_phone_are_asked_once_and_masked(one: Visitor) -> None:
    await one.says("招聘货车司机", "1")
    said = await one.says("我想去")
    assert said.text == job_want.ASK
    said = await one.says("我叫王建国，电话138 0000 1234")
    assert "求助单号" in said.text
    assert "货车司机" in said.text
    (referral,) = await rows(one.database, JobReferral)
    assert open_sealed(VAULT, referral.name) == "王建国"
    assert open_sealed(VAULT, referral.phone) == "13800001234"
    (case,) = await rows(one.database, SupportCase)
    assert case.id == referral.case_id
    assert "货车司机" in case.question
    assert "王建国" not in case.question
    assert [row for row in await rows(one.database, Inbox) if "王建国" in row.text or "0000" in row.text] == []
    await one.says("招聘厨师", "1")
    said = await one.says("我想去")
    assert "求助单号" in said.text
    assert len(await rows(one.database, JobReferral)) == 2


async def test_without_a_phone_one_may_go_on(one: Visitor) -> None:
    await one.says("招聘货车司机", "1", "1")
    said = await one.says("1380000")
    assert said.text == job_want.ASK_AGAIN
    assert "求助单号" in (await one.says("1")).text
    (referral,) = await rows(one.database, JobReferral)
    assert (referral.name, referral.phone) == (None, None)


async def test_whoever_is_on_file_is_asked_nothing(one: Visitor) -> None:
    async with one.database.transaction() as db:
        await add_person(db, "李建军", phone="13900001111", account=(one.channel, one.name))
    await one.says("招聘货车司机", "1")
    assert "求助单号" in (await one.says("1")).text
    (referral,) = await rows(one.database, JobReferral)
    assert referral.person_id is not None


async def test_a_wish_for_a_post_is_taken_back(one: Visitor) -> None:
    await one.says("招聘货车司机", "1", "1", "13800001234")
    said = await one.says("我的订阅")
    said = await one.says(said.digit("我想去的岗位"), "1")
    assert "工作人员还在联系" in said.text
    said = await one.says(said.digit("不去了"))
    assert "货车司机" in said.text
    (referral,) = await rows(one.database, JobReferral)
    assert referral.status == "withdrawn"


async def test_opinions_and_reports_are_kept(one: Visitor) -> None:
    await one.says("招聘货车司机", "1")
    assert (await one.says("合适")).text == job_detail.FITS
    said = await one.says("返回", "1", "不合适")
    assert said.text == job_detail.FITS_NOT
    (kept,) = await rows(one.database, JobFeedback)
    assert kept.fits is False
    said = await one.says("返回", "1", "举报虚假")
    assert said.text == job_report.ASK
    assert (await one.says("1")).text == job_report.REPORTED
    (report,) = await rows(one.database, JobReport)
    assert report.words == job_report.REASONS[0]


async def test_a_report_in_ones_own_words(one: Visitor) -> None:
    await one.says("招聘货车司机", "1", "举报虚假")
    assert (await one.says("优待证怎么办")).result["journey"] == "faq"
    assert await rows(one.database, JobReport) == []
    await one.says("招聘货车司机", "1", "举报虚假", "上班要先交服装费")
    (report,) = await rows(one.database, JobReport)
    assert report.words == "上班要先交服装费"


async def test_a_post_that_was_filled_meanwhile_says_so(one: Visitor) -> None:
    said = await one.says("招聘货车司机")
    async with one.database.transaction() as db:
        job = (await db.scalars(select(Job).where(Job.title == "货车司机"))).one()
        job.status = "closed"
    assert "停招" in (await one.says("1")).text
    assert "停招" in (await one.presses(f"job-want:{job.id}")).text
    assert said.actions


async def test_what_a_search_showed_counts_as_heard_of(one: Visitor) -> None:
    await one.says("招聘保安")
    told = await rows(one.database, JobTold)
    assert len(told) == 2


@pytest.mark.parametrize(
    "action",
    ["job", "job:0", "job:999999", "job:x", "job-kind:没有的", "job-place:t99", "job-pay:1", "job-often:weekly.99.9", "job-shift:x",
     "job-next:-1", "job-shown:a.b", "job-sub:1", "sub-stop:1", "sub-keep:", "job-ref:1", "job-unwant:1", "ref:1", "ref:1:1", "job-false:1.9",
     "job-false:77.1", "job-anyway:77", "job-day:9", "job-step:x", "job-fix:x", "job-now:5"],
)  # fmt: skip
async def test_buttons_that_were_never_offered_do_no_harm(database: Database, action: str) -> None:
    await market(database, *POSTS[:1])
    one = seeker(database)
    await one.says("找工作")
    said = await one.presses(action)
    assert said.text
    assert "对不起，刚才出了点问题" not in said.text
