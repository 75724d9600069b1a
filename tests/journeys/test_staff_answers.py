"""While staff own a case the bot is silent; what they write arrives once, and the bot comes back with a word."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.clock import Ticker
from core.errors import Refusal
from core.tick import Pass
from db.cases import CaseEvent, CaseNote, SupportCase
from db.engine import Database
from db.people import Address, Person
from db.turns import Inbox, Outbox
from handlers import texts
from handlers.ticks import Tick, ticks
from services import petitions
from tests.fakes.sealed import VAULT
from tests.journeys.office import Clerk, hire, only_case
from tests.journeys.test_handoff import MONDAY_MORNING
from tests.journeys.world import Visitor


@pytest.fixture
async def case(visitor: Visitor) -> SupportCase:
    visitor.clock.moment = MONDAY_MORNING
    await visitor.says("优待金没到账，请查一下", "0")
    return await only_case(visitor.database)


@pytest.fixture
async def clerk(visitor: Visitor) -> Clerk:
    return Clerk(visitor.database, await hire(visitor.database), visitor.clock)


async def _said_to(database: Database) -> list[str]:
    async with database.snapshot() as db:
        rows = await db.scalars(select(Outbox).where(Outbox.address_id.is_not(None)).order_by(Outbox.id))
        return [row.payload["text"] for row in rows]


def _ticker(visitor: Visitor, clerk: Clerk) -> Ticker:
    due = ticks(clerk.casework, VAULT, crisis_repeat=timedelta(minutes=3), idle=timedelta(hours=48))
    return Ticker(visitor.database, due, Wake(), visitor.clock, "test")


async def test_silent_while_staff_have_it(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.answers(case.id, "您好，请问户口在哪个镇？")
    for words in ("优待证怎么办", "1", "9", "谢谢", "好的"):
        assert (await visitor.says(words)).rows == []
    async with visitor.database.snapshot() as db:
        kept = set(await db.scalars(select(Inbox.text).where(Inbox.case_id == case.id)))
    assert {"优待证怎么办", "1", "9", "谢谢", "好的"} <= kept


async def test_the_person_reads_a_number_and_no_name(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.answers(case.id, "请带户口本来。")
    assert (await _said_to(visitor.database))[-1] == f"【工作人员{clerk.staff.id}号】\n请带户口本来。"


async def test_the_same_answer_twice_is_one(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    first = await clerk.answers(case.id, "请带户口本来。", key="group:1")
    assert len(first) == 1
    assert await clerk.answers(case.id, "请带户口本来。", key="group:1") == []


async def test_a_colleague_is_told_who_has_it(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    other = Clerk(visitor.database, await hire(visitor.database, "赵敏"), visitor.clock)
    await clerk.do("claim", case.id)
    with pytest.raises(Refusal, match="李秀兰"):
        await other.answers(case.id, "我来答")
    assert not any("我来答" in text for text in await _said_to(visitor.database))
    visitor.clock.advance(31 * 60)
    await other.answers(case.id, "我来答")
    assert (await only_case(visitor.database)).claimed_by == other.staff.id


async def test_every_act_of_the_owner_prolongs_the_claim(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    other = Clerk(visitor.database, await hire(visitor.database, "赵敏"), visitor.clock)
    await clerk.do("claim", case.id)
    visitor.clock.advance(29 * 60)
    await clerk.answers(case.id, "正在查。")
    visitor.clock.advance(29 * 60)
    with pytest.raises(Refusal):
        await other.do("claim", case.id)


async def test_notes_stay_inside(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("note", case.id, "此人情绪激动，注意方式", key="n1")
    await clerk.do("note", case.id, "此人情绪激动，注意方式", key="n1")
    await visitor.says("查进度")
    async with visitor.database.snapshot() as db:
        assert list(await db.scalars(select(CaseNote.text))) == ["此人情绪激动，注意方式"]
        rows = (await db.scalars(select(Outbox))).all()
    assert not any("情绪激动" in str(row.payload) for row in rows)


async def test_transfer_to_a_colleague_and_to_the_queue(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    other = await hire(visitor.database, "赵敏")
    await clerk.do("transfer", case.id, to_staff=other.id)
    assert (await only_case(visitor.database)).claimed_by == other.id
    with pytest.raises(Refusal):
        await clerk.do("transfer", case.id, to_staff=clerk.staff.id)
    colleague = Clerk(visitor.database, other, visitor.clock)
    await colleague.do("transfer", case.id, to_station=None)
    assert (await only_case(visitor.database)).status == "open"
    told = [t for t in await _said_to(visitor.database) if t == texts.CASE_TRANSFERRED.format(code=case.code)]
    assert len(told) == 2


async def test_closing_asks_for_a_mark_and_the_digit_is_the_mark(
    visitor: Visitor, case: SupportCase, clerk: Clerk
) -> None:
    await clerk.answers(case.id, "下周到账。")
    await clerk.do("close", case.id)
    assert texts.ASK_RATING in (await _said_to(visitor.database))[-1]
    rated = await visitor.says("5")
    assert rated.text == texts.RATED
    thanks = await visitor.says("小同志态度很好")
    assert thanks.text == texts.COMMENTED
    closed = await only_case(visitor.database)
    assert (closed.rating, closed.rating_comment, closed.outcome) == (5, "小同志态度很好", "resolved")
    assert (await visitor.says("优待证怎么办")).result["outcome"] == "answer"


async def test_a_question_after_the_mark_is_answered(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("close", case.id)
    await visitor.says("4")
    said = await visitor.says("优待证怎么办")
    assert said.result["journey"] == "faq"
    assert (await only_case(visitor.database)).rating_comment is None


async def test_nobody_else_can_rate(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("close", case.id)
    stranger = Visitor(visitor.database, name="laowang", clock=visitor.clock)
    assert (await stranger.presses(f"rate:{case.id}.1")).text == texts.RATE_STALE
    assert (await stranger.presses("rate:999.7")).text == texts.RATE_STALE
    assert (await only_case(visitor.database)).rating is None


async def test_the_person_ends_it(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.answers(case.id, "好了吗？")
    said = await visitor.says("结束")
    assert case.code in said.text
    assert texts.ASK_RATING in said.text
    assert (await only_case(visitor.database)).status == "closed"
    assert (await visitor.says("优待证怎么办")).result["outcome"] == "answer"


async def test_old_buttons_do_not_wake_the_bot(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("claim", case.id)
    assert (await visitor.presses("goods")).text == texts.WITH_STAFF


async def test_an_answered_talk_that_fell_asleep_goes_back_to_the_bot(
    visitor: Visitor, case: SupportCase, clerk: Clerk
) -> None:
    await clerk.answers(case.id, "请问户口在哪？")
    visitor.clock.advance(49 * 3600)
    assert await _ticker(visitor, clerk).tick_once()
    closed = await only_case(visitor.database)
    assert (closed.status, closed.outcome) == ("closed", "idle")
    assert (await _said_to(visitor.database))[-1].startswith(texts.CASE_IDLE.format(code=case.code).partition("\n")[0])
    assert (await visitor.says("优待证怎么办")).result["outcome"] == "answer"


@pytest.mark.parametrize("kind", ["benefit", "petition"])
async def test_on_the_account_of_the_dead_it_ends_without_a_word(
    visitor: Visitor, case: SupportCase, clerk: Clerk, kind: str
) -> None:
    await clerk.answers(case.id, "请问户口在哪？")
    await clerk.do("change_kind", case.id, kind)
    async with visitor.database.transaction() as db:
        person = Person(created_at=visitor.clock(), categories=[], deceased_at=visitor.clock())
        db.add(person)
        await db.flush()
        (await db.get_one(Address, case.address_id)).person_id = person.id
    said = await _said_to(visitor.database)
    visitor.clock.advance(49 * 3600)
    await _ticker(visitor, clerk).tick_once()
    assert (await only_case(visitor.database)).claimed_by is None
    assert await _said_to(visitor.database) == said


async def test_a_digit_answers_staff_and_not_what_the_bot_offered_before(
    visitor: Visitor, case: SupportCase, clerk: Clerk
) -> None:
    await clerk.answers(case.id, "马上看。")
    digit = min((await visitor.says("进度")).menu)
    await clerk.answers(case.id, f"请问是{digit}吗？")
    assert (await visitor.says(digit)).rows == []


async def test_one_failing_piece_of_work_stops_no_other(visitor: Visitor) -> None:
    done, metrics = [], Metrics()

    async def fails(_db: AsyncSession, _now: datetime) -> Pass:
        raise KeyError

    async def works(_db: AsyncSession, _now: datetime) -> Pass:
        done.append(1)
        return Pass(0)

    async def cut_off(_db: AsyncSession, _now: datetime) -> Pass:
        raise ConnectionRefusedError

    due = [Tick("fails", fails), Tick("works", works), Tick("cut_off", cut_off), Tick("later", works)]
    ticker = Ticker(visitor.database, due, Wake(), visitor.clock, "test", metrics)
    with pytest.raises(ConnectionRefusedError):
        await ticker.tick_once()
    assert len(done) == 1
    assert metrics.registry.get_sample_value("yizhan_ticks_failed_total", {"tick": "fails"}) == 1


async def test_a_person_who_waits_is_never_closed_but_escalated(
    visitor: Visitor, case: SupportCase, clerk: Clerk
) -> None:
    lead = await hire(visitor.database, "周站长", role="lead", telegram_id=88)
    await clerk.do("claim", case.id)
    await visitor.says("在吗")
    visitor.clock.advance(timedelta(days=10).total_seconds())
    await _ticker(visitor, clerk).tick_once()
    waiting = await only_case(visitor.database)
    assert waiting.status == "claimed"
    assert waiting.escalation == 3
    async with visitor.database.snapshot() as db:
        events = (await db.scalars(select(CaseEvent).where(CaseEvent.kind == "escalated"))).all()
        assert events[-1].detail == {"level": 3, "staff": [lead.id]}
        assert (await db.scalars(select(Outbox.recipient).where(Outbox.address_id.is_(None)))).all() == ["88"]
    await _ticker(visitor, clerk).tick_once()
    async with visitor.database.snapshot() as db:
        assert len((await db.scalars(select(CaseEvent).where(CaseEvent.kind == "escalated"))).all()) == 1


async def test_an_untaken_danger_is_called_again_until_claimed(visitor: Visitor, clerk: Clerk) -> None:
    await hire(visitor.database, "王建军", telegram_id=71)
    await visitor.says("我不想活了")
    danger = await only_case(visitor.database)
    ticker = _ticker(visitor, clerk)
    await ticker.tick_once()
    assert await _calls(visitor.database) == 1
    for number in (2, 3):
        visitor.clock.advance(3 * 60)
        await ticker.tick_once()
        assert await _calls(visitor.database) == number
    await clerk.do("claim", danger.id)
    visitor.clock.advance(3 * 60)
    await ticker.tick_once()
    assert await _calls(visitor.database) == 3


async def _calls(database: Database) -> int:
    async with database.snapshot() as db:
        return len((await db.scalars(select(CaseEvent).where(CaseEvent.kind == "alerted"))).all())


async def test_reopening_by_staff_keeps_the_code(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("close", case.id)
    await clerk.do("reopen", case.id)
    again = await only_case(visitor.database)
    assert (again.code, again.status, again.reopened) == (case.code, "claimed", 1)
    await clerk.do("close", case.id)
    visitor.clock.advance(8 * 86400)
    with pytest.raises(Refusal, match="7"):
        await clerk.do("reopen", case.id)


async def test_two_clocks_call_once(visitor: Visitor, clerk: Clerk) -> None:
    first, second = _ticker(visitor, clerk), _ticker(visitor, clerk)
    second._holder = "other"
    assert await first.tick_once()
    assert not await second.tick_once()


async def test_a_petition_runs_on_until_it_is_decided(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("change_kind", case.id, "petition")
    with pytest.raises(Refusal, match="书面处理意见"):
        await clerk.do("close", case.id)
    said = await visitor.says("结束")
    assert said.text == texts.PETITION_RUNS_ON.format(code=case.code)
    running = await only_case(visitor.database)
    assert (running.status, running.claimed_by) == ("open", None)
    assert (await visitor.says("优待证怎么办")).result["outcome"] == "answer"
    await clerk.answers(case.id, "处理意见书已寄出。")
    visitor.clock.advance(49 * 3600)
    await _ticker(visitor, clerk).tick_once()
    assert (await only_case(visitor.database)).status == "open"
    async with visitor.database.transaction() as db:
        await petitions.decide(db, case.id, clerk.staff.id, visitor.clock())
    await clerk.do("close", case.id)
    assert (await only_case(visitor.database)).status == "closed"


async def test_new_words_in_a_form_already_sent_are_not_lost_unseen(
    visitor: Visitor, case: SupportCase, clerk: Clerk
) -> None:
    await clerk.answers(case.id, "请带户口本来。", key="console:1")
    with pytest.raises(Refusal, match="没有发出"):
        await clerk.answers(case.id, "说错了，请带身份证来。", key="console:1")
    assert await clerk.answers(case.id, "请带户口本来。", key="console:1") == []


async def test_a_second_kind_of_danger_has_its_numbers_although_staff_are_there(visitor: Visitor, clerk: Clerk) -> None:
    await visitor.says("我不想活了")
    danger = await only_case(visitor.database)
    await clerk.do("claim", danger.id)
    assert (await visitor.says("我真的不想活了")).rows == []
    assert "120" in (await visitor.says("我爸晕倒了叫不醒")).text
    visitor.clock.advance(31 * 60)
    assert "12356" in (await visitor.says("我不想活了")).text


async def test_words_after_an_untaken_danger_are_never_answered_with_policy(visitor: Visitor) -> None:
    await visitor.says("我不想活了")
    for words in ("优待证怎么办", "我在外地打工回不去", "还有人在吗"):
        assert "12356" in (await visitor.says(words)).text
    assert (await only_case(visitor.database)).code in (await visitor.says("查进度")).text


async def test_zero_is_a_person_while_staff_have_it(visitor: Visitor, case: SupportCase, clerk: Clerk) -> None:
    await clerk.do("claim", case.id)
    assert (await visitor.says("0")).text == texts.WITH_STAFF
