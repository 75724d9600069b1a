"""A link in place of a calendar file, for channels that take none; a telephone's calendar opens it without signing in."""

import hmac
from hashlib import sha256
from typing import Any

from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from core.reply import Document
from db.engine import Database
from db.turns import Outbox
from handlers import texts
from services import outbox

CALENDAR = "text/calendar"
_CANCELLED = "METHOD:CANCEL"
_SIGNS = 32
"""Hexadecimal, 128 bits: the address stays short enough to be read, and beyond guessing."""
_LONGEST_NUMBER = 18
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def takes_out(document: Document) -> bool:
    """Tell an entry that takes another out of the calendar again."""
    return _CANCELLED in document.text


class CalendarLinks:
    """The links, and what they give: the entry as the sent message had it, until retention sweeps the message.

    Whoever has a link has the message, which says as much: service, station, time and code, and nobody's name. So there is
    nothing to sign in for. The signature covers the words of the entry beside the number of its message: it cannot be
    counted on to another's, and an old link never comes to mean what was said later under the same number.
    """

    def __init__(self, database: Database, key: bytes, public_url: str) -> None:
        self._database, self._key, self._site = database, key, public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [web.get("/calendar/{token}", self.give)]

    def line(self, row: Outbox) -> str:
        """Return the line that stands for a message's file; "" for what is no entry, or where nobody knows our address."""
        document = _entry(row)
        if document is None or not self._site:
            return ""
        text = texts.CALENDAR_OFF_LINK if takes_out(document) else texts.CALENDAR_LINK
        return text.format(link=f"{self._site}/calendar/{self._token(row, document)}")

    async def give(self, request: web.Request) -> web.Response:
        """Give the entry to whoever has its link."""
        document = await self._find(request.match_info["token"])
        if document is None:
            return web.Response(status=404, text=texts.CALENDAR_GONE, headers=_HEADERS)
        named = {hdrs.CONTENT_DISPOSITION: content_disposition_header("attachment", filename=document.name)}
        body, kind = document.text.encode(), document.media_type
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=_HEADERS | named)

    async def _find(self, token: str) -> Document | None:
        number, _, _ = token.partition("-")
        if not (token.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
            return None
        async with self._database.snapshot() as db:
            row = await db.get(Outbox, int(number))
        document = _entry(row) if row is not None and row.status in outbox.SAID else None
        if row is None or document is None or not hmac.compare_digest(token, self._token(row, document)):
            return None
        return document

    def _token(self, row: Outbox, document: Document) -> str:
        signed = f"{row.id}\n{document.text}".encode()
        return f"{row.id}-{hmac.new(self._key, signed, sha256).hexdigest()[:_SIGNS]}"


def _entry(row: Outbox) -> Document | None:
    made: dict[str, Any] | None = row.payload.get("document")
    return Document(**made) if made is not None and made["media_type"] == CALENDAR else None
