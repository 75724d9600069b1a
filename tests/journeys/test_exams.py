"""Signing up for an examination by digits, for oneself and for a parent; moving, cancelling, and what is told in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from db.engine import Database
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.people import Address
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Audit
from db.turns import Outbox
from handlers import exam_desk, texts
from handlers.remind import send_due
from knowledge.index import Snapshot
from services import exam_places
from tests.fakes.clock import START, SettableClock
from tests.fakes.examroom import FIRST_DAY, add_batch, add_people, add_person, at, check_places
from tests.fakes.sealed import VAULT
from tests.journeys.world import Said, Shelf, Visitor

SECOND_DAY = FIRST_DAY + timedelta(days=1)
TWO_DAYS = ((FIRST_DAY, "am", 2), (FIRST_DAY, "pm", 1), (SECOND_DAY, "am", 1))


async def known(visitor: Visitor, name: str = "王建国", **columns: Any) -> int:
    """Bind the visitor's account to somebody on file."""
    async with visitor.database.transaction() as db:
        person = await add_person(db, name, account=(visitor.channel, visitor.name), **columns)
    return person.id


async def opened(visitor: Visitor, *sessions: Any, **columns: Any) -> tuple[ExamBatch, list[int]]:
    async with visitor.database.transaction() as db:
        return await add_batch(db, *(sessions or TWO_DAYS), **columns)


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions).order_by(table.id)))


async def sign_up(visitor: Visitor) -> Said:
    """Take the first morning."""
    return await visitor.says("体检报名", "1", "1", "1")


