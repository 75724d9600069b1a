"""What the group breaks is mended: a topic deleted, closed, never there; the group upgraded; no topics at all."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.base import Message
from bot.channels.telegram.staff_link import StaffLink
from bot.wake import Wake
from db.cases import CaseEvent, CaseTopic, StaffGroup
from db.engine import Database
from services import staff_group
from tests.channels.staff_office import GROUP, Office, open_office
from tests.fakes.clock import SettableClock
from tests.fakes.groups import Group


@pytest.fixture
async def office(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database, clock, tmp_path) as opened:
        yield opened


async def lost(office: Office) -> int:
    async with office.database.snapshot() as db:
        return len(list(await db.scalars(select(CaseEvent.id).where(CaseEvent.kind == "topic_lost"))))


async def test_a_deleted_topic_is_made_anew_once_and_nothing_is_lost(office: Office) -> None:
    old = await office.opened()
    office.group.delete_topic(old)
    for text in ("第一句", "第二句"):
        await office.person_says(text)
    await office.settle()
    (new,) = office.group.topics
    card, *words = office.shown(new)
    assert "上一个话题已不在，从这里继续。" in card
    assert [text.partition("\n")[2] for text in words] == ["第一句", "第二句"]
    assert await lost(office) == 1
    await office.staff_says("接着说", new)
    await office.settle()
    assert office.on_phone()[-1].endswith("接着说")
    assert await lost(office) == 1
    assert list(office.group.topics) == [new]


@pytest.mark.parametrize("error", ["TOPIC_DELETED", "TOPIC_ID_INVALID", "message thread not found"])
async def test_an_archived_topic_counts_as_lost(office: Office, error: str) -> None:
    old = await office.opened()
    office.api.refuse("sendMessage", 400, f"Bad Request: {error}")
    case = await office.case()
    async with office.database.transaction() as db:
        await staff_group.say(db, case.id, "在吗", office.clock(), who="person", key="x")
    await office.settle()
    assert max(office.group.topics) > old
    assert office.shown(max(office.group.topics))[-1].endswith("在吗")


async def test_a_crash_between_topic_and_card_leaves_no_gap(office: Office) -> None:
    old = await office.opened()
    office.group.delete_topic(old)
    await office.person_says("第一句")
    office.api.drop("sendMessage", times=1)  # the bot's answer to the person
    office.api.refuse("sendMessage", 400, "Bad Request: message thread not found")
    office.api.drop("sendMessage", times=1)  # the card of the new topic
    await office.settle()
    (new,) = office.group.topics
    card, words = office.shown(new)
    assert "从这里继续" in card
    assert words.endswith("第一句")


async def test_a_topic_closed_by_hand_is_opened_again(office: Office) -> None:
    topic = await office.opened()
    office.group.topics[topic].closed = True
    await office.staff_says(None, topic, forum_topic_closed={})
    await office.settle()
    assert not office.group.topics[topic].closed
    assert "话题重新打开了" in office.shown(topic)[-1]
    office.group.topics[topic].closed = True
    await office.person_says("还在吗")
    await office.settle()
    assert office.shown(topic)[-1].endswith("还在吗")
    assert await lost(office) == 0


async def test_words_about_a_closed_case_leave_its_topic_closed(office: Office) -> None:
    topic = await office.opened()
    await office.staff_says("/close", topic)
    await office.settle()
    case = await office.case()
    async with office.database.transaction() as db:
        await staff_group.say(db, case.id, "满意度 5", office.clock(), who="系统", key="rated")
    await office.settle()
    assert office.shown(topic)[-1].endswith("满意度 5")
    assert office.group.topics[topic].closed


async def test_a_closed_case_gets_no_new_topic(office: Office) -> None:
    topic = await office.opened()
    await office.staff_says("/close", topic)
    office.group.delete_topic(topic)
    await office.settle()
    assert all("/close" not in text for text in office.on_phone())
    async with office.database.transaction() as db:
        await staff_group.show_card(db, (await office.case()).id, office.clock())
    made = office.group.made
    await office.settle()
    assert office.group.made == made


async def test_an_upgraded_group_is_followed_while_sending(office: Office) -> None:
    await office.opened()
    office.api.groups["-100777"] = Group()
    office.group.moved_to = -100777
    await office.person_says("搬家了吗")
    await office.settle()
    moved = office.api.groups["-100777"]
    (topic,) = moved.topics
    assert office.shown(topic, -100777)[-1].endswith("搬家了吗")
    await office.staff_says("搬了", topic, chat=-100777)
    await office.settle()
    assert office.on_phone()[-1].endswith("搬了")
    assert await lost(office) == 0
    async with office.database.transaction() as db:
        await staff_group.configure(db, GROUP)  # a restart with the old setting
    async with office.database.snapshot() as db:
        assert (await db.get_one(StaffGroup, 1)).chat_id == -100777


@pytest.mark.parametrize("seen_from", ["old", "new"])
async def test_an_upgraded_group_is_followed_when_told(office: Office, seen_from: str) -> None:
    await office.opened()
    office.api.groups["-100777"] = Group()
    if seen_from == "old":
        await office.staff_says(None, migrate_to_chat_id=-100777)
    else:
        await office.staff_says(None, chat=-100777, migrate_from_chat_id=GROUP)
    await office.person_says("还在吗")
    await office.settle()
    assert len(office.api.groups["-100777"].topics) == 1


async def test_another_group_in_the_settings_is_another_group(office: Office) -> None:
    await office.opened()
    await office.person_says("说给旧群的")
    office.api.groups["-42"] = Group()
    async with office.database.transaction() as db:
        await staff_group.configure(db, -42)
    await office.person_says("说给新群的")
    await office.settle()
    (topic,) = office.api.groups["-42"].topics
    assert "说给旧群的" not in "".join(office.shown(topic, -42)[1:])
    assert office.shown(topic, -42)[-1].endswith("说给新群的")


@pytest.mark.parametrize("group", [{"forum": False}, {"manages_topics": False}], ids=["no forum", "no right"])
async def test_without_topics_a_card_is_replied_to(
    database: Database, clock: SettableClock, tmp_path: Path, group: dict[str, bool]
) -> None:
    async with open_office(database, clock, tmp_path, **group) as office:
        await office.person_says("转人工")
        await office.settle()
        card, words = office.shown(None)
        assert "请“回复”这张卡片" in card
        async with database.snapshot() as db:
            card_id = (await db.scalars(select(CaseTopic.card_id))).one()
        assert list(office.group.places.values()) == [(None, None), (None, card_id)]
        await office.staff_says("不连着求助单的话")
        for number, said in enumerate((card, words)):
            await office.staff_says(f"答复{number}", replying=office.ours(said))
        await office.settle()
        assert [t[-3:] for t in office.on_phone()[-2:]] == ["答复0", "答复1"]
        assert "✋小李" in office.shown(None)[0]
        await office.staff_says("/close", replying=office.ours(words))
        await office.settle()
        assert "✅已办结" in office.shown(None)[0]
        assert "不连着" not in "".join(office.on_phone())


async def test_a_card_that_was_deleted_is_drawn_anew(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    async with open_office(database, clock, tmp_path, forum=False) as office:
        await office.person_says("转人工")
        await office.settle()
        office.group.deleted.add(min(office.group.places))
        await office.staff_says("/claim", replying=office.ours(office.shown(None)[-1]))
        await office.settle()
        assert "✋小李" in office.shown(None)[-1]


async def test_two_processes_make_one_topic(office: Office) -> None:
    await office.person_says("转人工")
    case_id = (await office.case()).id
    others = StaffLink(
        office.casework, office.files, Wake(), office.database, office.clock, lambda _slug: None, 20
    ).channel(office.bot)  # fmt: skip
    words = {"do": "say", "who": "person", "text": "在吗"}
    row = Message(str(case_id), "", (), payload=words)
    ours = office.deliverer._channels["staff"]
    await asyncio.gather(ours.send(row), others.send(row))
    (topic,) = office.group.topics
    assert sum(text.endswith("在吗") for text in office.shown(topic)) == 2
