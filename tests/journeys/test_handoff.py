"""A plea reaches staff, is told of, waited for, withdrawn and taken up again, in any state."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from db.cases import CaseEvent, Petition, SupportCase
from db.engine import Database
from db.people import Conversation
from db.places import Station, Township, Village
from db.turns import Inbox, Outbox
from handlers import texts
from tests.journeys.office import Clerk, hire, only_case
from tests.journeys.world import Visitor

MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in China, a working day."""
SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


async def _cases(database: Database) -> int:
    async with database.snapshot() as db:
        return await db.scalar(select(func.count()).select_from(SupportCase)) or 0


async def test_told_at_once_with_code_and_time(visitor: Visitor) -> None:
    visitor.clock.moment = MONDAY_MORNING
    said = await visitor.says("优待金没到账，请查一下", "0")
    case = await only_case(visitor.database)
    assert re.fullmatch("[A-Z][A-Z2-9]{3}", case.code)
    assert case.code in said.text
    assert "预计明天上午 9:00 前" in said.text
    assert "0573-88880000" in said.text
    assert case.question == "优待金没到账，请查一下"
    assert case.kind == "benefit"


async def test_outside_office_hours_is_said_once(visitor: Visitor) -> None:
    visitor.clock.moment = SATURDAY
    said = await visitor.says("0")
    assert "现在不是办公时间" in said.text
    assert "11月23日（周一）" in said.text
    more = await visitor.says("我想说的是另外一件很复杂的家事")
    assert more.text == texts.NOTED.format(code=(await only_case(visitor.database)).code)


async def test_closed_hours_told_once_when_they_begin_later(visitor: Visitor) -> None:
    visitor.clock.moment = MONDAY_MORNING
    await visitor.says("0")
    visitor.clock.moment = SATURDAY.replace(day=28)
    first = await visitor.says("这件家里的事情很复杂您看怎么弄")
    second = await visitor.says("还有一件乱七八糟的别的事情")
    assert "现在不是办公时间" in first.text
    assert "现在不是办公时间" not in second.text


async def test_one_case_however_often_asked(visitor: Visitor) -> None:
    for word in ("0", "人工", "转人工", "找人", "0"):
        await visitor.says(word)
    assert await _cases(visitor.database) == 1


async def test_words_after_go_into_the_case_and_the_bot_still_answers(visitor: Visitor) -> None:
    await visitor.says("0")
    answer = await visitor.says("优待证怎么办")
    assert answer.result["journey"] == "faq"
    noted = await visitor.says("嗯那个这个就是说吧怎么讲呢唉")
    case = await only_case(visitor.database)
    assert case.code in noted.text
    async with visitor.database.snapshot() as db:
        kept = await db.scalars(select(Inbox.text).where(Inbox.case_id == case.id).order_by(Inbox.at, Inbox.event_id))
        assert set(kept) == {"0", "优待证怎么办", "嗯那个这个就是说吧怎么讲呢唉"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("我要信访，反映村里的问题，转人工", "petition"),
        ("我走不动了，能不能上门代办，找人工", "errand"),
        ("人工，我的抚恤金没到账", "benefit"),
        ("找你们领导", "consult"),
    ],
)
async def test_kind_from_the_words(visitor: Visitor, words: str, kind: str) -> None:
    await visitor.says(words)
    if await _cases(visitor.database) == 0:
        await visitor.says("0")
    assert (await only_case(visitor.database)).kind == kind


async def test_a_petition_has_its_clock_and_is_told_of_it(visitor: Visitor) -> None:
    await visitor.says("我有信访的事", "0")
    case = await only_case(visitor.database)
    assert case.kind == "petition"
    async with visitor.database.snapshot() as db:
        assert await db.get(Petition, case.id) is not None
    said = await visitor.says("查进度")
    assert "书面答复" in said.text


async def test_station_from_the_village_that_was_named(visitor: Visitor) -> None:
    async with visitor.database.transaction() as db:
        town = Township(name="乌镇镇")
        db.add(town)
        await db.flush()
        station = Station(name="陈庄村退役军人服务站", level="village", township_id=town.id)
        db.add(station)
        await db.flush()
        db.add(Village(township_id=town.id, name="陈庄村", station_id=station.id))
    await visitor.says("我是陈庄的，家里有困难", "0")
    assert (await only_case(visitor.database)).station_id == station.id


async def test_progress_by_words_by_code_and_after_closing(visitor: Visitor) -> None:
    assert (await visitor.says("查进度")).text == texts.NO_CASE
    await visitor.says("0")
    case = await only_case(visitor.database)
    assert "等工作人员领取" in (await visitor.says("查进度")).text
    clerk = Clerk(visitor.database, await hire(visitor.database), visitor.clock)
    await clerk.do("claim", case.id)
    claimed = await visitor.says(case.code.lower())
    assert f"工作人员{clerk.staff.id}号正在办" in claimed.text
    assert clerk.staff.name not in claimed.text
    await clerk.do("close", case.id)
    assert "办结" in (await visitor.says("查进度")).text


