"""Files in the console: pictures and sound of one's own cases are shown, all else is a download, and nothing runs."""

from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import select

from db.cases import SupportCase
from db.media import Attachment
from tests.channels.console import Clerk, Office
from tests.channels.test_console_case import open_case, path, plea
from tests.channels.web_visitor import Browser
from tests.fakes.casebook import add_station
from tests.unit.test_sniff import JPEG, webm

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _send(browser: Browser, content: bytes, name: str) -> None:
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    form.add_field("id", str(uuid4()))
    form.add_field("file", content, filename=name)
    async with browser.session.post("/chat/files", data=form) as response:
        assert response.status == 202


async def _fetch(clerk: Clerk, address: str, **headers: str) -> tuple[int, bytes, Any]:
    async with clerk.session.get(address, headers=headers) as response:
        return response.status, await response.read(), response.headers


async def _files(office: Office, case: SupportCase) -> list[Attachment]:
    async with office.site.app.database.snapshot() as db:
        return list(await db.scalars(select(Attachment).where(Attachment.address_id == case.address_id)))


@pytest.mark.parametrize(
    ("content", "name", "shown_as"),
    [
        (JPEG, "存折.jpg", "inline"),
        (webm(b"A_OPUS"), "话.webm", "inline"),
        (webm(b"V_VP9"), "片.webm", "attachment"),
        (b"%PDF-1.7\n", "表.pdf", "attachment"),
        ("你好 <script>".encode(), "信.txt", "attachment"),
    ],
    ids=["picture", "voice", "video", "pdf", "text"],
)
async def test_what_opens_in_place_and_what_is_downloaded(
    office: Office, content: bytes, name: str, shown_as: str
) -> None:
    async with Browser(office.site.url) as browser, Clerk(office.site, "agent") as clerk:
        case = await plea(office, browser)
        await _send(browser, content, name)
        html = await open_case(clerk, case)
        file = (await _files(office, case))[0]
        assert f'="/console/files/{file.id}"' in html
        status, body, headers = await _fetch(clerk, f"/console/files/{file.id}")
        assert (status, body) == (200, content)
        assert headers["Content-Disposition"].startswith(shown_as)
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] not in ("text/html", "image/svg+xml")
        await _fetch(clerk, f"/console/files/{file.id}", Range="bytes=2-")
        assert (await clerk.audited()).count("file_viewed") == 1


async def test_a_file_of_another_stations_case_is_not_there(office: Office) -> None:
    async with Browser(office.site.url) as browser:
        case = await plea(office, browser)
        await _send(browser, JPEG, "存折.jpg")
    async with office.site.app.database.transaction() as db:
        mine, theirs = await add_station(db, "戊镇服务站"), await add_station(db, "己镇服务站")
        (await db.get_one(SupportCase, case.id)).station_id = theirs.id
    file = (await _files(office, case))[0]
    async with Clerk(office.site, "agent", station_id=mine.id) as clerk, Clerk(office.site, "editor") as editor:
        for one in (clerk, editor):
            status, body, _ = await _fetch(one, f"/console/files/{file.id}")
            assert status in (403, 422)
            assert JPEG not in body
    address = f"/console/files/{file.id}"
    async with aiohttp.ClientSession(office.site.url) as nobody, nobody.get(address, allow_redirects=False) as response:
        assert response.status == 303


async def test_a_file_sent_before_the_case_is_seen_with_it(office: Office) -> None:
    async with Browser(office.site.url) as browser, Clerk(office.site, "agent") as clerk:
        await _send(browser, JPEG, "之前.jpg")
        case = await plea(office, browser)
        html = await open_case(clerk, case)
        assert "之前.jpg" in html
        file = (await _files(office, case))[0]
        assert (await _fetch(clerk, f"/console/files/{file.id}"))[0] == 200
        assert path(case) in html
