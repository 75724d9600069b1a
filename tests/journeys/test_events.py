"""A fair or a class from the announcement to the door, by digits, on the web and on Telegram."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clock import CHINA
from db.engine import Database
from db.events import Event, EventEmployer, EventSignUp, EventSubscription
from db.jobs import Employer, Job
from db.people import Address
from db.proxies import Proxy
from db.staff import Audit
from db.turns import Inbox, Outbox
from handlers import event_announce, event_notices
from services import deaths, event_places, events, notice_gate
from services.notice_gate import Rules
from tests.fakes.clock import START, SettableClock
from tests.fakes.eventhall import BEGINS, add_event, check_places, sign_up
from tests.fakes.examroom import add_batch, add_person
from tests.fakes.sealed import VAULT
from tests.journeys.world import Visitor

CHANNELS = {"sqlite": "telegram", "postgresql": "web"}


@pytest.fixture
def visitor(database: Database, database_url: str, clock: SettableClock) -> Visitor:
    """Give one person, on one channel with one database and on another with the other."""
    return Visitor(database, channel=CHANNELS[database_url.partition("+")[0]], clock=clock)


async def known(visitor: Visitor, name: str = "王建国", **columns: Any) -> int:
    async with visitor.database.transaction() as db:
        return (await add_person(db, name, account=(visitor.channel, visitor.name), **columns)).id


async def opened(visitor: Visitor, **columns: Any) -> int:
    async with visitor.database.transaction() as db:
        return await add_event(db, **columns)


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions).order_by(*table.__table__.primary_key)))


async def tick(visitor: Visitor) -> list[Outbox]:
    """Let the clock do all that is due for events; return what is newly said, unasked."""
    before = {row.id for row in await rows(visitor.database, Outbox)}
    while True:
        done = 0
        for work in (events.finish, event_announce.announce):
            async with visitor.database.transaction() as db:
                done += (await work(db, visitor.clock())).done
        for tell in (event_notices.tell_news, event_notices.remind):
            async with visitor.database.transaction() as db:
                done += (await tell(VAULT, db, visitor.clock())).done
        if not done:
            break
    return [row for row in await rows(visitor.database, Outbox, Outbox.notice.is_not(None)) if row.id not in before]


def text_of(row: Outbox) -> str:
    return str(row.payload["text"])


def choice(row: Outbox, label: str) -> str:
    return next(c["action"] for c in row.payload["choices"] if c["label"] == label)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


DAY = BEGINS.date()


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_two_digits_to_a_place_for_somebody_on_file(visitor: Visitor, channel: str) -> None:
    visitor.channel = channel
    person = await known(visitor)
    await opened(visitor)
    said = await visitor.says("招聘会什么时候")
    for fact in (
        "冬季退役军人专场招聘会",
        "12月5日（周六）上午 9:00到中午 12:00",
        "县体育馆",
        "身份证、优待证",
        "还有 2 个名额",
    ):
        assert fact in said.text.replace("\n", "")
    said = await visitor.says(said.digit("报名"))
    assert said.menu["1"] == "确认报名"
    said = await visitor.says("1")
    (row,) = await rows(visitor.database, EventSignUp)
    assert (row.status, row.person_id, row.made_by, row.name, row.phone) == ("active", person, "本人", None, None)
    assert row.code in said.text
    assert "前一天上午，我会再提醒" in said.text


async def test_a_stranger_leaves_name_and_number_and_nothing_of_them_is_kept_in_clear(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("招聘会什么时候", "1")
    assert "请写姓名和电话" in said.text
    said = await visitor.says("我叫王建国，电话 138 1234 5678")
    assert "报好了" in said.text
    (row,) = await rows(visitor.database, EventSignUp)
    assert (VAULT.decrypt(row.name), VAULT.decrypt(row.phone)) == ("王建国", "13812345678")
    kept = [one.text for one in await rows(visitor.database, Inbox)]
    assert kept[-1] == "王** 138****5678"
    assert "王建国" not in "".join(kept)


async def test_a_stranger_may_keep_the_name_to_themselves(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("招聘会什么时候", "1", "1")
    assert "报好了" in said.text
    (row,) = await rows(visitor.database, EventSignUp)
    assert (row.name, row.phone) == (None, None)


async def test_what_is_no_contact_is_asked_for_again_and_a_question_is_answered(visitor: Visitor) -> None:
    await opened(visitor)
    await visitor.says("招聘会什么时候", "1")
    said = await visitor.says("13812345")
    assert "没有看明白" in said.text
    assert (await rows(visitor.database, Inbox))[-1].text == "***"
    said = await visitor.says("优待证怎么办")
    assert said.result["journey"] == "faq"


async def test_the_same_place_however_often_it_is_asked_for(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    said = await visitor.says("招聘会什么时候", "1")
    action = said.actions["确认报名"]
    first, second = await visitor.presses(action), await visitor.presses(action)
    assert first.text == second.text
    assert len(await rows(visitor.database, EventSignUp)) == 1
    said = await visitor.says("招聘会什么时候")
    assert "看我的报名" in said.menu.values()
    assert "报名" not in said.menu.values()


async def test_who_waits_gets_the_place_of_who_leaves(visitor: Visitor) -> None:
    await known(visitor)
    event = await opened(visitor, capacity=1)
    async with visitor.database.transaction() as db:
        first = await sign_up(db, event, "first")
    said = await visitor.says("招聘会什么时候")
    assert "排候补" in said.menu.values()
    said = await visitor.says(said.digit("排候补"), "1")
    assert "排在候补第 1 位" in said.text
    async with visitor.database.transaction() as db:
        _, (moved,) = await event_places.cancel(db, first.row.id, START)
        await check_places(db)
    assert moved.row.status == "active"
    (row,) = await tick(visitor)
    assert row.notice == "event_place"
    assert "您排到名额了" in text_of(row)
    assert "urgent" not in row.payload
    said = await visitor.presses(choice(row, "去不了，取消"))
    assert "真的要取消吗" in said.text
    assert await tick(visitor) == []


async def test_moving_up_within_a_day_wakes_people(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    event = await opened(visitor, capacity=1)
    async with visitor.database.transaction() as db:
        first = await sign_up(db, event, "first")
    await visitor.says("招聘会什么时候", "1", "1")
    clock.moment = at(DAY - timedelta(days=1), 22)
    async with visitor.database.transaction() as db:
        await event_places.cancel(db, first.row.id, clock())
    (row,) = await tick(visitor)
    assert row.payload["urgent"] is True


async def test_cancelling_asks_once(visitor: Visitor) -> None:
    await known(visitor)
    event = await opened(visitor)
    await visitor.says("招聘会什么时候", "1", "1")
    said = await visitor.says("取消报名")
    assert "真的要取消吗" in said.text
    said = await visitor.says("1")
    assert "取消好了" in said.text
    async with visitor.database.snapshot() as db:
        assert await check_places(db) == {event: (0, 0)}
    said = await visitor.says("招聘会什么时候", "1", "1")
    assert "报好了" in said.text


async def test_words_of_examinations_stay_theirs(visitor: Visitor) -> None:
    await known(visitor)
    await opened(visitor)
    async with visitor.database.transaction() as db:
        await add_batch(db, (date(2026, 12, 1), "am", 2))
    await visitor.says("体检报名", "1", "1")
    said = await visitor.says("取消报名")
    assert said.result["journey"] == "exams"
    said = await visitor.says("我的招聘会")
    assert said.text == "现在没有报名的活动。"


@pytest.mark.parametrize("word", ["取消报名", "我的报名", "资料", "签到", "4821"])
async def test_words_of_this_journey_mean_nothing_to_somebody_without_a_place(visitor: Visitor, word: str) -> None:
    said = await visitor.says(word)
    assert said.result["journey"] != "events"
    assert said.text


async def test_reminded_once_at_nine_on_the_day_before(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    await opened(visitor)
    await visitor.says("招聘会什么时候", "1", "1")
    clock.moment = at(DAY - timedelta(days=1), 8, 59)
    assert await tick(visitor) == []
    clock.moment = at(DAY - timedelta(days=1), 9)
    (row,) = await tick(visitor)
    assert text_of(row).startswith("明天就是您报名的")
    assert "身份证、优待证" in text_of(row)
    assert row.expires_at == BEGINS
    assert await tick(visitor) == []
    said = await visitor.presses(choice(row, "我会去"))
    assert "等您来" in said.text
    clock.moment = at(DAY, 10)
    assert await tick(visitor) == []


async def test_a_late_clock_says_today_and_a_late_sign_up_is_not_reminded(
    visitor: Visitor, clock: SettableClock
) -> None:
    await known(visitor)
    event = await opened(visitor)
    await visitor.says("招聘会什么时候", "1", "1")
    clock.moment = at(DAY, 7)
    async with visitor.database.transaction() as db:
        await sign_up(db, event, "late", clock())
    (row,) = await tick(visitor)
    assert text_of(row).startswith("今天就是您报名的")


async def test_an_event_put_off_is_told_and_reminded_of_anew(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor)
    event = await opened(visitor)
    await visitor.says("招聘会什么时候", "1", "1")
    clock.moment = at(DAY - timedelta(days=1), 9)
    (reminder,) = await tick(visitor)
    later = BEGINS + timedelta(days=7)
    async with visitor.database.transaction() as db:
        row = await db.get_one(Event, event)
        sheet = events.EventSheet(
            row.kind, row.title, later, later + timedelta(hours=3), None, "县文化馆", row.phone, row.about, row.bring,
            "", [], 2,
        )  # fmt: skip
        outcome = await events.change(db, event, sheet, clock())
    assert outcome.told == 1
    (gone,) = await rows(visitor.database, Outbox, Outbox.id == reminder.id)
    assert (gone.status, gone.error) == ("cancelled", "cancelled")
    (news,) = await tick(visitor)
    assert "时间或地点改了" in text_of(news)
    assert "12月12日" in text_of(news)
    assert "县文化馆" in text_of(news)
    clock.moment = at(DAY + timedelta(days=6), 9)
    (again,) = await tick(visitor)
    assert text_of(again).startswith("明天就是")


async def test_an_event_that_is_off_is_told_to_all_who_come_or_wait(visitor: Visitor) -> None:
    await known(visitor)
    event = await opened(visitor, capacity=1)
    await visitor.says("招聘会什么时候", "1", "1")
    async with visitor.database.transaction() as db:
        await sign_up(db, event, "waits")
        outcome = await events.cancel(db, event, "下大雪{x}", START)
    assert outcome.told == 2
    news = await tick(visitor)
    assert {row.recipient for row in news} == {visitor.name, "waits"}
    assert all("下大雪{x}" in text_of(row) and "不办了" in text_of(row) for row in news)
    said = await visitor.says("我的招聘会")
    assert said.text == "现在没有报名的活动。"


async def test_announced_once_to_those_who_want_it_and_to_nobody_twice(visitor: Visitor) -> None:
    person = await known(visitor)
    said = await visitor.says("招聘会")
    assert "近期还没有安排招聘会" in said.text
    said = await visitor.says(said.digit("有新的招聘会就告诉我"))
    assert "会马上告诉您" in said.text
    async with visitor.database.transaction() as db:
        for name, channel in (("tablet", "web"), ("phone", "telegram")):
            db.add(Address(channel=channel, external_id=name, person_id=person, reachable=True, created_at=START))
        await db.flush()
        tablet, phone = await db.scalars(
            select(Address.id).where(Address.external_id.in_(["tablet", "phone"])).order_by(Address.id)
        )
        db.add_all(EventSubscription(address_id=one, kind="fair", at=START) for one in (tablet, phone))
    event = await opened(visitor, status="draft")
    assert await tick(visitor) == []
    async with visitor.database.transaction() as db:
        await events.publish(db, event, START)
    (row,) = await tick(visitor)
    assert row.notice == "events"
    assert row.channel == "telegram"  # of three accounts of one person, one that may be written to first
    assert "新的招聘会：冬季退役军人专场招聘会" in text_of(row)
    assert await tick(visitor) == []
    said = await visitor.presses(choice(row, "看看，报名"))
    assert "县体育馆" in said.text
    said = await visitor.presses(choice(row, "不再收招聘会通知"))
    assert "不再发给您" in said.text
    assert await rows(visitor.database, EventSubscription) == []


async def test_those_who_heard_of_it_hear_that_it_is_put_off_and_off(visitor: Visitor) -> None:
    await visitor.says("订阅招聘会")
    event = await opened(visitor, status="draft")
    async with visitor.database.transaction() as db:
        await events.publish(db, event, START)
    (told,) = await tick(visitor)
    async with visitor.database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.id == told.id).values(status="sent"))
        row = await db.get_one(Event, event)
        sheet = events.EventSheet(
            row.kind, row.title, row.starts_at, row.ends_at, None, "县文化馆", row.phone, "", "", "", [], 2
        )
        await events.change(db, event, sheet, START)
    (moved,) = await tick(visitor)
    assert "时间或地点改了" in text_of(moved)
    async with visitor.database.transaction() as db:
        await events.cancel(db, event, "停电", START + timedelta(hours=1))
    (off,) = await tick(visitor)
    assert "停电" in text_of(off)
    (unsent,) = await rows(visitor.database, Outbox, Outbox.id == moved.id)
    assert unsent.status == "cancelled"


async def test_who_never_heard_of_it_does_not_hear_that_it_is_off(visitor: Visitor) -> None:
    await visitor.says("订阅招聘会")
    event = await opened(visitor, status="draft")
    async with visitor.database.transaction() as db:
        await events.publish(db, event, START)
        await events.cancel(db, event, "停电", START)
    assert await tick(visitor) == []


async def test_a_stopped_kind_is_not_sent(visitor: Visitor) -> None:
    await visitor.says("订阅招聘会", "都退订")
    event = await opened(visitor, status="draft")
    async with visitor.database.transaction() as db:
        await events.publish(db, event, START)
    (row,) = await tick(visitor)
    async with visitor.database.transaction() as db:
        await notice_gate.release(db, START, Rules())
    (row,) = await rows(visitor.database, Outbox, Outbox.id == row.id)
    assert (row.status, row.error) == ("cancelled", "stopped")


async def door(visitor: Visitor, clock: SettableClock, **columns: Any) -> int:
    event = await opened(visitor, **columns)
    clock.moment = BEGINS - timedelta(minutes=30)
    return event


@pytest.mark.parametrize("words", ["签到 4821", "4821", "签到四八二一", "４８２１", "签到码4821"])
async def test_four_digits_at_the_door(visitor: Visitor, clock: SettableClock, words: str) -> None:
    await known(visitor)
    event = await opened(visitor, materials="三十家企业名单\n见展位图")
    await visitor.says("招聘会什么时候", "1", "1")
    said = await visitor.says(words)  # two weeks early
    assert (await rows(visitor.database, EventSignUp))[0].attended_at is None
    clock.moment = BEGINS - timedelta(hours=1)
    said = await visitor.says(words)
    assert "签到好了" in said.text
    assert (await rows(visitor.database, EventSignUp))[0].attended_at == clock()
    clock.advance(60)
    assert "已经签到了" in (await visitor.says(words)).text
    said = await visitor.says("资料")
    assert "三十家企业名单" in said.text
    async with visitor.database.snapshot() as db:
        assert await check_places(db) == {event: (1, 0)}


async def test_walking_in_while_there_is_room(visitor: Visitor, clock: SettableClock) -> None:
    event = await door(visitor, clock, capacity=1)
    said = await visitor.says("4821")
    assert "签到好了" in said.text
    (row,) = await rows(visitor.database, EventSignUp)
    assert (row.status, row.attended_at) == ("active", clock())
    other = Visitor(visitor.database, channel=visitor.channel, name="other", clock=clock)
    said = await other.says("签到4821")
    assert "名额已经满了" in said.text
    async with visitor.database.snapshot() as db:
        assert await check_places(db) == {event: (1, 0)}


async def test_a_wrong_code_and_a_closed_door(visitor: Visitor, clock: SettableClock) -> None:
    await door(visitor, clock)
    assert "没有认出签到码 1111" in (await visitor.says("签到1111")).text
    clock.moment = BEGINS + timedelta(hours=3)
    assert "没有认出签到码 4821" in (await visitor.says("签到4821")).text


async def test_a_daughter_signs_her_father_up_and_checks_him_in(visitor: Visitor, clock: SettableClock) -> None:
    await known(visitor, "王小红")
    await opened(visitor)
    async with visitor.database.transaction() as db:
        father = await add_person(db, "王建国")
        account = (await db.scalars(select(Address.id).where(Address.external_id == visitor.name))).one()
        db.add(
            Proxy(
                person_id=father.id, address_id=account, relation="女儿", scopes=["remind", "book"], status="active",
                ends_on=date(2027, 11, 1), created_at=START,
            )
        )  # fmt: skip
    said = await visitor.says("招聘会什么时候", "1")
    said = await visitor.says(next(d for d, label in said.menu.items() if "王同志" in label))
    assert "给王同志报名" in said.text
    said = await visitor.says("1")
    assert said.text.startswith("王同志的")
    (row,) = await rows(visitor.database, EventSignUp)
    assert (row.person_id, row.made_by, row.address_id) == (father.id, "女儿", None)
    (audited,) = await rows(visitor.database, Audit, Audit.action == "proxy_acted")
    assert audited.detail["who"] == "女儿 代 王某"
    clock.moment = at(DAY - timedelta(days=1), 9)
    (reminder,) = await tick(visitor)
    assert "王同志报名的" in text_of(reminder)
    clock.moment = BEGINS
    said = await visitor.says("4821")
    assert "欢迎王同志来" in said.text


async def test_a_death_gives_the_place_to_who_waits_and_says_nothing_more(visitor: Visitor) -> None:
    person = await known(visitor)
    event = await opened(visitor, capacity=1)
    await visitor.says("招聘会什么时候", "1", "1")
    async with visitor.database.transaction() as db:
        waits = await sign_up(db, event, "waits")
        await deaths.stop_all(db, person, START)
        assert await check_places(db) == {event: (1, 0)}
    (row,) = await tick(visitor)
    assert (row.recipient, row.address_id) == ("waits", waits.row.address_id)


async def test_for_veterans_only(visitor: Visitor) -> None:
    await opened(visitor, categories=["退役军人"])
    said = await visitor.says("招聘会什么时候", "1")
    assert "要先核对您是谁" in said.text
    assert await rows(visitor.database, EventSignUp) == []


async def test_a_fair_is_browsed_by_digits(visitor: Visitor) -> None:
    event = await opened(visitor)
    async with visitor.database.transaction() as db:
        for number, name in ((12, "桐乡机械厂"), (2, "好味食品")):
            employer = Employer(name=name, created_at=START)
            db.add(employer)
            await db.flush()
            db.add(EventEmployer(event_id=event, employer_id=employer.id, booth=f"{number}号"))
            db.add(
                Job(
                    source="fair", source_ref=str(number), employer_id=employer.id, title="焊工", kind="焊工", city="桐乡",
                    pay_from=6000, pay_to=8000, places=3, closes_on=DAY, about="", flags=[], status="open",
                    event_id=event, created_at=START, changed_at=START,
                )
            )  # fmt: skip
    said = await visitor.says("招聘会什么时候")
    said = await visitor.says(said.digit("看企业和岗位"))
    assert "有 2 家企业，2 个岗位，要 6 人" in said.text
    assert list(said.menu.values())[:2] == ["2号 展位 好味食品（1 个岗位）", "12号 展位 桐乡机械厂（1 个岗位）"]
    said = await visitor.says("2")
    assert said.menu["1"] == "焊工 6000–8000 元"
    (job,) = [row for row in await rows(visitor.database, Job) if row.source_ref == "12"]
    assert said.actions["焊工 6000–8000 元"] == f"job:{job.id}"
    said = await visitor.says("9")
    assert "桐乡机械厂" in "".join(said.menu.values())


async def test_groups_and_pages(visitor: Visitor) -> None:
    for number in range(7):
        await opened(visitor, kind="skill", title=f"第{number}期焊工班", starts_at=BEGINS + timedelta(days=number))
    said = await visitor.says("招聘会和活动")
    assert list(said.menu.values())[:3] == ["招聘会（暂时没有）", "培训（7 场）", "活动（暂时没有）"]
    said = await visitor.says("2")
    assert said.menu["1"] == "12月5日 第0期焊工班"
    seen: list[str] = []
    while True:
        assert len(said.menu) <= 7
        seen += [label for label in said.menu.values() if "焊工班" in label]
        if "更多" not in said.menu.values():
            break
        said = await visitor.says(said.digit("更多"))
    assert len(seen) == 7
    said = await visitor.says("培训怎么报名")
    assert said.result["journey"] == "events"


async def test_staff_sign_somebody_up_who_is_told(visitor: Visitor) -> None:
    person = await known(visitor)
    event = await opened(visitor)
    async with visitor.database.transaction() as db:
        who = event_places.Who(person_id=person, made_by=event_places.BY_STAFF)
        one = await event_places.sign_up(db, VAULT, event, who, START)
    (row,) = await tick(visitor)
    assert "工作人员给您报好了" in text_of(row)
    async with visitor.database.transaction() as db:
        await event_places.cancel(db, one.row.id, START, reason="人已到外地")
    (unsent,) = await rows(visitor.database, Outbox, Outbox.id == row.id)
    assert unsent.status == "cancelled"
    (row,) = await tick(visitor)
    assert "人已到外地" in text_of(row)
