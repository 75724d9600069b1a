"""Moments in a case when a wrong word does harm: a danger told at length, a promise at night, a talk ended unseen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.cases import CaseEvent, StaffGroup, SupportCase
from db.engine import Database
from db.places import Station
from db.turns import Outbox
from handlers import texts
from tests.journeys.office import Clerk, hire, only_case
from tests.journeys.test_handoff import MONDAY_MORNING
from tests.journeys.world import Visitor

TELEGRAM_LIMIT = 4096


@pytest.fixture
async def clerk(visitor: Visitor) -> Clerk:
    async with visitor.database.transaction() as db:
        db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
    return Clerk(visitor.database, await hire(visitor.database), visitor.clock)


async def _open(visitor: Visitor) -> SupportCase:
    visitor.clock.moment = MONDAY_MORNING
    await visitor.says("优待金没到账，请查一下", "0")
    return await only_case(visitor.database)


async def _alerts(database: Database) -> list[str]:
    async with database.snapshot() as db:
        rows = await db.scalars(select(Outbox.payload).where(Outbox.channel == "staff").order_by(Outbox.id))
        return [row["text"] for row in rows if row["do"] == "alert"]


async def _called(database: Database) -> int:
    async with database.snapshot() as db:
        return len((await db.scalars(select(CaseEvent).where(CaseEvent.kind == "alerted"))).all())


async def test_a_danger_told_at_length_still_fits_into_one_call(visitor: Visitor, clerk: Clerk) -> None:
    await visitor.says("我不想活了。" + "这些年的事一件一件说给你们听。" * 272)
    (alert,) = await _alerts(visitor.database)
    assert "我不想活了" in alert
    assert len(alert) <= TELEGRAM_LIMIT


async def test_the_call_shows_the_words_of_danger_and_not_the_first_question(visitor: Visitor, clerk: Clerk) -> None:
    await _open(visitor)
    await visitor.says("我不想活了")
    (alert,) = await _alerts(visitor.database)
    assert "我不想活了" in alert


async def test_a_second_danger_of_a_claimed_case_calls_again(visitor: Visitor, clerk: Clerk) -> None:
    case = await _open(visitor)
    await visitor.says("我不想活了")
    await clerk.do("claim", case.id)
    await clerk.do("change_kind", case.id, "benefit")
    await visitor.says("我不想活了")
    assert await _called(visitor.database) == 2


async def test_what_is_promised_at_night_is_when_an_answer_is_due(visitor: Visitor, clerk: Clerk) -> None:
    case = await _open(visitor)
    await clerk.answers(case.id, "请带上身份证。")
    visitor.clock.moment = MONDAY_MORNING + timedelta(hours=12)
    said = await visitor.says("身份证丢了怎么弄")
    assert "现在不是办公时间" in said.text
    due = (await only_case(visitor.database)).due_at
    assert due is not None
    assert "上午 8:" not in said.text


async def test_a_false_alarm_in_which_staff_had_written_ends_with_a_word(visitor: Visitor, clerk: Clerk) -> None:
    await visitor.says("我不想活了")
    case = await only_case(visitor.database)
    await clerk.answers(case.id, "您现在方便接电话吗？")
    await clerk.do("false_alarm", case.id)
    async with visitor.database.snapshot() as db:
        last = await db.scalar(select(Outbox.payload).where(Outbox.case_id == case.id).order_by(Outbox.id.desc()))
    assert last is not None
    assert last["text"] == texts.CASE_CLOSED.format(code=case.code)


@pytest.mark.parametrize("role", ["editor", "grid", "agent"])
async def test_nobody_is_handed_a_case_they_cannot_see(visitor: Visitor, clerk: Clerk, role: str) -> None:
    async with visitor.database.transaction() as db:
        here, there = Station(name="城东站", level="county"), Station(name="城西站", level="county")
        db.add_all([here, there])
    case = await _open(visitor)
    await clerk.do("transfer", case.id, to_station=here.id)
    other: dict[str, Any] = {"role": role, "station_id": there.id}
    stranger = await hire(visitor.database, "陈别处", **other)
    with pytest.raises(Refusal):
        await clerk.do("transfer", case.id, to_staff=stranger.id)


async def test_a_question_long_after_the_mark_is_no_comment(visitor: Visitor, clerk: Clerk) -> None:
    case = await _open(visitor)
    await clerk.do("close", case.id)
    await visitor.says("5")
    visitor.clock.advance(timedelta(days=3).total_seconds())
    said = await visitor.says("量子计算机怎么买")
    assert said.text != texts.COMMENTED
    assert (await only_case(visitor.database)).rating_comment is None


async def test_a_late_answer_is_not_promised_for_yesterday(visitor: Visitor, clerk: Clerk) -> None:
    case = await _open(visitor)
    visitor.clock.advance(timedelta(days=3).total_seconds())
    for _ in ("open", "claimed"):
        assert "预计" not in (await visitor.says("查进度")).text
        await clerk.do("claim", case.id)
