"""A browser's files: stored before they are spoken of, given back to nobody else, refused with a sentence."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import select

from bot import files
from bot.channels.web import api
from bot.channels.web.api import BAD_POST, NO_FILE
from db.cases import SupportCase
from db.media import Attachment
from db.people import Address
from db.turns import Outbox
from handlers import texts
from services.case_talk import StoredFile
from tests.channels.console import add_staff
from tests.channels.web_visitor import Browser
from tests.site import Site
from tests.unit.test_sniff import EXE, JPEG, webm

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def send(
    browser: Browser, content: bytes, name: str = "照片.jpg", event: str | None = None, text: str | None = None
) -> tuple[int, Any]:
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    form.add_field("id", event or str(uuid4()))
    if text is not None:
        form.add_field("text", text)
    form.add_field("file", BytesIO(content), filename=name, content_type="image/jpeg")
    async with browser.session.post("/chat/files", data=form) as response:
        return response.status, await response.json()


async def fetch(browser: Browser, url: str) -> tuple[int, bytes, Any]:
    async with browser.session.get(url) as response:
        return response.status, await response.read(), response.headers


async def test_a_photo_is_kept_answered_and_given_back(browser: Browser) -> None:
    status, body = await send(browser, JPEG)
    assert status == 202
    assert (body["file"]["kind"], body["file"]["name"]) == ("photo", "照片.jpg")
    assert [m["text"] for m in await browser.waiting()] == [texts.MEDIA["photo"]]
    status, content, headers = await fetch(browser, body["file"]["url"])
    assert (status, content) == (200, JPEG)
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("content", "kind", "shown_as"),
    [
        (b"%PDF-1.7\n", "document", "attachment"),
        ("你好 <script>".encode(), "document", "attachment"),
        (webm(b"V_VP9"), "video", "attachment"),
        (webm(b"A_OPUS"), "voice", "inline"),
    ],
)
async def test_only_pictures_and_sound_open_in_place(
    browser: Browser, content: bytes, kind: str, shown_as: str
) -> None:
    _, body = await send(browser, content, "说明.html.jpg")
    assert body["file"]["kind"] == kind
    _, _, headers = await fetch(browser, body["file"]["url"])
    assert headers["Content-Disposition"].startswith(shown_as)
    assert headers["Content-Type"] not in ("text/html", "image/svg+xml")


async def test_nobody_gets_the_file_of_another(site: Site, browser: Browser) -> None:
    _, body = await send(browser, JPEG)
    async with Browser(site.url) as other:
        assert (await other.get(body["file"]["url"])) == (404, {"error": NO_FILE})
    async with aiohttp.ClientSession(site.url) as nobody, nobody.get(body["file"]["url"]) as response:
        assert response.status == 403


@pytest.mark.parametrize("number", ["0", "x", "-1", "1.5", "99999999999999999999", "%D9%A1"])
async def test_an_address_of_no_file(browser: Browser, number: str) -> None:
    assert (await browser.get(f"/chat/files/{number}"))[0] == 404


async def test_the_same_upload_twice_is_one(browser: Browser) -> None:
    event = str(uuid4())
    first, again = await send(browser, JPEG, event=event), await send(browser, JPEG, event=event)
    assert first == again
    assert len(await browser.waiting()) == 1
    _, history = await browser.get("/chat/history")
    assert [m["file"] for m in history["messages"] if m["from"] == "me"] == [first[1]["file"]]


async def test_a_browser_may_send_so_many_a_day(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_MOST_FILES", 2)
    assert [(await send(browser, JPEG))[0] for _ in range(2)] == [202, 202]
    status, body = await send(browser, JPEG)
    assert (status, body["error"]) == (429, api.TOO_MANY_FILES)


async def test_the_last_of_the_disk_belongs_to_the_database(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SPARE", 2**62)
    status, body = await send(browser, JPEG)
    assert (status, body["error"]) == (503, api.SERVICE_DOWN)


async def test_words_with_a_photo_are_answered_and_both_are_in_the_history(browser: Browser) -> None:
    _, body = await send(browser, JPEG, text="首页")
    assert [m["text"] for m in await browser.waiting()] == [texts.WELCOME]
    _, history = await browser.get("/chat/history")
    assert [(m["text"], m["file"]) for m in history["messages"] if m["from"] == "me"] == [("首页", body["file"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(EXE, "type"), (b"", "empty"), (b"PK\x05\x06" + b"\0" * 18, "archive"), (b"<svg/>", "type")],
)
async def test_a_file_not_accepted_is_told_and_noted(browser: Browser, content: bytes, reason: str) -> None:
    status, body = await send(browser, content)
    assert status == 202
    assert body["file"] == {"kind": "document", "name": "照片.jpg", "refused": True}
    told = texts.FILE_REFUSED[reason].format(name="照片.jpg", limit=20)
    assert [m["text"] for m in await browser.waiting()] == [told]


async def test_thirty_megabytes(site: Site, browser: Browser) -> None:
    status, body = await send(browser, JPEG + b"\1" * 30 * 1024 * 1024)
    assert (status, body["file"]["refused"]) == (202, True)
    told = texts.FILE_REFUSED["large"].format(name="照片.jpg", limit=20)
    assert [m["text"] for m in await browser.waiting()] == [told]
    assert list((site.app.settings.data_dir / "files").glob("*.part")) == []


BAD: list[Any] = [
    {"data": b"{}", "headers": {"Content-Type": "application/json"}},
    {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    {"data": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"data": b"--b\r\n\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"data": b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nx\r\n--b--",
     "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"data": b"--b\r\nContent-Disposition: form-data; name=id\r\n\r\nx\r\n--b--",
     "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
]  # fmt: skip


@pytest.mark.parametrize("raw", BAD, ids=lambda raw: repr(raw["data"])[:20])
async def test_a_form_of_the_wrong_shape(browser: Browser, raw: Any) -> None:
    assert await browser.post("/chat/files", **raw) == (400, {"error": BAD_POST})


@pytest.mark.parametrize("event", ["x", "../../etc", "a" * 65])
async def test_an_id_of_the_wrong_shape(browser: Browser, event: str) -> None:
    assert await send(browser, JPEG, event=event) == (400, {"error": BAD_POST})


async def asked(site: Site, browser: Browser) -> tuple[int, Any]:
    """Open a case as the visitor, and return it with a person of staff."""
    await browser.say("0")
    await browser.acknowledge(*[m["id"] for m in await browser.waiting()])
    staff = await add_staff(site, "agent")
    async with site.app.database.snapshot() as db:
        case = (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()
        assert (await db.get_one(Address, case.address_id)).channel == "web"
    return case.id, staff


async def answer(site: Site, case_id: int, staff: Any, text: str = "", *, photo: bool = False) -> list[int]:
    async def content() -> Any:
        yield JPEG

    files: list[StoredFile] = [await site.app.files.keep(content(), "示意图.jpg")] if photo else []
    async with site.app.database.transaction() as db:
        return await site.app.casework.answer(db, case_id, staff, text, site.app.now(), key=str(uuid4()), files=files)


async def test_a_photo_from_staff_is_seen(site: Site, browser: Browser) -> None:
    case_id, staff = await asked(site, browser)
    await answer(site, case_id, staff, photo=True)
    (message,) = await browser.waiting()
    assert message["file"]["kind"] == "photo"
    assert (await fetch(browser, message["file"]["url"]))[:2] == (200, JPEG)
    _, history = await browser.get("/chat/history")
    assert history["messages"][-1]["file"] == message["file"]
    async with Browser(site.url) as other:
        assert (await other.get(message["file"]["url"]))[0] == 404


async def test_shown_is_not_yet_read(site: Site, browser: Browser) -> None:
    case_id, staff = await asked(site, browser)
    (row_id,) = await answer(site, case_id, staff, "请带户口本。")

    async def row() -> Outbox:
        async with site.app.database.snapshot() as db:
            return await db.get_one(Outbox, row_id)

    await browser.acknowledge(row_id)
    assert ((await row()).status, (await row()).read_at) == ("sent", None)
    _, history = await browser.get("/chat/history")
    assert history["messages"][-1]["unread"] is True
    assert (await browser.post("/chat/ack", {"ids": [row_id], "read": True}))[0] == 204
    first = (await row()).read_at
    assert first is not None
    await browser.post("/chat/ack", {"ids": [row_id], "read": True})
    assert (await row()).read_at == first
    _, history = await browser.get("/chat/history")
    assert history["messages"][-1]["unread"] is False


async def test_files_in_a_case_need_no_fetching(site: Site, browser: Browser) -> None:
    case_id, _ = await asked(site, browser)
    await send(browser, JPEG)
    async with site.app.database.snapshot() as db:
        case = await db.get_one(SupportCase, case_id)
        kept = (await db.scalars(select(Attachment).where(Attachment.address_id == case.address_id))).one()
    assert kept.status == "stored"
    assert (await browser.waiting())[-1]["text"] == texts.MEDIA_NOTED.format(code=case.code)
