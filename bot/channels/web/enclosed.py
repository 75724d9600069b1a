"""What goes with a message besides its words: a small file to save, and a QR code to show at the door."""

from io import BytesIO
from typing import Any

import segno
from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from bot.calendar_link import CALENDAR, takes_out
from core.reply import Document
from db.turns import Outbox

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache"}


def enclosed(row: Outbox) -> dict[str, Any]:
    """Return what a page needs to show it; nothing where there is only words."""
    shown: dict[str, Any] = {}
    if "document" in row.payload:
        document = Document(**row.payload["document"])
        shown["file"] = {"kind": _kind(document), "name": document.name, "url": f"/chat/messages/{row.id}/file"}
    if "qr" in row.payload:
        shown["qr"] = {"text": row.payload["qr"], "url": f"/chat/messages/{row.id}/qr.svg"}
    return shown


def _kind(document: Document) -> str:
    """Return what the page calls a file: an entry of a calendar, one that takes an entry out again, or any other."""
    if document.media_type != CALENDAR:
        return "document"
    return "calendar-off" if takes_out(document) else "calendar"


def give_part(row: Outbox, part: str) -> web.Response | None:
    """Return a part by the name that its address has; None where the message has none of that name."""
    if part == "file" and "document" in row.payload:
        return _give_document(Document(**row.payload["document"]))
    if part == "qr.svg" and "qr" in row.payload:
        return _draw_qr(row.payload["qr"])
    return None


def _give_document(document: Document) -> web.Response:
    """Return the file; a telephone offers at once to take a calendar entry that it may open in place."""
    way = "inline" if document.media_type == CALENDAR else "attachment"
    headers = {hdrs.CONTENT_DISPOSITION: content_disposition_header(way, filename=document.name), **_HEADERS}
    body = document.text.encode()
    return web.Response(body=body, content_type=document.media_type, charset="utf-8", headers=headers)


def _draw_qr(text: str) -> web.Response:
    """Return the picture, dark on white whatever the page's colours: scanners need that."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=6, border=4, light="#fff")
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers=_HEADERS)
