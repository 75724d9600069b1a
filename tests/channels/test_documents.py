"""A small file and a QR code go with a message: uploaded on Telegram, linked and drawn on the web, to nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.web.enclosed import enclosed
from bot.commands.desk import drawn
from core.reply import Choice, Document, Lane, Reply
from db.engine import Database
from db.people import Conversation
from db.turns import Outbox
from services import notice_gate, notices, outbox
from services.notice_gate import Rules
from services.notices import Notice
from tests.channels.line import Line, open_line
from tests.channels.web_visitor import Browser
from tests.fakes.clock import SettableClock
from tests.site import Site

ENTRY = Document("预约YY-12345.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:到南街服务站\r\nEND:VCALENDAR\r\n")
DONE = Reply("约好了。\n预约码 YY-12345", (Choice("改期", "book-move:1"),), document=ENTRY, qr="YY-12345")


@pytest.fixture
async def line(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Line]:
    async with open_line(database, clock, tmp_path) as line:
        await line.sends(text="首页")
        await line.deliver()
        yield line


async def says(line: Line, reply: Reply, **how: Any) -> int:
    """Have the service say something to the person on Telegram; return the row."""
    (first, *_) = await line.rows()
    async with line.database.transaction() as db:
        to = outbox.Recipient("telegram", first.recipient, first.address_id, 4096)
        (row_id,) = await outbox.post(db, to, reply, line.clock(), **how)
    await line.deliver()
    return row_id


def screen(line: Line) -> list[dict[str, Any]]:
    return list(line.api.messages.values())


async def test_telegram_gets_the_file_with_the_words_under_it_and_the_buttons(line: Line) -> None:
    row_id = await says(line, DONE)
    (sent,) = line.api.called("sendDocument")
    assert (sent["document"].name, sent["document"].content) == (ENTRY.name, ENTRY.text.encode())
    assert sent["caption"] == DONE.text
    shown = screen(line)[-1]
    assert shown["keyboard"] == [[("1 改期", "book-move:1")]]
    row = next(row for row in await line.rows() if row.id == row_id)
    assert (row.status, row.external_id) == ("sent", str(len(screen(line))))


async def test_a_file_never_takes_the_place_of_words_and_words_never_that_of_a_file(line: Line) -> None:
    asked = await says(line, Reply("对吗？", (Choice("确认", "book-take:1"),)))
    before = len(screen(line))
    told = await says(line, DONE, edits_id=asked)
    assert len(screen(line)) == before + 1
    assert line.api.called("editMessageText") == []
    last = await says(line, Reply("选一天", (Choice("周二", "book-day:2"),)), edits_id=told)
    assert [one["text"] for one in screen(line)[-3:]] == ["对吗？", DONE.text, "选一天"]
    await says(line, Reply("选时间"), edits_id=last)
    assert [one["text"] for one in screen(line)[-3:]] == ["对吗？", DONE.text, "选时间"]
    assert {row.status for row in await line.rows()} == {"sent"}


async def test_words_come_without_the_file_that_telegram_will_not_have(line: Line) -> None:
    line.api.refuse("sendDocument", 400, "Bad Request: FILE_PARTS_INVALID")
    await says(line, DONE)
    assert (screen(line)[-1]["text"], screen(line)[-1]["keyboard"]) == (DONE.text, [[("1 改期", "book-move:1")]])
    assert (await line.rows())[-1].status == "sent"


async def test_a_network_that_fails_loses_neither(line: Line) -> None:
    line.api.drop("sendDocument")
    await says(line, DONE)
    assert (await line.rows())[-1].status == "ready"
    line.clock.advance(60)
    await line.deliver()
    assert (screen(line)[-1]["text"], screen(line)[-1]["kind"]) == (DONE.text, "document")


async def test_words_too_long_for_one_message_keep_the_file_at_their_end(line: Line) -> None:
    (first, *_) = await line.rows()
    async with line.database.transaction() as db:
        to = outbox.Recipient("telegram", first.recipient, first.address_id, 10)
        rows = await outbox.post(db, to, DONE, line.clock())
    found = {row.id: row.payload for row in await line.rows()}
    assert ["document" in found[id_] for id_ in rows] == [False] * (len(rows) - 1) + [True]
    assert found[rows[-1]]["qr"] == "YY-12345"


async def test_a_notice_takes_its_file_along_and_its_digits_mean_something_once_it_is_there(line: Line) -> None:
    (first, *_) = await line.rows()
    async with line.database.transaction() as db:
        told = Notice(
            "visit",
            "telegram",
            first.recipient,
            first.address_id,
            DONE.text,
            "visit:1:moved:1",
            DONE.choices,
            document=ENTRY,
        )
        await notices.post(db, [told], line.clock())
        await notice_gate.release(db, line.clock(), Rules())
    await line.deliver()
    (sent,) = line.api.called("sendDocument")
    assert (sent["caption"], sent["document"].content) == (DONE.text, ENTRY.text.encode())
    async with line.database.snapshot() as db:
        conversation = (await db.scalars(select(Conversation))).one()
    assert [choice["action"] for choice in conversation.menu] == ["book-move:1"]


async def test_said_again_it_has_its_file_again(line: Line) -> None:
    await says(line, DONE)
    await line.sends(text="重说")
    row = (await line.rows())[-1]
    assert (row.payload["document"]["name"], row.payload["qr"]) == (ENTRY.name, "YY-12345")


def test_the_terminal_names_the_file() -> None:
    row = Outbox(payload=outbox.payload(DONE.text, DONE.choices, ENTRY, "YY-12345"))
    assert drawn(row) == "约好了。\n预约码 YY-12345\n  〔文件 预约YY-12345.ics〕\n  1 改期"


def test_an_entry_that_is_cancelled_is_named_otherwise() -> None:
    gone = Document(ENTRY.name, ENTRY.media_type, ENTRY.text.replace("\r\n", "\r\nMETHOD:CANCEL\r\n", 1))
    kinds = [enclosed(Outbox(id=1, payload=outbox.payload("好", (), one)))["file"]["kind"] for one in (ENTRY, gone)]
    assert kinds == ["calendar", "calendar-off"]


async def told(site: Site, browser: Browser) -> int:
    """Have the service say something with a file and a QR code to a browser; return the row."""
    (row_id,) = await browser.say("首页")
    async with site.app.database.transaction() as db:
        row = await db.get_one(Outbox, row_id)
        to = outbox.Recipient("web", row.recipient, row.address_id, 4096)
        (done,) = await outbox.post(db, to, DONE, site.app.now(), lane=Lane.REPLY)
    return done


@pytest.mark.asyncio(loop_scope="session")
async def test_a_browser_learns_where_they_are_at_once_and_afterwards(site: Site, browser: Browser) -> None:
    row_id = await told(site, browser)
    _, history = await browser.get("/chat/history")
    for message in ((await browser.waiting())[-1], history["messages"][-1]):
        assert message["file"] == {
            "kind": "calendar", "name": ENTRY.name, "url": f"/chat/messages/{row_id}/file",
        }  # fmt: skip
        assert message["qr"] == {"text": "YY-12345", "url": f"/chat/messages/{row_id}/qr.svg"}


@pytest.mark.asyncio(loop_scope="session")
async def test_the_file_opens_as_a_calendar_entry_and_the_code_is_a_picture(site: Site, browser: Browser) -> None:
    row_id = await told(site, browser)
    async with browser.session.get(f"/chat/messages/{row_id}/file") as response:
        assert (response.status, response.content_type) == (200, "text/calendar")
        assert await response.read() == ENTRY.text.encode()
        assert response.headers["Content-Disposition"].startswith("inline; filename=")
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    async with browser.session.get(f"/chat/messages/{row_id}/qr.svg") as response:
        assert (response.status, response.content_type) == (200, "image/svg+xml")
        assert b"<svg" in await response.read()
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("part", ["file", "qr.svg"])
async def test_nobody_else_gets_them_nor_what_was_not_said(site: Site, browser: Browser, part: str) -> None:
    row_id = await told(site, browser)
    async with Browser(site.url) as other:
        assert (await other.get(f"/chat/messages/{row_id}/{part}"))[0] == 404
    async with browser.session.get(f"/chat/messages/{row_id}/{part}", cookies={"yizhan": "forged"}) as response:
        assert response.status == 403
    async with site.app.database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.id == row_id).values(status="held"))
    assert (await browser.get(f"/chat/messages/{row_id}/{part}"))[0] == 404


@pytest.mark.asyncio(loop_scope="session")
async def test_what_has_none_and_what_is_no_number_is_not_found(site: Site, browser: Browser) -> None:
    (plain,) = await browser.say("首页")
    row_id = await told(site, browser)
    for path in (
        f"{plain}/file",
        f"{plain}/qr.svg",
        f"{row_id}/else",
        "x/file",
        "٣/file",
        f"{'9' * 30}/file",
        "0/file",
    ):
        status, body = await browser.get(f"/chat/messages/{path}")
        assert (status, body) == (404, {"error": "没有找到这个文件。"})
