"""Whose words count in the group: only those of people on the staff list, each once, and everybody else is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.channels.telegram.feed import ALLOWED_UPDATES
from db.cases import CaseEvent
from db.engine import Database
from db.places import Station
from db.staff import Staff
from db.turns import Outbox
from tests.channels.staff_office import GROUP, LI, STRANGER, WANG, Office, open_office
from tests.fakes.clock import SettableClock


@pytest.fixture
async def office(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database, clock, tmp_path) as opened:
        yield opened


async def test_a_stranger_is_told_once_and_heard_never(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    for text in ("我也来说", "/claim", "/note 好"):
        await office.staff_says(text, topic, sender=STRANGER)
    await office.staff_says("大厅里的话", sender=STRANGER)
    await office.settle()
    told = [text for text in office.shown(topic) + office.shown(None) if "工作人员名单" in text]
    assert told == ["您不在工作人员名单里，这里的话不会转给任何人。"]
    assert office.on_phone() == before
    assert (await office.case()).status == "open"


async def test_who_has_left_is_a_stranger(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    async with office.database.transaction() as db:
        await db.execute(update(Staff).where(Staff.telegram_id == LI).values(active=False))
    await office.staff_says("我还在", topic)
    await office.settle()
    assert office.on_phone() == before
    assert "工作人员名单" in office.shown(topic)[-1]


async def test_a_name_alone_proves_nothing(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    await office.staff_says("我是小李", topic, sender=STRANGER, from_user={"first_name": "小李", "username": "li"})
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    chat = {"id": GROUP, "type": "supergroup"}
    for text in ("匿名", "还是匿名"):
        await office.staff_says(text, topic, sender=LI, from_user=anonymous, sender_chat=chat)
    await office.settle()
    assert office.on_phone() == before
    assert sum("匿名发言认不出" in text for text in office.shown(topic)) == 2


async def test_other_bots_and_service_messages_are_nothing(office: Office) -> None:
    topic = await office.opened()
    shown, before = office.shown(topic), office.on_phone()
    await office.staff_says("广告", topic, from_user={"id": 5, "is_bot": True})
    await office.staff_says(None, topic, new_chat_title="新名字")
    await office.settle()
    assert (office.shown(topic), office.on_phone()) == (shown, before)


async def test_talk_among_colleagues_is_left_alone_unless_it_speaks_to_us(office: Office) -> None:
    await office.opened()
    before = office.on_phone()
    await office.staff_says("中午吃什么")
    assert office.shown(None) == []
    await office.staff_says("在吗", replying=office.ours("您不在工作人员名单里"))
    await office.staff_says("/help")
    await office.settle()
    assert ["没有转给任何人" in text for text in office.shown(None)] == [True, False]
    assert office.on_phone() == before


async def test_every_update_twice_changes_nothing(office: Office) -> None:
    topic = await office.opened()
    updates = [
        office.from_staff("您好", topic),
        office.from_staff("我来", topic, sender=WANG),
        office.from_staff("/note 已核实", topic),
        office.from_staff("/transfer 小王", topic),
        office.from_staff("/close", topic, sender=WANG),
        office.from_staff("再说一句", topic, sender=WANG),
        office.from_staff("谁啊", topic, sender=STRANGER),
    ]
    for update_ in updates:
        assert await office.happens(update_)
        assert await office.happens(update_)
    for update_ in updates:
        assert await office.happens(update_)
    await office.settle()
    phone, shown = office.on_phone(), office.shown(topic)
    assert len(phone) == len(set(phone))
    assert sum("您好" in text for text in phone) == 1
    assert sum("求助单" in text and "办结了" in text for text in phone) == 1
    code = (await office.case()).code
    assert sorted(text for text in shown[2:]) == sorted(
        [
            f"{code} 这张求助单正由小李办理，您的内容没有发出。",
            f"{code} 这张求助单已经办结了。要接着办，请先重新打开。",
            "您不在工作人员名单里，这里的话不会转给任何人。",
        ]
    )
    async with office.database.snapshot() as db:
        kinds = list(await db.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
        assert kinds == ["opened", "claimed", "transferred", "closed"]
        assert await db.scalar(select(func.count()).where(Outbox.staff_id.is_not(None))) == 1


async def test_the_scope_of_the_console_holds_here_too(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    case = await office.case()
    async with office.database.transaction() as db:
        db.add_all([Station(id=1, name="东街站", level="township"), Station(id=2, name="西街站", level="township")])
        await db.flush()
        (await db.get_one(type(case), case.id)).station_id = 1
        (await db.get_one(Staff, 1)).station_id = 2
    await office.staff_says("我来答", topic)
    await office.settle()
    assert office.on_phone() == before
    assert "不在您的办理范围内" in office.shown(topic)[-1]
    await office.staff_says("/transfer 西街站", topic, sender=WANG)
    await office.staff_says("现在可以了", topic)
    await office.settle()
    assert office.on_phone()[-1].endswith("现在可以了")


async def test_what_cannot_be_sent_on_is_told(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    await office.staff_says(None, topic, location={"latitude": 30.6, "longitude": 120.5})
    await office.settle()
    assert office.on_phone() == before
    assert "请发文字、照片、语音或文件" in office.shown(topic)[-1]


async def test_a_fault_of_ours_is_told_and_not_repeated(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = await office.opened()

    async def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(office.casework, "answer", broken)
        await office.staff_says("您好", topic)
    await office.settle()
    assert "没有发出，系统出了问题" in office.shown(topic)[-1]


def test_edits_of_the_group_are_asked_for() -> None:
    assert {"message", "edited_message"} <= set(ALLOWED_UPDATES)
