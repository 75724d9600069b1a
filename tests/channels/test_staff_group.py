"""The staff group both ways: a topic per case, answers out and words in, and nothing that is not meant for the person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from db.cases import CaseNote
from db.engine import Database
from db.staff import Staff
from services import staff_group
from tests.channels.staff_office import LI, WANG, Office, open_office
from tests.fakes.clock import SettableClock

pytestmark = pytest.mark.parametrize("_template", ["sqlite"], indirect=True)
"""What is PostgreSQL's own is tried with the people of the group and with what is mended there."""


@pytest.fixture
async def office(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database, clock, tmp_path) as opened:
        yield opened


async def test_each_case_has_a_topic_with_all_that_staff_need(office: Office) -> None:
    await office.person_says("优待证怎么办")
    office.clock.advance(5)
    topic = await office.opened()
    case = await office.case()
    assert office.group.topics[topic].name == f"{case.code} 🔔待领取 待遇"
    card, words = office.shown(topic)
    assert card.startswith(office.group.topics[topic].name)
    assert "来自：Telegram\n等待：11-21 10:00 起" in card
    assert "转人工之前：\n对方：优待证怎么办\n驿站：" in card
    assert "对方：转人工" not in card
    assert "可能用得上的问答：\n优待证怎么办" in card
    assert "/note" in card
    assert words == f"{case.code} 对方：\n转人工"
    await office.settle()
    assert len(office.shown(topic)) == 2


async def test_words_go_both_ways_and_delivery_is_marked(office: Office) -> None:
    topic = await office.opened()
    number = await office.staff_says("您好，请带身份证来。", topic)
    await office.settle()
    assert office.on_phone()[-1] == "【工作人员1号】\n您好，请带身份证来。"
    assert office.group.reacted == {number: "👌"}
    await office.person_says("<好的> & 谢谢")
    await office.settle()
    assert office.shown(topic)[-1].endswith("对方：\n<好的> & 谢谢")
    assert "✋小李" in office.group.topics[topic].name
    assert office.shown(topic)[0].startswith(office.group.topics[topic].name)


async def test_any_message_of_ours_can_be_replied_to(office: Office) -> None:
    await office.opened()
    code = (await office.case()).code
    await office.staff_says("马上来", replying=office.ours(f"【危机求助】{code} 需要马上处理。"))
    await office.settle()
    assert office.on_phone()[-1].endswith("马上来")


async def test_where_reactions_are_off_words_say_that_it_arrived(office: Office) -> None:
    office.group.reactions = False
    topic = await office.opened()
    number = await office.staff_says("您好", topic)
    await office.settle()
    assert office.shown(topic)[-1] == "已送达。"
    assert list(office.group.places.values())[-1] == (topic, number)


@pytest.mark.parametrize(
    "note", ["/note 他女儿电话 139", "／note 他女儿电话 139", "备注：他女儿电话 139", "备注 他女儿电话 139"]
)
async def test_a_note_stays_inside(office: Office, note: str) -> None:
    topic = await office.opened()
    before = office.on_phone()
    number = await office.staff_says(note, topic)
    await office.settle()
    assert office.on_phone() == before
    assert office.group.reacted == {number: "✍"}
    async with office.database.snapshot() as db:
        assert list(await db.scalars(select(CaseNote.text))) == ["他女儿电话 139"]


