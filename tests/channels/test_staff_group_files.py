"""Files both ways through the group: shown as what they are once they are there, and no word held up by one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from tests.channels.staff_office import STRANGER, Office, open_office
from tests.fakes.clock import SettableClock
from tests.unit.test_sniff import EXE, JPEG

OGG = b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 300
pytestmark = pytest.mark.parametrize("_template", ["sqlite"], indirect=True)


def file(file_id: str, **more: Any) -> dict[str, Any]:
    return {"file_id": file_id, "file_unique_id": "u"} | more


def photo(file_id: str = "jpeg") -> dict[str, Any]:
    return {"photo": [file(file_id, width=1, height=1)]}


@pytest.fixture
async def office(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database, clock, tmp_path) as opened:
        opened.api.files = {"jpeg": JPEG, "ogg": OGG, "exe": EXE}
        yield opened


def uploads(office: Office, topic: int) -> list[tuple[str, Any]]:
    sent = [(n, m) for (chat, n), m in office.api.messages.items() if m.get("file") and chat == "-1005"]
    return [(m["kind"], m["file"].content) for n, m in sent if office.group.places[n][0] == topic]


async def test_a_voice_is_heard_in_the_group_and_holds_up_no_words(office: Office) -> None:
    topic = await office.opened()
    await office.person_sends(voice=file("ogg", duration=3))
    await office.person_says("听到了吗")
    await office.settle()
    assert office.shown(topic)[-1].endswith("听到了吗")
    assert uploads(office, topic) == []
    assert await office.fetcher.fetch_once() == 1
    await office.settle()
    assert uploads(office, topic) == [("voice", OGG)]
    assert office.shown(topic)[-1] == f"{(await office.case()).code} 对方："
    assert all(row.attempts <= 1 for row in await office.rows())


async def test_a_file_that_was_refused_is_named_once(office: Office) -> None:
    topic = await office.opened()
    await office.person_sends(document=file("exe", file_name="协议.jpg"))
    await office.person_sends(document=file("big", file_name="录像.mp4", file_size=30_000_000))
    await office.fetcher.fetch_once()
    await office.settle()
    assert uploads(office, topic) == []
    for name in ("协议", "录像"):
        assert sum("没有收下" in text and name in text for text in office.shown(topic)) == 1


async def test_a_photo_from_the_group_reaches_the_person(office: Office) -> None:
    topic = await office.opened()
    number = await office.staff_says(None, topic, caption="请看样表", **photo())
    await office.settle()
    phone = [m for (chat, _), m in sorted(office.api.messages.items()) if chat == "7"]
    assert phone[-2]["text"].endswith("请看样表")
    assert (phone[-1]["kind"], phone[-1]["file"].content) == ("photo", JPEG)
    assert office.group.reacted == {number: "👌"}


async def test_a_photo_under_a_note_stays_inside(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    await office.staff_says(None, topic, caption="/note 他的证件", **photo())
    await office.staff_says(None, topic, caption="备注", **photo())
    await office.settle()
    assert office.on_phone() == before
    assert office.api.called("getFile") == []
    assert sum("备注只能是文字" in text for text in office.shown(topic)) == 2


async def test_what_cannot_be_taken_from_the_group_is_told(office: Office) -> None:
    topic = await office.opened()
    before = office.on_phone()
    await office.staff_says(None, topic, document=file("exe", file_name="协议.jpg"))
    await office.staff_says(None, topic, document=file("big", file_name="录像.mp4", file_size=30_000_000))
    office.api.refuse("getFile", 500, "Internal Server Error")
    await office.staff_says(None, topic, **photo())
    await office.staff_says(None, topic, sender=STRANGER, **photo())
    await office.settle()
    assert office.on_phone() == before
    told = office.shown(topic)[-4:]
    assert ["协议" in told[0], "录像" in told[1], "请再发一次" in told[2], "工作人员名单" in told[3]] == [True] * 4


async def test_a_repeated_photo_is_fetched_and_sent_once(office: Office) -> None:
    topic = await office.opened()
    update = office.from_staff(None, topic, **photo())
    for _ in range(3):
        assert await office.happens(update)
    await office.settle()
    assert len(office.api.called("getFile")) == 1
    assert len(office.api.called("sendPhoto")) == 1


async def test_a_file_in_a_deleted_topic_comes_again_in_the_new_one(office: Office) -> None:
    old = await office.opened()
    await office.person_sends(**photo())
    await office.fetcher.fetch_once()
    office.group.delete_topic(old)
    await office.settle()
    (new,) = office.group.topics
    assert uploads(office, new) == [("photo", JPEG)]


async def test_what_telegram_will_not_show_is_named(office: Office) -> None:
    topic = await office.opened()
    await office.person_sends(**photo())
    await office.fetcher.fetch_once()
    for method in ("sendPhoto", "sendDocument"):
        office.api.refuse(method, 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await office.settle()
    assert office.shown(topic)[-1].endswith("请到工作台查看。")
