"""Photos, files and voice in the page: sent, seen, refused plainly, sent again, read back, and reached by keyboard."""

import json
import re
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, Response, expect
from sqlalchemy import select

from db.cases import SupportCase
from db.staff import Staff
from db.turns import Outbox
from tests.browser.chat_page import ChatPage
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


def png(width: int = 40, height: int = 30) -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def payload(content: bytes, name: str = "我的照片.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


async def attach(chat: ChatPage, *files: FilePayload) -> None:
    await chat.page.locator("#files").set_input_files(list(files))


async def open_case(chat: ChatPage, site: Site) -> tuple[int, Staff]:
    """Ask for a person in the page, and hire one."""
    async with chat.page.expect_response(acknowledged(read=True)):
        await chat.press(chat.bar("找人工"))
    async with site.app.database.transaction() as db:
        case = (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()
        login = uuid4().hex
        staff = Staff(login=login, name="李秀兰", role="agent", created_at=site.app.now())
        db.add(staff)
    return case.id, staff


async def answer(site: Site, case_id: int, staff: Staff, text: str, *, photo: bool = False) -> list[int]:
    async def chunks() -> AsyncIterator[bytes]:
        yield png()

    files = [await site.app.files.keep(chunks(), "示意图.png")] if photo else []
    async with site.app.database.transaction() as db:
        now = site.app.now()
        rows = await site.app.casework.answer(db, case_id, staff, text, now, key=uuid4().hex, files=files)
        case = await db.get_one(SupportCase, case_id)
    await site.app.wake.announce([f"web:{case.address_id}"])
    return rows


async def test_a_photo_is_sent_seen_and_still_there_after_a_reload(chat: ChatPage) -> None:
    await attach(chat, payload(png()))
    await expect(chat.mine.last.locator(".state")).to_have_text("已送达")
    await expect(chat.last).to_contain_text("回复 0")
    for _ in range(2):
        picture = chat.mine.last.locator("img")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_js_property("naturalWidth", 40)
        await expect(picture).to_have_attribute("alt", "照片 我的照片.png")
        await chat.page.reload()


async def test_several_at_once_go_one_by_one(chat: ChatPage) -> None:
    await attach(chat, *(payload(png(width), f"{width}.png") for width in (10, 20, 30)))
    await expect(chat.mine).to_have_count(3)
    await expect(chat.mine.locator("img")).to_have_count(3)
    await expect(chat.mine.locator(".state")).to_have_text(["已送达"] * 3)


async def test_a_program_called_a_photo_is_refused_in_words(chat: ChatPage) -> None:
    await attach(chat, payload(b"MZ\x90\0" + b"\0" * 300, "照片.jpg"))
    await expect(chat.last).to_contain_text("不是能收的文件，没有收下")
    await expect(chat.mine.last).to_contain_text("没有收下")
    await expect(chat.mine.last.locator("img, a")).to_have_count(0)


async def test_thirty_megabytes_are_refused_before_they_cost_anything(chat: ChatPage, tmp_path: Path) -> None:
    before = len(chat.watch.requests)
    large = tmp_path / "录像.mp4"
    with large.open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    await chat.page.locator("#files").set_input_files(large)
    await expect(chat.mine.last.locator(".state")).to_contain_text("最多 20 MB")
    assert [url for url in chat.watch.requests[before:] if url.endswith("/chat/files")] == []


async def test_a_broken_network_loses_no_photo(chat: ChatPage) -> None:
    chat.watch.network_may_fail = True
    await chat.page.context.set_offline(True)
    await attach(chat, payload(png()))
    again = chat.mine.last.get_by_role("button", name="没发出去，点这里重发")
    await expect(again).to_be_visible()
    await chat.page.context.set_offline(False)
    await expect(chat.mine.last.locator("img")).to_be_visible()
    await expect(chat.mine).to_have_count(1)


async def test_a_photo_from_staff_appears_by_itself(chat: ChatPage, site: Site) -> None:
    case_id, staff = await open_case(chat, site)
    before = await chat.answers.count()
    await answer(site, case_id, staff, "", photo=True)
    await expect(chat.answers).to_have_count(before + 1)
    await expect(chat.last.locator("img")).to_be_visible()
    await expect(chat.last.locator("img")).to_have_js_property("naturalWidth", 40)
    assert await chat.sideways() <= 0
    found = await Axe().run(chat.page)
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]] == []


async def row_of(site: Site, row_id: int) -> Outbox:
    async with site.app.database.snapshot() as db:
        return await db.get_one(Outbox, row_id)


async def test_read_is_told_only_when_somebody_could_see_it(chat: ChatPage, site: Site) -> None:
    case_id, staff = await open_case(chat, site)
    await chat.measure(HIDE.format(state="hidden"))
    async with chat.page.expect_response(acknowledged(read=False)):
        (hidden,) = await answer(site, case_id, staff, "请带户口本。")
        await expect(chat.last).to_contain_text("请带户口本")
    assert ((await row_of(site, hidden)).status, (await row_of(site, hidden)).read_at) == ("sent", None)
    async with chat.page.expect_response(acknowledged(read=True)):
        await chat.measure(HIDE.format(state="visible"))
    assert (await row_of(site, hidden)).read_at is not None


def acknowledged(*, read: bool) -> Callable[[Response], bool]:
    def told(response: Response) -> bool:
        return response.url.endswith("/chat/ack") and json.loads(response.request.post_data or "")["read"] is read

    return told


HIDE = """() => {{
    Object.defineProperty(document, "visibilityState", {{ value: "{state}", configurable: true }});
    document.dispatchEvent(new Event("visibilitychange"));
}}"""


async def test_speaking_by_keyboard(chat: ChatPage) -> None:
    speak = chat.page.locator("#speak")
    await expect(speak).to_have_text("说话")
    await speak.focus()
    await chat.page.keyboard.press("Enter")
    await expect(speak).to_have_text(re.compile("发送语音 0:0[1-9]"))
    await expect(chat.bar("不发了")).to_be_visible()
    await chat.page.keyboard.press("Enter")
    await expect(chat.last).to_contain_text("会有工作人员来听")
    await expect(chat.mine.last.locator("audio")).to_be_visible()
    await expect(speak).to_have_text("说话")
    assert await chat.measure("document.activeElement.id") == "speak"


async def test_a_recording_can_be_dropped(chat: ChatPage) -> None:
    await chat.bar("说话").click()
    await expect(chat.page.locator("#speak")).to_have_text(re.compile("发送语音 0:0[1-9]"))
    await chat.bar("不发了").click()
    await expect(chat.bar("不发了")).to_be_hidden()
    await expect(chat.bar("说话")).to_be_visible()
    await expect(chat.mine).to_have_count(0)


async def test_choosing_a_file_by_keyboard(chat: ChatPage) -> None:
    await chat.page.bring_to_front()  # a page in the back takes keys, but may open no dialogue
    async with chat.page.expect_file_chooser() as chooser:
        await chat.bar("照片或文件").press("Enter")
    await (await chooser.value).set_files([payload(png())])
    await expect(chat.mine.last.locator("img")).to_be_visible()
