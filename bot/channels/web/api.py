"""The web chat over HTTP: send, receive, acknowledge, and read the history again."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.web import page, transcript
from bot.channels.web.enclosed import give_part
from bot.channels.web.files import BadUploadError, give, read_upload, shown
from bot.channels.web.stream import Streams, as_events
from bot.channels.web.visitor import introduce, visitor_of
from bot.files import Files
from bot.intake import DATABASE_DOWN, Intake
from bot.wake import CONSOLE, DELIVER, Wake
from core.turn import Inbound
from db.engine import Database
from handlers import texts
from handlers.start import MAIN_MENU
from services import browser_rows, case_marks, media, nearest, outbox, people

_UUID = re.compile(r"[0-9a-fA-F-]{8,64}")
_LONGEST_TEXT = 20_000
"""Characters of a message that are kept; a longer post is refused with a sentence."""
_LONGEST_ACTION = 64
_MOST_FILES = 50
"""Files that one browser may send in a day."""
_MOST_ACKNOWLEDGED = 500
_LARGEST_ID = 2**63 - 1
"""What a row id can be; a larger number would be an error of the database, not of the browser."""

NO_COOKIE = "请先打开首页再发消息。如果一直这样，请允许浏览器保存 Cookie。"
BAD_POST = "这条消息没有发对，请刷新页面再试一次。"
TOO_LONG = "这条消息太长了，请分成几条发。"
TOO_MANY_FILES = "今天发来的文件很多了，剩下的请明天再发。着急的话，请打电话或到服务站交。"
NO_FILE = "没有找到这个文件。"
SERVICE_DOWN = "服务暂时忙不过来，您的话还没有发出去，请过一会儿再发。"


class Chat:
    """The routes of the web chat."""

    def __init__(
        self, database: Database, intake: Intake, streams: Streams, files: Files, wake: Wake, key: bytes,
        *, secure: bool,
    ) -> None:  # fmt: skip
        self._database, self._intake, self._streams = database, intake, streams
        self._files, self._wake = files, wake
        self._key, self._secure = key, secure

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        """Return the routes to add to the application."""
        return [
            web.get("/", self.home),
            web.get("/chat/history", self.history),
            web.get("/chat/stream", self.stream),
            web.get("/chat/messages", self.waiting),
            web.post("/chat/messages", self.send),
            web.get("/chat/messages/{id}/{part}", self.beside),
            web.post("/chat/files", self.upload),
            web.get("/chat/files/{id}", self.file),
            web.post("/chat/ack", self.acknowledge),
            web.static("/static", page.STATIC),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Give the page, and a new browser its cookie."""
        response = page.page("index.html")
        if visitor_of(request, self._key) is None:
            introduce(response, self._key, secure=self._secure)
        return response

    async def send(self, request: web.Request) -> web.Response:
        """Take a message; the same id may be sent again until it is confirmed."""
        visitor = self._visitor(request)
        body = await _body(request)
        event_id, text, action = body.get("id"), body.get("text"), body.get("action")
        if not isinstance(event_id, str) or not _UUID.fullmatch(event_id):
            raise refuse(web.HTTPBadRequest, BAD_POST)
        if "place" in body:
            return await self._locate(visitor, event_id, body["place"])
        said = text if action is None else action
        if not isinstance(said, str) or (action is not None and len(said) > _LONGEST_ACTION):
            raise refuse(web.HTTPBadRequest, BAD_POST)
        if len(said) > _LONGEST_TEXT:
            raise refuse(web.HTTPRequestEntityTooLarge, TOO_LONG)
        inbound = Inbound("web", f"{visitor}:{event_id}", visitor, "text" if action is None else "action", said)
        return web.json_response({"replies": await self._take(inbound)}, status=202)

    async def _locate(self, visitor: str, event_id: str, posted: object) -> web.Response:
        place = nearest.read_place(posted) if isinstance(posted, dict) else None
        if place is None:
            raise refuse(web.HTTPBadRequest, BAD_POST)
        inbound = Inbound("web", f"{visitor}:{event_id}", visitor, "event", "location", place=asdict(place))
        return web.json_response({"replies": await self._take(inbound)}, status=202)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file, stored before it is spoken of; the same id may be sent again until it is confirmed."""
        visitor = self._visitor(request)
        await self._spare_the_disk(visitor)
        try:
            upload = await read_upload(request, self._files)
        except BadUploadError as error:
            raise refuse(web.HTTPBadRequest, BAD_POST) from error
        except OSError as error:  # the disk is full
            raise refuse(web.HTTPServiceUnavailable, SERVICE_DOWN) from error
        if not _UUID.fullmatch(upload.event_id) or len(upload.text) > _LONGEST_TEXT:
            raise refuse(web.HTTPBadRequest, BAD_POST)
        event_id = f"{visitor}:{upload.event_id}"
        inbound = Inbound("web", event_id, visitor, "event", upload.media.kind, media=(upload.media,))
        if upload.text.strip():
            inbound = replace(inbound, kind="text", text=upload.text)
        replies = await self._take(inbound)
        address_id = await self._address(visitor)
        async with self._database.snapshot() as db:
            kept = (await media.with_events(db, address_id, [event_id]))[event_id]
        return web.json_response({"replies": replies, "file": shown(kept)}, status=202)

    async def _spare_the_disk(self, visitor: str) -> None:
        address_id = await self._address(visitor)
        async with self._database.snapshot() as db:
            if await media.count_since(db, address_id, self._intake.now() - timedelta(days=1)) >= _MOST_FILES:
                raise refuse(web.HTTPTooManyRequests, TOO_MANY_FILES)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Give a file of this conversation, of either side."""
        address_id, number = await self._address(self._visitor(request)), _row_id(request)
        async with self._database.snapshot() as db:
            found = await media.of_address(db, address_id, number)
        if found is None:
            raise refuse(web.HTTPNotFound, NO_FILE)
        return give(found, self._files)

    async def beside(self, request: web.Request) -> web.Response:
        """Give what goes with a message: the file that was made for it, or its QR code."""
        address_id, number = await self._address(self._visitor(request)), _row_id(request)
        async with self._database.snapshot() as db:
            row = await browser_rows.said(db, address_id, number)
        given = None if row is None else give_part(row, request.match_info["part"])
        if given is None:
            raise refuse(web.HTTPNotFound, NO_FILE)
        return given

    async def _take(self, inbound: Inbound) -> list[int]:
        try:
            return (await self._intake.receive(inbound)).replies
        except DATABASE_DOWN as error:
            raise refuse(web.HTTPServiceUnavailable, SERVICE_DOWN) from error

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send replies as they are written."""
        address_id = await self._address(self._visitor(request))
        return await self._streams.serve(request, address_id)

    async def waiting(self, request: web.Request) -> web.Response:
        """Give the replies not yet acknowledged, for browsers behind proxies that break streams."""
        address_id = await self._address(self._visitor(request))
        async with self._database.snapshot() as db:
            messages = await as_events(db, await browser_rows.unsettled(db, address_id, None))
        return web.json_response({"messages": messages})

    async def acknowledge(self, request: web.Request) -> web.Response:
        """Settle what the browser has, and note what was on a screen that somebody could see."""
        visitor = self._visitor(request)
        body = await _body(request)
        ids, now = body.get("ids"), self._intake.now()
        if (
            not isinstance(ids, list)
            or len(ids) > _MOST_ACKNOWLEDGED
            or not all(type(i) is int and 0 < i <= _LARGEST_ID for i in ids)
        ):
            raise refuse(web.HTTPBadRequest, BAD_POST)
        address_id = await self._address(visitor)
        async with self._database.transaction() as db:
            rows = await browser_rows.acknowledge(db, address_id, ids, now if body.get("read") is True else None)
            await case_marks.sent(db, rows, now)
        if any(row.case_id is not None for row in rows):
            await self._wake.announce([CONSOLE, DELIVER])
        return web.Response(status=204)

    async def history(self, request: web.Request) -> web.Response:
        """Give the last messages of both sides, and the greeting."""
        address_id = await self._address(self._visitor(request))
        async with self._database.snapshot() as db:
            messages = await transcript.read(db, address_id, self._intake.snapshot.entries)
        greeting = outbox.payload(texts.WELCOME, MAIN_MENU)
        found = {"messages": messages, "greeting": greeting, "largest_file": self._files.largest}
        return web.json_response(found)

    def _visitor(self, request: web.Request) -> str:
        visitor = visitor_of(request, self._key)
        if visitor is None:
            raise refuse(web.HTTPForbidden, NO_COOKIE)
        return visitor

    async def _address(self, visitor: str) -> int:
        async with self._database.snapshot() as db:
            conversation = await people.read_conversation(db, "web", visitor)
        if conversation is not None:
            return conversation.address_id
        async with self._database.transaction() as db:
            conversation = await people.open_conversation(db, "web", visitor, self._intake.now())
            if not conversation.menu:  # the page shows the greeting, so its digits must mean something
                conversation.menu = [{"label": c.label, "action": c.action} for c in MAIN_MENU]
            return conversation.address_id


def refuse(kind: type[web.HTTPError], sentence: str) -> web.HTTPError:
    """Return an HTTP error whose body is a sentence for people."""
    text = json.dumps({"error": sentence}, ensure_ascii=False)
    if kind is web.HTTPRequestEntityTooLarge:
        return web.HTTPRequestEntityTooLarge(
            max_size=_LONGEST_TEXT, actual_size=0, text=text, content_type="application/json"
        )
    return kind(text=text, content_type="application/json")


def _row_id(request: web.Request) -> int:
    """Return the number that an address names, 0 (which no row has) for what is none."""
    number = request.match_info["id"]
    named = number.isascii() and number.isdecimal() and len(number) <= len(str(_LARGEST_ID))
    return int(number) if named and int(number) <= _LARGEST_ID else 0


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except web.HTTPRequestEntityTooLarge as error:
        raise refuse(web.HTTPRequestEntityTooLarge, TOO_LONG) from error
    except (ValueError, LookupError, RecursionError) as error:  # bad JSON or bytes, unknown charset, deep nesting
        raise refuse(web.HTTPBadRequest, BAD_POST) from error
    if not isinstance(body, dict):
        raise refuse(web.HTTPBadRequest, BAD_POST)
    return body
