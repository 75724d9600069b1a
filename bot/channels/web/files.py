"""Files of the web chat: taken in as they stream, given back to nobody but their own conversation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.helpers import content_disposition_header

from bot.files import Files
from core.errors import Refusal
from core.turn import Media
from db.media import Attachment

_CHUNK = 64 * 1024
_LONGEST_FIELD = 64 * 1024
"""Bytes of the words that come with a file."""
_PATIENCE = 10
"""How many times the largest file is read to its end, so that the browser hears the refusal, before we hang up."""
_SHOWN_IN_PLACE = ("image/jpeg", "image/png", "image/gif", "image/webp")

_BROKEN = (ValueError, AssertionError, LookupError, RuntimeError, web.RequestPayloadError)
"""How aiohttp tells that a form is not well made, or ended too early."""


class BadUploadError(Exception):
    """A form that is not of the agreed shape."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a browser sent: the event's id, words if any, and the file, stored or refused."""

    event_id: str
    text: str
    media: Media


async def read_upload(request: web.Request, files: Files) -> Upload:
    """Read the form: id, perhaps text, then one file.

    Raises:
        BadUploadError: it is something else.
    """
    if request.content_type != "multipart/form-data":
        raise BadUploadError
    try:
        return await _read(await request.multipart(), files, request)
    except _BROKEN as error:
        raise BadUploadError from error


async def _read(form: MultipartReader, files: Files, request: web.Request) -> Upload:
    words: dict[str, str] = {}
    while isinstance(part := await form.next(), BodyPartReader):
        if part.name == "file":
            return Upload(words["id"], words.get("text", ""), await _keep(part, files, request))
        if part.name in ("id", "text"):
            words[part.name] = await _field(part)
    raise BadUploadError


async def _field(part: BodyPartReader) -> str:
    content = b""
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > _LONGEST_FIELD:
            raise BadUploadError
    return content.decode()


async def _keep(part: BodyPartReader, files: Files, request: web.Request) -> Media:
    name = part.filename or ""
    try:
        kept = await files.keep(_chunks(part), name)
    except Refusal as refusal:
        await _hear_out(request, files.largest * _PATIENCE)
        return Media("document", name, refused=str(refusal))
    return Media(kept.kind, kept.name, sha256=kept.sha256, media_type=kept.media_type, size=kept.size)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(_CHUNK):
        yield chunk


async def _hear_out(request: web.Request, most: int) -> None:
    """Read what still comes: a connection closed in the middle of an upload looks like a broken network."""
    async for chunk in request.content.iter_chunked(_CHUNK):
        most -= len(chunk)
        if most < 0:
            return


def give(attachment: Attachment, files: Files) -> web.FileResponse:
    """Return a stored file; the browser may show pictures and play sound, anything else it must save."""
    assert attachment.sha256 is not None
    assert attachment.media_type is not None
    in_place = attachment.media_type in _SHOWN_IN_PLACE or attachment.media_type.startswith("audio/")
    disposition = content_disposition_header("inline" if in_place else "attachment", filename=attachment.name)
    headers = {
        hdrs.CONTENT_TYPE: attachment.media_type,
        hdrs.CONTENT_DISPOSITION: disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return web.FileResponse(files.path(attachment.sha256), headers=headers)


def shown(attachment: Attachment) -> dict[str, Any]:
    """Return what a page needs to show a file; one that was refused has no address."""
    kept = attachment.status == "stored"
    about = {"url": f"/chat/files/{attachment.id}"} if kept else {"refused": True}
    return {"kind": attachment.kind, "name": attachment.name, **about}
