"""Files from staff reach the person as what they are, and what does not arrive is seen by staff."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.base import File, Message, RejectedError
from bot.channels.telegram.upload import send
from db.cases import CaseEvent, SupportCase
from db.engine import Database
from db.people import Address
from services.case_talk import StoredFile
from tests.channels.line import Line, open_line
from tests.fakes.bot_api import telegram
from tests.fakes.clock import SettableClock
from tests.journeys.office import Clerk, only_case
from tests.journeys.test_handoff import MONDAY_MORNING
from tests.unit.test_sniff import JPEG, mp4, webm

OGG = b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 300


@pytest.fixture
async def line(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Line]:
    clock.moment = MONDAY_MORNING
    async with open_line(database, clock, tmp_path) as line:
        await line.sends(text="0")
        await line.deliver()
        yield line


@pytest.fixture
async def case(line: Line) -> SupportCase:
    return await only_case(line.database)


@pytest.fixture
async def clerk(line: Line) -> Clerk:
    return await line.clerk()


async def keep(line: Line, content: bytes, name: str) -> StoredFile:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await line.files.keep(chunks(), name)


async def marks(line: Line) -> list[tuple[int, str]]:
    rows = [row.payload for row in await line.rows("staff") if row.payload["do"] == "mark"]
    return [(payload["message_id"], payload["sign"]) for payload in rows]


async def history(line: Line) -> list[str]:
    async with line.database.snapshot() as db:
        return list(await db.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))


async def test_words_and_a_photo_are_uploaded_and_marked_once_both_are_there(
    line: Line, case: SupportCase, clerk: Clerk
) -> None:
    photo = await keep(line, JPEG, "示意图.jpg")
    await clerk.do("answer", case.id, "请照这张填。", key="k", files=[photo], origin=55)
    await line.deliverer.deliver_once()
    assert await marks(line) == []
    await line.deliver()
    (sent,) = line.api.called("sendPhoto")
    assert (sent["photo"].name, sent["photo"].content) == ("示意图.jpg", JPEG)
    assert sent["caption"] == f"【工作人员{clerk.staff.id}号】\n发来一张照片"
    assert {row.status for row in await line.rows()} == {"sent"}
    assert await marks(line) == [(55, "sent")]


@pytest.mark.parametrize(
    ("error", "sign", "kind"),
    [
        ((403, "Forbidden: bot was blocked by the user"), "blocked", "unreachable"),
        ((400, "Bad Request: FILE_PARTS_INVALID"), "dead", "undelivered"),
    ],
)
async def test_what_does_not_arrive_is_marked_and_on_record(
    line: Line, case: SupportCase, clerk: Clerk, error: tuple[int, str], sign: str, kind: str
) -> None:
    line.api.refuse("sendPhoto", *error)
    photo = await keep(line, JPEG, "示意图.jpg")
    await clerk.do("answer", case.id, "", key="k", files=[photo], origin=55)
    await line.deliver()
    assert (await line.rows())[-1].status == "dead"
    assert await marks(line) == [(55, sign)]
    assert kind in await history(line)
    async with line.database.snapshot() as db:
        assert (await db.scalars(select(Address.reachable))).one() is (kind != "unreachable")


async def test_an_answer_from_the_console_that_is_lost_is_told_in_the_group(
    line: Line, case: SupportCase, clerk: Clerk
) -> None:
    line.api.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await clerk.answers(case.id, "请带户口本。")
    await line.deliver()
    who, text, _ = (await line.said_in_group())[-1]
    assert who == "系统"
    assert text.startswith("没有送到：对方已屏蔽\n")
    assert "请带户口本。" in text


async def test_a_part_that_died_is_never_marked_as_sent(line: Line, case: SupportCase, clerk: Clerk) -> None:
    line.api.refuse("sendMessage", 400, "Bad Request: message is too long")
    photo = await keep(line, JPEG, "示意图.jpg")
    await clerk.do("answer", case.id, "请照这张填。", key="k", files=[photo], origin=55)
    await line.deliver()
    assert await marks(line) == [(55, "dead")]


async def test_a_lost_file_is_not_lost_silently(line: Line, case: SupportCase, clerk: Clerk) -> None:
    photo = await keep(line, JPEG, "示意图.jpg")
    line.files.path(photo.sha256).unlink()
    await clerk.do("answer", case.id, "", key="k", files=[photo])
    for _ in range(8):
        await line.deliver()
        line.clock.advance(600)
    assert (await line.rows())[-1].status == "dead"
    assert "undelivered" in await history(line)


@pytest.mark.parametrize(
    ("content", "method", "field"),
    [
        (JPEG, "sendPhoto", "photo"),
        (OGG, "sendVoice", "voice"),
        (mp4(b"isom", b"vide"), "sendVideo", "video"),
        (webm(b"A_OPUS"), "sendDocument", "document"),
        (b"%PDF-1.7\n", "sendDocument", "document"),
        (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 300, "sendDocument", "document"),
    ],
)
async def test_each_kind_is_sent_as_telegram_shows_it_best(
    tmp_path: Path, content: bytes, method: str, field: str
) -> None:
    async with telegram() as (api, bot):
        message, file = await prepared(tmp_path, content)
        assert await send(bot, message, file, None) == "1"
        (call,) = api.called(method)
        assert call[field].content == content
        assert call["caption"] == "看<这里>"


async def prepared(folder: Path, content: bytes) -> tuple[Message, File]:
    from bot.files import Files

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    files = Files(folder / "files", 20)
    kept = await files.keep(chunks(), "文件")
    file = File(files.path(kept.sha256), kept.kind, kept.name, kept.media_type)
    return Message("7", "看<这里>", (), file=file), file


async def test_a_photo_telegram_cannot_show_goes_as_a_document(tmp_path: Path) -> None:
    async with telegram() as (api, bot):
        api.refuse("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        message, file = await prepared(tmp_path, JPEG)
        await send(bot, message, file, None)
        (call,) = api.called("sendDocument")
        assert call["document"].content == JPEG


async def test_words_too_long_for_a_caption_go_before_the_file(tmp_path: Path) -> None:
    async with telegram() as (api, bot):
        message, file = await prepared(tmp_path, JPEG)
        await send(bot, replace(message, text="长" * 1025), file, None)
        assert [call.method for call in api.calls] == ["sendMessage", "sendPhoto"]
        assert "caption" not in api.called("sendPhoto")[0]


async def test_a_refused_upload_is_a_refusal(line: Line, tmp_path: Path) -> None:
    line.api.refuse("sendPhoto", 413, "Request Entity Too Large")
    message, _ = await prepared(tmp_path, JPEG)
    with pytest.raises(RejectedError):
        await line.deliverer._channels["telegram"].send(message)
