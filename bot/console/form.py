"""Read what a browser posts: text fields cleaned, files up to a limit, nothing kept of files from a stranger."""

import hmac
from dataclasses import dataclass, field
from datetime import date, datetime

from aiohttp import BodyPartReader, web
from multidict import MultiDict

from core.text import clean

CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
_MOST_PARTS = 200
_LONGEST_TEXT = 256 * 1024
"""Bytes of one text field."""
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Days that a page knows; nothing is reckoned with those at either end of all time."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was posted."""

    field: str
    name: str
    data: bytes | None
    """None when it was larger than allowed, or came without a valid token."""


@dataclass(slots=True)
class Form:
    """The fields of a post; a GET has an empty one."""

    fields: MultiDict[str] = field(default_factory=MultiDict)
    files: list[Upload] = field(default_factory=list)
    genuine: bool = False
    """It carries the CSRF token of this browser."""

    def get(self, name: str) -> str:
        """Return a field, "" when it is missing."""
        return self.fields.get(name, "")

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return self.fields.getall(name, [])

    def number(self, name: str) -> int | None:
        """Return a field that is a row's id, None when it is empty or no number."""
        return row_id(self.get(name))

    def uploads(self, name: str) -> list[Upload]:
        """Return the files of a field; a field left empty has none."""
        return [upload for upload in self.files if upload.field == name]


def row_id(text: str) -> int | None:
    """Return what a browser gives as a row's id, None when no row can have it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def read_day(text: str) -> date | None:
    """Return what a browser gives as a day, None for anything that is none or lies too far away."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def read_moment(text: str) -> datetime | None:
    """Return what a browser gives as a moment, None for anything that is none, names no zone or lies too far away."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and _FIRST <= found.date() <= _LAST else None


async def read_form(request: web.Request, token: str, largest_file: int, *, trusted: bool) -> Form:
    """Read a post. The token stands in the header, or in the field `csrf`, which must come before any file."""
    form = Form(genuine=_same(request.headers.get(CSRF_HEADER, ""), token))
    if request.content_type == "multipart/form-data":
        await _read_parts(request, form, token, largest_file if trusted else 0)
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, str):
                form.fields.add(name, clean(value))
        form.genuine = form.genuine or _same(form.get(CSRF_FIELD), token)
    form.fields.popall(CSRF_FIELD, None)
    return form


async def _read_parts(request: web.Request, form: Form, token: str, largest_file: int) -> None:
    reader = await request.multipart()
    for _ in range(_MOST_PARTS):
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader) or not part.name:
            raise web.HTTPBadRequest
        if part.filename is None:
            data = await _read(part, _LONGEST_TEXT)
            if data is None:
                raise web.HTTPRequestEntityTooLarge(_LONGEST_TEXT, _LONGEST_TEXT)
            form.fields.add(part.name, clean(data.decode(errors="replace")))
            if part.name == CSRF_FIELD:
                form.genuine = form.genuine or _same(form.get(CSRF_FIELD), token)
        elif part.filename:
            name = clean(part.filename)[-200:]
            form.files.append(Upload(part.name, name, await _read(part, largest_file if form.genuine else 0)))
    raise web.HTTPBadRequest


async def _read(part: BodyPartReader, most: int) -> bytes | None:
    """Return a part's bytes; one that is too large is read to its end and dropped, so that what follows is not lost."""
    data = bytearray()
    whole = True
    while chunk := await part.read_chunk(64 * 1024):
        whole = whole and len(data) + len(chunk) <= most
        if whole:
            data += chunk
    return bytes(data) if whole else None


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())