async def test_three_digits_to_a_place(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    said = await visitor.says("体检")
    assert list(said.menu.values()) == ["12月1日（周二），还有 3 个名额", "12月2日（周三），还有 1 个名额", "返回"]
    said = await visitor.says("1")
    assert list(said.menu.values()) == ["上午，还有 2 个名额", "下午，还有 1 个名额", "返回"]
    said = await visitor.says("1")
    assert said.menu["1"] == "确认报名"
    for fact in ("12月1日（周二）上午", "县人民医院体检中心", "头天晚上10点后别吃东西", "身份证、优待证"):
        assert fact in said.text
    said = await visitor.says("1")
    (place,) = await rows(visitor.database, ExamPlace)
    assert (place.made_by, place.status, place.code in said.text) == ("本人", "active", True)
    assert "头天晚上10点后别吃东西" in said.text
    assert "我会再提醒" in said.text
    (reminder,) = await rows(visitor.database, Reminder)
    assert (reminder.kind, reminder.next_at, reminder.due_on) == ("exam", at(-2, 9), FIRST_DAY)


async def test_tapping_twice_changes_nothing(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    said = await visitor.says("体检报名", "1", "1")
    confirm = said.actions["确认报名"]
    first, second = await visitor.presses(confirm), await visitor.presses(confirm)
    assert first.text == second.text
    assert len(await rows(visitor.database, ExamPlace)) == 1


async def test_a_half_day_that_stands_alone_is_not_asked_for(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    said = await visitor.says("我要体检", "2")
    assert "确认报名" in said.menu.values()
    assert "12月2日（周三）上午" in said.text


async def test_many_days_come_in_pages(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor, *((FIRST_DAY + timedelta(days=n), "am", 1) for n in range(12)))
    seen = []
    said = await visitor.says("体检报名")
    while True:
        assert len(said.menu) <= 7
        seen += [label for label in said.menu.values() if "名额" in label]
        if texts.MORE not in said.menu.values():
            break
        said = await visitor.says(said.digit(texts.MORE))
    assert len(seen) == len(set(seen)) == 12
    said = await visitor.says("1", "9")
    assert said.menu["1"] == seen[10]  # back on the last page


async def test_who_is_late_sees_what_is_left(visitor: Visitor) -> None:
    await known(visitor)
    _, sessions = await opened(visitor)
    await visitor.says("体检报名", "1", "2")
    async with visitor.database.transaction() as db:
        (other,) = await add_people(db, 1)
        await exam_places.sign_up(db, sessions[1], other, "本人", START)
    said = await visitor.says("1")
    assert said.text.startswith(exam_places.FULL)
    assert said.menu["1"] == "12月1日（周二），还有 2 个名额"


async def test_all_taken(visitor: Visitor) -> None:
    await known(visitor)
    _, (session,) = await opened(visitor, (FIRST_DAY, "am", 1))
    async with visitor.database.transaction() as db:
        (other,) = await add_people(db, 1)
        await exam_places.sign_up(db, session, other, "本人", START)
    said = await visitor.says("体检报名")
    assert "都报满了" in said.text
    assert "0573-88001234" in said.text
    assert "0" in said.menu


async def test_moving_keeps_the_old_place_until_the_new_one_is_won(visitor: Visitor) -> None:
    person = await known(visitor)
    _, (morning, _, next_day) = await opened(visitor)
    await sign_up(visitor)
    said = await visitor.says("改期")
    assert [label for label in said.menu.values() if "名额" in label] == [
        "12月1日（周二），还有 1 个名额", "12月2日（周三），还有 1 个名额",
    ]  # fmt: skip
    said = await visitor.says("2")
    assert said.menu["1"] == "确认改期"
    async with visitor.database.transaction() as db:  # somebody is quicker
        (other,) = await add_people(db, 1)
        taken = await exam_places.sign_up(db, next_day, other, "本人", START)
    said = await visitor.says("1")
    assert said.text.startswith(exam_places.FULL)
    async with visitor.database.transaction() as db:
        assert (await check_places(db))[morning] == 1
        await exam_places.cancel(db, taken.place.id, START)
    said = await visitor.says("改期", "2", "1")
    assert "改好了" in said.text
    async with visitor.database.snapshot() as db:
        counts = await check_places(db)
    assert (counts[morning], counts[next_day]) == (0, 1)
    old, new = await rows(visitor.database, Reminder, Reminder.person_id == person)
    assert (old.status, new.status, new.next_at) == ("stopped", "pending", at(-1, 9))


async def test_cancelling_asks_once_and_gives_the_place_back(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    await sign_up(visitor)
    said = await visitor.says("我的体检")
    assert list(said.menu.values()) == ["改期", "取消报名", "返回"]
    said = await visitor.says("2")
    assert list(said.menu.values())[:2] == ["确认取消", "不取消"]
    drop = said.actions["确认取消"]
    said = await visitor.says("2")
    assert "报名号" in said.text
    assert (await visitor.presses(drop)).text.startswith("取消好了")
    assert (await visitor.presses(drop)).text.startswith(texts.STALE)
    async with visitor.database.snapshot() as db:
        assert sum((await check_places(db)).values()) == 0
    (place,) = await rows(visitor.database, ExamPlace)
    (reminder,) = await rows(visitor.database, Reminder)
    assert (place.status, reminder.status) == ("cancelled", "stopped")
    await sign_up(visitor)
    assert len(await rows(visitor.database, ExamPlace, ExamPlace.status == "active")) == 1


async def test_after_the_last_day_only_the_telephone_helps(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    await opened(visitor, closes_on=date(2026, 11, 25))
    said = await sign_up(visitor)
    clock.moment = at(-4, 10)
    for action in (said.actions["改期"], said.actions["取消报名"]):
        late = await visitor.presses(action)
        assert "截止" in late.text
        assert "0573-88001234" in late.text
    assert len(await rows(visitor.database, ExamPlace, ExamPlace.status == "active")) == 1


async def test_only_for_those_it_is_for(visitor: Visitor) -> None:
    await known(visitor)
    batch, _ = await opened(visitor, categories=["三属"])
    assert (await visitor.says("体检报名")).result["journey"] != "exams"
    person = (await rows(visitor.database, Address))[0].person_id
    said = await visitor.presses(f"exam-days:{batch.id}.{person}.0")
    assert "不是给您这一类安排的" in said.text


async def test_nobody_touches_the_place_of_another(visitor: Visitor) -> None:
    await known(visitor)
    batch, (session, *_) = await opened(visitor)
    async with visitor.database.transaction() as db:
        (other,) = await add_people(db, 1)
        theirs = await exam_places.sign_up(db, session, other, "本人", START)
    place = theirs.place.id
    for action in (
        f"exam-place:{place}", f"exam-gone:{place}", f"exam-move:{place}", f"exam-take:{session}.{other}.0",
        f"exam-days:{batch.id}.{other}.0", f"exam-take:{session}.{other}.{place}", "exam-take:1", "exam-days:x.y.z",
        f"exam-half:{session}.0.0", "exam-drop:" + "9" * 30, "exam-day:1.1.1.1.1",
    ):  # fmt: skip
        said = await visitor.presses(action)
        assert said.text.startswith(texts.STALE), action
    assert [(p.id, p.status) for p in await rows(visitor.database, ExamPlace)] == [(place, "active")]


@pytest.mark.parametrize("action", ["exam-days:999.{}.0", "exam-day:999.{}.0.20271201"])
async def test_a_batch_that_is_not_there_is_answered_kindly(visitor: Visitor, action: str) -> None:
    person = await known(visitor)
    assert texts.STALE in (await visitor.presses(action.format(person))).text


async def test_strangers_hear_how_to_be_known(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("体检报名")
    assert "2026年优抚对象体检" in said.text
    assert "绑定账号" in said.menu.values()
    assert await rows(visitor.database, ExamPlace) == []


async def test_without_an_open_batch_questions_are_answered(database: Database, snapshot: Snapshot) -> None:
    visitor = Visitor(database, Shelf(snapshot))
    await known(visitor)
    for question in ("体检怎么报名", "疗养怎么报名", "老兵体检怎么预约"):
        before = await visitor.says(question)
        assert before.result["journey"] in ("faq", "booking"), question
    await opened(visitor)
    said = await visitor.says("体检怎么报名")
    assert said.result["journey"] == "exams"
    assert (await visitor.says("征兵体检怎么报名")).result["journey"] != "exams"
    assert (await visitor.says("体检要不要空腹")).result["journey"] != "exams"


async def test_words_of_this_journey_mean_nothing_without_a_place(visitor: Visitor) -> None:
    await known(visitor)
    for word in ("取消", "改期", "我的体检", "体检"):
        said = await visitor.says(word)
        assert said.result["journey"] != "exams"
        assert said.text


@pytest.mark.parametrize("own", [False, True], ids=["only hers", "his own too"])
async def test_a_daughter_signs_her_father_up(visitor: Visitor, *, own: bool) -> None:
    if own:
        await known(visitor, "王小红")
    await opened(visitor)
    async with visitor.database.transaction() as db:
        father = await add_person(db, "王建国")
        account = await db.scalar(select(Address.id).where(Address.external_id == visitor.name))
        if account is None:
            address = Address(channel=visitor.channel, external_id=visitor.name, created_at=START)
            db.add(address)
            await db.flush()
            account = address.id
        db.add(
            Proxy(
                person_id=father.id, address_id=account, relation="女儿", scopes=["remind", "book"], status="active",
                ends_on=date(2027, 11, 1), created_at=START,
            )
        )  # fmt: skip
    said = await visitor.says("体检报名")
    if own:
        said = await visitor.says(next(d for d, label in said.menu.items() if "王同志" in label))
    assert "给王同志选一天" in said.text
    said = await visitor.says("1", "1", "1")
    assert said.text.startswith("王同志的")
    (place,) = await rows(visitor.database, ExamPlace)
    assert (place.person_id, place.made_by) == (father.id, "女儿")
    said = await visitor.presses(said.actions["取消报名"])
    await visitor.says("1")
    told = [row.detail for row in await rows(visitor.database, Audit, Audit.action == "proxy_acted")]
    assert [(one["what"], one["who"]) for one in told] == [("报名", "女儿 代 王某"), ("取消", "女儿 代 王某")]


async def remind(database: Database, clock: SettableClock) -> list[Outbox]:
    """Let the clock say what is due; return what is new."""
    before = {row.id for row in await rows(database, Outbox)}
    async with database.transaction() as db:
        await send_due(db, clock(), VAULT)
    return [row for row in await rows(database, Outbox, Outbox.notice == "exam") if row.id not in before]


async def test_three_days_and_one_day_before_at_nine(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    await opened(visitor)
    await sign_up(visitor)
    for moment, soon in ((at(-2, 9), "还有 3 天"), (at(0, 9), "明天")):
        clock.moment = moment - timedelta(minutes=1)
        assert await remind(visitor.database, clock) == []
        clock.moment = moment
        (row,) = await remind(visitor.database, clock)
        text = row.payload["text"]
        assert soon in text
        assert "头天晚上10点后别吃东西" in text
        assert "身份证、优待证" in text
        assert await remind(visitor.database, clock) == []
    assert [choice["label"] for choice in row.payload["choices"]] == ["我会去", "改期", "取消"]
    assert "urgent" not in row.payload
    said = await visitor.presses(row.payload["choices"][0]["action"])
    assert "12月1日（周二）上午" in said.text


async def test_a_clock_that_was_away_says_only_the_last(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    await opened(visitor)
    await sign_up(visitor)
    clock.moment = at(0, 11)
    (row,) = await remind(visitor.database, clock)
    assert "明天" in row.payload["text"]
    clock.moment = at(1, 12)
    assert await remind(visitor.database, clock) == []


async def test_what_was_said_of_a_place_is_taken_back_with_it(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    await opened(visitor)
    await sign_up(visitor)
    clock.moment = at(-2, 9)
    (row,) = await remind(visitor.database, clock)
    await visitor.presses(row.payload["choices"][2]["action"])
    await visitor.says("1")
    (row,) = await rows(visitor.database, Outbox, Outbox.id == row.id)
    assert (row.status, row.error) == ("cancelled", "cancelled")
    clock.moment = at(0, 9)
    assert await remind(visitor.database, clock) == []


async def test_a_cancelled_session_is_told_to_everybody_in_it(visitor: Visitor, clock: SettableClock) -> None:
    visitor.channel = "telegram"
    person = await known(visitor)
    _, (session, *_) = await opened(visitor)
    await sign_up(visitor)
    clock.moment = at(0, 21)
    async with visitor.database.transaction() as db:
        silent = await add_person(db, "李秀英")
        await db.execute(update(ExamSession).values(capacity=ExamSession.capacity + 1))
        await exam_places.sign_up(db, session, silent.id, "工作人员", clock())
        lost, telephone = await exam_desk.cancel_session(db, VAULT, session, "仪器坏了{x}", clock())
    assert {one.place.person_id for one in lost} == {person, silent.id}
    assert [one.place.person_id for one in telephone] == [silent.id]
    (row,) = await rows(visitor.database, Outbox, Outbox.notice == "exam")
    assert "仪器坏了{x}" in row.payload["text"]
    assert row.payload["urgent"] is True  # it is about tomorrow
    async with visitor.database.snapshot() as db:
        assert (await check_places(db))[session] == 0
        gone = await db.get_one(ExamSession, session)
    assert (gone.capacity, gone.taken) == (0, 0)


async def test_recuperation_goes_by_groups(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor, (FIRST_DAY, "days", 2), kind="recuperation", title="2026年短期疗养")
    async with visitor.database.transaction() as db:
        await db.execute(update(ExamSession).values(until=FIRST_DAY + timedelta(days=4)))
    said = await visitor.says("疗养报名")
    assert said.menu["1"] == "12月1日（周二）至12月5日（周六），还有 2 个名额"
    said = await visitor.says("1", "1")
    (place,) = await rows(visitor.database, ExamPlace)
    assert place.code.startswith("LY-")
    assert [one.kind for one in await rows(visitor.database, Reminder)] == ["recuperation"]
