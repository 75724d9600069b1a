"""The group takes so much and no more: the rest waits in the outbox, and the people's own channel goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Database
from services import staff_group
from tests.channels.staff_office import Office, open_office
from tests.fakes.clock import SettableClock

pytestmark = pytest.mark.parametrize("_template", ["sqlite"], indirect=True)
"""What is PostgreSQL's own is tried with the people of the group and with what is mended there."""


@pytest.fixture
async def office(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database, clock, tmp_path) as opened:
        yield opened


def in_group(office: Office) -> int:
    return sum(len(office.api.called(m)) for m in ("sendMessage", "editMessageText", "editForumTopic")) - len(
        office.on_phone()
    )


async def test_429_pauses_the_group_only_and_loses_nothing(office: Office) -> None:
    topic = await office.opened()
    case = await office.case()
    office.api.refuse("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
    async with office.database.transaction() as db:
        await staff_group.say(db, case.id, "在吗", office.clock(), who="person", key="x")
    await office.deliver()
    await office.staff_says("您好", topic)
    await office.deliver()
    assert office.on_phone()[-1].endswith("您好")
    assert not any("在吗" in text for text in office.shown(topic))
    office.clock.advance(18)
    await office.deliver()
    assert office.shown(topic)[-1].endswith("在吗")
    assert all(row.attempts <= 1 for row in await office.rows())


async def test_changes_of_a_card_become_one_edit(office: Office) -> None:
    topic = await office.opened()
    for number in range(12):
        await office.staff_says(f"/transfer {'小王' if number % 2 == 0 else '小李'}", topic, sender=101 + number % 2)
    await office.settle()
    assert len(office.api.called("editMessageText")) == 1
    assert office.group.renamed == 1
    assert "✋小李" in office.group.topics[topic].name


async def test_no_more_than_twenty_messages_a_minute(office: Office) -> None:
    await office.opened()
    case = await office.case()
    async with office.database.transaction() as db:
        for number in range(30):
            await staff_group.say(db, case.id, f"第{number}句", office.clock(), who="person", key=str(number))
    sent = [in_group(office)]
    for _ in range(18):
        await office.deliver()
        sent.append(in_group(office))
        office.clock.advance(10)
    assert max(after - before for before, after in zip(sent, sent[6:], strict=False)) <= 20
    topic = max(office.group.topics)
    assert [text.partition("第")[2] for text in office.shown(topic)[2:]] == [f"{number}句" for number in range(30)]


async def test_a_bot_shut_out_of_the_group_keeps_what_it_has_to_say(office: Office) -> None:
    topic = await office.opened()
    office.group.member = False
    await office.person_says("在吗")
    await office.settle()

    assert await office.rows(status="ready") != []
    office.group.member = True
    await office.settle()
    assert office.shown(topic)[-1].endswith("在吗")
    assert {row.status for row in await office.rows()} == {"sent"}