async def test_withdrawing(visitor: Visitor) -> None:
    await visitor.says("0")
    said = await visitor.presses("withdraw")
    case = await only_case(visitor.database)
    assert (case.status, case.outcome) == ("closed", "withdrawn")
    assert case.code in said.text
    async with visitor.database.snapshot() as db:
        assert (await db.scalars(select(Conversation.case_id))).one() is None


async def test_within_seven_days_the_same_code_or_a_new_matter(visitor: Visitor) -> None:
    await visitor.says("0")
    await visitor.presses("withdraw")
    code = (await only_case(visitor.database)).code
    visitor.clock.advance(3 * 86400)
    asked = await visitor.says("0")
    assert code in asked.text
    again = await visitor.says(asked.digit("接着上次的事"))
    assert code in again.text
    case = await only_case(visitor.database)
    assert (case.status, case.reopened, case.code) == ("open", 1, code)
    await visitor.presses("withdraw")
    await visitor.says("0")
    await visitor.says("我想问别的，我家的房子塌了一半")
    async with visitor.database.snapshot() as db:
        found = (await db.scalars(select(SupportCase).order_by(SupportCase.id))).all()
    assert [c.status for c in found] == ["closed", "open"]
    assert found[1].question == "我想问别的，我家的房子塌了一半"


async def test_after_seven_days_it_is_a_new_case(visitor: Visitor) -> None:
    await visitor.says("0")
    await visitor.presses("withdraw")
    visitor.clock.advance(8 * 86400)
    await visitor.says("0")
    assert await _cases(visitor.database) == 2


async def test_a_failed_turn_is_in_the_case_all_the_same(visitor: Visitor) -> None:
    await visitor.says("0")

    async def breaks(_turn: object) -> None:
        raise RuntimeError("boom")

    visitor.route = breaks
    await visitor.says("这句话出错了")
    case = await only_case(visitor.database)
    async with visitor.database.snapshot() as db:
        kept = await db.scalars(select(Inbox.text).where(Inbox.case_id == case.id))
        assert "这句话出错了" in set(kept)


async def test_two_unanswered_questions_lead_to_a_person(visitor: Visitor) -> None:
    await visitor.says("昨晚的球赛谁赢了呢")
    second = await visitor.says("量子计算机怎么买")
    assert "0" in second.menu
    assert "回复 0" in second.text
    await visitor.says("0")
    assert (await only_case(visitor.database)).question == "量子计算机怎么买"


async def test_danger_opens_a_case_and_calls_all_on_duty(visitor: Visitor) -> None:
    await hire(visitor.database, "王建军", telegram_id=71)
    await hire(visitor.database, "赵敏", telegram_id=72, on_duty=False)
    said = await visitor.says("战友说他不想活了")
    case = await only_case(visitor.database)
    assert (case.kind, case.crisis, case.status) == ("crisis", True, "open")
    assert said.text.index("12356") < said.text.index(case.code)
    async with visitor.database.snapshot() as db:
        called = await db.scalars(select(Outbox.recipient).where(Outbox.address_id.is_(None)))
        assert list(called) == ["71"]
        assert "alerted" in set(await db.scalars(select(CaseEvent.kind)))


async def test_danger_raises_a_case_that_was_about_something_else(visitor: Visitor) -> None:
    await visitor.says("0")
    await visitor.says("我不想活了")
    case = await only_case(visitor.database)
    assert (case.kind, case.reason) == ("crisis", "asked")


async def test_danger_shows_numbers_while_staff_have_another_matter(visitor: Visitor) -> None:
    await visitor.says("0")
    case = await only_case(visitor.database)
    clerk = Clerk(visitor.database, await hire(visitor.database), visitor.clock)
    await clerk.do("claim", case.id)
    assert "12356" in (await visitor.says("我不想活了")).text
    assert (await visitor.says("我真的不想活了")).rows == []


async def test_a_danger_is_neither_withdrawn_nor_ended_by_the_person(visitor: Visitor) -> None:
    await visitor.says("我不想活了")
    await visitor.presses("withdraw")
    case = await only_case(visitor.database)
    clerk = Clerk(visitor.database, await hire(visitor.database), visitor.clock)
    await clerk.do("claim", case.id)
    await visitor.says("结束")
    assert (await only_case(visitor.database)).status == "claimed"
    await clerk.do("false_alarm", case.id)
    closed = await only_case(visitor.database)
    assert (closed.status, closed.outcome) == ("closed", "false_alarm")