async def test_nothing_that_looks_like_an_order_reaches_the_person(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    for text in ("/nota 他女儿电话", "/claim@other_bot", "/", "/note", "备注"):
        await office.staff_says(text, topic)
    await office.settle()
    said = [text for text in office.on_phone() if text not in before]
    assert said == ["【工作人员1号】\n/"]
    assert "没有 /nota 这个命令" in "\n".join(office.shown(topic))


async def test_two_colleagues_at_once_one_answers_and_the_other_is_told_who(office: Office) -> None:
    topic = await office.opened()
    await office.staff_says("我来答", topic, sender=LI)
    second = await office.staff_says("还是我来", topic, sender=WANG)
    await office.settle()
    assert [t for t in office.on_phone() if "我来" in t] == ["【工作人员1号】\n我来答"]
    code = (await office.case()).code
    assert office.shown(topic)[-1] == f"{code} 这张求助单正由小李办理，您的内容没有发出。"
    assert (topic, second) in office.group.places.values()


async def test_console_and_group_share_the_claim_and_the_words(office: Office) -> None:
    topic = await office.opened()
    case = await office.case()
    async with office.database.transaction() as db:
        wang = await db.get_one(Staff, 2)
        await office.casework.answer(db, case.id, wang, "我在工作台答复您", office.clock(), key="console:1")
    await office.staff_says("我也来", topic)
    await office.settle()
    assert "小王：\n我在工作台答复您" in "\n".join(office.shown(topic))
    assert "这张求助单正由小王办理" in "\n".join(office.shown(topic))
    assert "✋小王" in office.group.topics[topic].name
    assert len([t for t in office.on_phone() if "我" in t and "【" in t]) == 1


async def test_orders(office: Office) -> None:
    topic = await office.opened()
    claim = await office.staff_says("/claim@yizhan_bot", topic)
    await office.settle()
    assert "✋小李" in office.group.topics[topic].name
    transfer = await office.staff_says("/transfer 小王", topic)
    await office.settle()
    assert (await office.case()).claimed_by == 2
    close = await office.staff_says("/close", topic, sender=WANG)
    await office.settle()
    assert "✅已办结" in office.group.topics[topic].name
    assert office.group.topics[topic].closed
    reopen = await office.staff_says("/reopen", topic, sender=WANG)
    await office.settle()
    assert "✋小王" in office.group.topics[topic].name
    assert not office.group.topics[topic].closed
    assert office.group.reacted == dict.fromkeys((claim, transfer, close, reopen), "👍")
    await office.staff_says("/transfer 小孙", topic, sender=WANG)
    await office.staff_says("/help", topic)
    await office.settle()
    assert "没有找到“小孙”" in office.shown(topic)[-2]
    assert "/transfer 同事或服务站" in office.shown(topic)[-1]


async def test_a_person_who_blocked_us_is_shown(office: Office) -> None:
    topic = await office.opened()
    office.api.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    number = await office.staff_says("您好", topic)
    await office.settle()
    assert office.shown(topic)[-1] == "⛔ 没有送到：对方已屏蔽。"
    assert (topic, number) in office.group.places.values()
    assert number not in office.group.reacted


async def test_a_danger_calls_all_on_duty_by_name(office: Office) -> None:
    await office.opened()
    case = await office.case()
    office.group.general_closed = True
    async with office.database.transaction() as db:
        (await db.get_one(type(case), case.id)).crisis = True
        await staff_group.alert(db, case.id, f"【危机求助】{case.code}", office.clock(), key="danger:1")
    await office.settle()
    assert office.shown(None) == [f"【危机求助】{case.code}\n小李 小王"]
    assert f'<a href="tg://user?id={LI}">小李</a>' in office.api.called("sendMessage")[-1]["text"]


async def test_without_a_group_nothing_is_written(office: Office) -> None:
    async with office.database.transaction() as db:
        await staff_group.configure(db, None)
    await office.person_says("转人工")
    assert await office.rows() == []


async def test_long_words_come_whole(office: Office) -> None:
    topic = await office.opened()
    await office.staff_says("在的", topic)
    await office.person_says("我要反映的事很长。" * 450)
    await office.settle()
    parts = [t.partition("\n")[2] for t in office.shown(topic)[1:] if "很长" in t]
    assert "".join(parts) == "我要反映的事很长。" * 450


async def test_what_is_written_anew_was_sent_already(office: Office) -> None:
    topic = await office.opened()
    update = office.from_staff("您好", topic)
    assert await office.happens(update)
    for number in (1, 2):
        changed = update["message"] | {"text": f"您好{number}", "edit_date": number}
        assert await office.happens({"update_id": 9000 + number, "edited_message": changed})
    await office.settle()
    assert [t for t in office.shown(topic) if "不能改" in t] == [
        f"{(await office.case()).code} 已经发出的不能改，请再发一条。"
    ]
    assert "您好1" not in "".join(office.on_phone())
