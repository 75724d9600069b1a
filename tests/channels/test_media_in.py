"""Whatever a person sends on Telegram is kept, fetched when a case needs it, and answered plainly."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.cases import SupportCase
from db.engine import Database
from handlers import texts
from services import media
from tests.channels.line import Line, open_line
from tests.fakes.clock import SettableClock
from tests.journeys.office import only_case
from tests.journeys.test_handoff import MONDAY_MORNING
from tests.unit.test_sniff import EXE, JPEG, webm

FILE = {"file_id": "f", "file_unique_id": "u"}
OGG = b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 300


@pytest.fixture
async def line(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Line]:
    clock.moment = MONDAY_MORNING
    async with open_line(database, clock, tmp_path) as line:
        line.api.files = {"f": JPEG, "ogg": OGG, "exe": EXE}
        yield line


def photo(file_id: str = "f", **more: Any) -> dict[str, Any]:
    return {"photo": [FILE | {"file_id": file_id, "width": 1, "height": 1}]} | more


def voice() -> dict[str, Any]:
    return {"voice": FILE | {"file_id": "ogg", "duration": 3}}


async def in_case(line: Line) -> SupportCase:
    await line.sends(text="0")
    return await only_case(line.database)


async def test_a_photo_in_a_case_is_fetched_and_shown_to_staff(line: Line) -> None:
    case = await in_case(line)
    assert await line.sends(**photo()) == [texts.MEDIA_NOTED.format(code=case.code)]
    assert await line.fetcher.fetch_once() == 1
    (kept,) = await line.attachments()
    assert (kept.status, kept.kind, kept.media_type, kept.size) == ("stored", "photo", "image/jpeg", len(JPEG))
    assert kept.sha256 is not None
    assert line.files.path(kept.sha256).read_bytes() == JPEG
    assert ("person", "", [kept.id]) in await line.said_in_group()
    assert await line.fetcher.fetch_once() == 0


async def test_nothing_is_fetched_that_nobody_needs(line: Line) -> None:
    (said,) = await line.sends(**photo())
    assert said == texts.MEDIA["photo"]
    assert await line.fetcher.fetch_once() == 0
    assert line.api.called("getFile") == []


async def test_what_was_sent_before_comes_along_when_a_person_is_asked_for(line: Line) -> None:
    await line.sends(**photo())
    line.clock.advance(600)
    await in_case(line)
    assert await line.fetcher.fetch_once() == 1
    (kept,) = await line.attachments()
    assert kept.status == "stored"
    assert ("person", "", [kept.id]) in await line.said_in_group()


async def test_a_photo_of_last_month_does_not_come_along(line: Line) -> None:
    await line.sends(**photo())
    line.clock.advance(8 * 24 * 3600)
    await in_case(line)
    assert await line.fetcher.fetch_once() == 0
    assert [said for said in await line.said_in_group() if said[2]] == []


@pytest.mark.parametrize("words", [{}, {"caption": "优待证怎么办"}])
async def test_a_voice_message_opens_a_case_and_a_human_will_listen(line: Line, words: dict[str, str]) -> None:
    (said,) = await line.sends(**voice(), **words)
    case = await only_case(line.database)
    assert case.reason == "voice"
    assert case.code in said
    assert "会有工作人员来听" in said
    await line.fetcher.fetch_once()
    (kept,) = await line.attachments()
    assert (kept.status, kept.kind) == ("stored", "voice")
    shown = [said for said in await line.said_in_group() if said[2]]
    assert shown == [("person", "", [kept.id])]


async def test_only_the_first_of_an_album_is_answered_and_all_are_kept(line: Line) -> None:
    case = await in_case(line)
    answers = [await line.sends(**photo(media_group_id="900")) for _ in range(3)]
    assert answers == [[texts.MEDIA_NOTED.format(code=case.code)], [], []]
    assert await line.sends(**photo(media_group_id="901")) == [texts.MEDIA_NOTED.format(code=case.code)]
    assert await line.fetcher.fetch_once() == 4
    assert {kept.status for kept in await line.attachments()} == {"stored"}


async def test_words_under_the_first_picture_answer_the_album(line: Line) -> None:
    assert len(await line.sends(**photo(media_group_id="900"), caption="优待证怎么办")) == 1
    assert await line.sends(**photo(media_group_id="900")) == []


async def test_while_staff_have_the_case_the_bot_is_silent(line: Line) -> None:
    case, clerk = await in_case(line), await line.clerk()
    await clerk.do("claim", case.id)
    assert await line.sends(**photo()) == []
    assert await line.sends(location={"latitude": 30.6, "longitude": 120.5}) == []
    assert ("person", "30.6, 120.5", []) in await line.said_in_group()
    assert await line.sends(dice={"emoji": "🎲", "value": 3}) == [texts.OTHER_IN_CASE]


STICKER = FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}


async def test_a_sticker_gets_a_short_word_and_no_case(line: Line) -> None:
    assert await line.sends(sticker=STICKER) == [texts.MEDIA["sticker"]]
    assert await line.attachments() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"document": FILE | {"file_id": "exe", "file_name": "照片.jpg"}}, "“照片.jpg”不是能收的文件"),
        (photo("exe"), "“文件”不是照片"),
    ],
)
async def test_a_program_called_a_picture_is_refused_on_both_sides(
    line: Line, content: dict[str, Any], said: str
) -> None:
    await in_case(line)
    await line.sends(**content)
    await line.fetcher.fetch_once()
    (kept,) = await line.attachments()
    assert (kept.status, kept.sha256) == ("refused", None)
    told = (await line.rows())[-1].payload["text"]
    assert told.startswith(said)
    assert ("系统", texts.FILE_NOT_TAKEN.format(reason=told), []) in await line.said_in_group()
    assert await line.fetcher.fetch_once() == 0
    assert len([path for path in line.files.path("00").parent.parent.rglob("*") if path.is_file()]) == 0


@pytest.mark.parametrize("owned", [False, True])
async def test_thirty_megabytes_are_refused_at_once_even_where_the_bot_is_silent(line: Line, *, owned: bool) -> None:
    case, clerk = await in_case(line), await line.clerk()
    if owned:
        await clerk.do("claim", case.id)
    big = FILE | {"file_name": "录像.mp4", "file_size": 30 * 1024 * 1024, "width": 1, "height": 1, "duration": 9}
    assert await line.sends(video=big) == [texts.FILE_REFUSED["large"].format(name="录像.mp4", limit=1)]
    (kept,) = await line.attachments()
    assert kept.status == "refused"
    assert ("person", "", [kept.id]) in await line.said_in_group()
    assert await line.fetcher.fetch_once() == 0
    assert line.api.called("getFile") == []


async def test_the_limit_holds_for_a_size_that_was_not_announced(line: Line) -> None:
    line.api.files["f"] = JPEG + b"\1" * 2_000_000
    await in_case(line)
    await line.sends(**photo())
    await line.fetcher.fetch_once()
    assert [kept.status for kept in await line.attachments()] == ["refused"]


async def test_a_file_that_telegram_will_not_give_out(line: Line) -> None:
    line.api.files["f"] = JPEG + b"\1" * 21 * 1024 * 1024
    await in_case(line)
    await line.sends(**photo())
    await line.fetcher.fetch_once()
    (kept,) = await line.attachments()
    assert kept.status == "failed"
    assert kept.error == texts.FILE_REFUSED["large"].format(name="文件", limit=1)


async def test_a_failing_network_is_tried_again_later_and_then_told(line: Line) -> None:
    await in_case(line)
    await line.sends(**photo())
    line.api.refuse("file", 502, "Bad Gateway", times=media.ATTEMPTS)
    for _ in range(media.ATTEMPTS):
        assert await line.fetcher.fetch_once() == 1
        assert await line.fetcher.fetch_once() == 0
        line.clock.advance(600)
    (kept,) = await line.attachments()
    assert kept.status == "failed"
    assert (await line.rows())[-1].payload["text"] == texts.FILE_REFUSED["lost"].format(name="文件")


async def test_it_comes_when_the_network_is_back(line: Line) -> None:
    await in_case(line)
    await line.sends(**photo())
    line.api.refuse("getFile", 502, "Bad Gateway")
    await line.fetcher.fetch_once()
    line.clock.advance(60)
    assert await line.fetcher.fetch_once() == 1
    assert [kept.status for kept in await line.attachments()] == ["stored"]


async def test_a_pause_that_telegram_asks_for_is_no_try(line: Line) -> None:
    await in_case(line)
    await line.sends(**photo())
    line.api.refuse("getFile", 429, "Too Many Requests", retry_after=30)
    await line.fetcher.fetch_once()
    assert [(kept.status, kept.attempts) for kept in await line.attachments()] == [("pending", 0)]
    line.clock.advance(29)
    assert await line.fetcher.fetch_once() == 0
    line.clock.advance(2)
    assert await line.fetcher.fetch_once() == 1


async def test_two_processes_never_fetch_one_file_twice(line: Line) -> None:
    await in_case(line)
    for _ in range(6):
        await line.sends(**photo())
    while sum(await asyncio.gather(line.fetcher.fetch_once(), line.fetcher.fetch_once())):
        pass
    assert len(line.api.called("getFile")) == 6
    assert {kept.status for kept in await line.attachments()} == {"stored"}


async def test_a_file_whose_fetcher_died_is_fetched_by_another(line: Line) -> None:
    await in_case(line)
    await line.sends(**photo())
    async with line.database.transaction() as db:
        (due,) = await media.claim(db, ["telegram"], line.clock(), line.deliverer._lease, 5)
    line.clock.advance(31)
    assert await line.fetcher.fetch_once() == 1
    async with line.database.transaction() as db:
        assert not await media.end(db, due, "failed", "too late")
    assert [kept.status for kept in await line.attachments()] == ["stored"]


async def test_an_update_delivered_twice_is_one_file(line: Line) -> None:
    await in_case(line)
    update = {"update_id": 7, "message": {
        "message_id": 7, "date": 1, "chat": {"id": 7, "type": "private"}, "from": {"id": 7, "is_bot": False, "first_name": "李"}, **photo(),
    }}  # fmt: skip
    await line.happens(update)
    await line.happens(update)
    assert len(await line.attachments()) == 1


async def test_the_token_is_in_no_error(line: Line) -> None:
    await in_case(line)
    await line.sends(**photo())
    line.api.refuse("file", 404, "Not Found")
    await line.fetcher.fetch_once()
    (kept,) = await line.attachments()
    assert kept.error
    assert line.bot.token not in kept.error


async def test_a_recording_without_pictures_is_a_voice(line: Line) -> None:
    line.api.files["f"] = webm(b"A_OPUS")
    await in_case(line)
    await line.sends(document=FILE | {"file_name": "录音"})
    await line.fetcher.fetch_once()
    assert [(kept.kind, kept.name) for kept in await line.attachments()] == [("voice", "录音.webm")]
