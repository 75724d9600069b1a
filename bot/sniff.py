"""Say what a file is from its bytes alone, because a name or a declared type is whatever the sender likes it to be."""

import mmap
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import filetype

from core.turn import MediaKind

_HEAD = 8192
"""Bytes at the beginning that the signatures lie in."""
_SEEN = 64 * 1024
"""Bytes at the beginning that must be readable for a file to count as text."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """An accepted file: what it is and the ending its name gets."""

    kind: MediaKind
    media_type: str
    suffix: str


class Unwanted(Exception):  # noqa: N818 - a no, not a fault
    """Not accepted: "type", "archive" or "macro"."""


_PLAIN: dict[str, Sniffed] = {
    "image/jpeg": Sniffed("photo", "image/jpeg", ".jpg"),
    "image/png": Sniffed("photo", "image/png", ".png"),
    "image/apng": Sniffed("photo", "image/png", ".png"),
    "image/gif": Sniffed("photo", "image/gif", ".gif"),
    "image/webp": Sniffed("photo", "image/webp", ".webp"),
    "image/heic": Sniffed("photo", "image/heic", ".heic"),
    "application/pdf": Sniffed("document", "application/pdf", ".pdf"),
    "audio/mpeg": Sniffed("voice", "audio/mpeg", ".mp3"),
    "audio/ogg": Sniffed("voice", "audio/ogg", ".ogg"),
    "audio/mp4": Sniffed("voice", "audio/mp4", ".m4a"),
    "audio/aac": Sniffed("voice", "audio/aac", ".aac"),
    "audio/amr": Sniffed("voice", "audio/amr", ".amr"),
    "audio/x-wav": Sniffed("voice", "audio/wav", ".wav"),
    "video/mp4": Sniffed("video", "video/mp4", ".mp4"),
    "video/x-m4v": Sniffed("video", "video/mp4", ".mp4"),
    "video/3gpp": Sniffed("video", "video/3gpp", ".3gp"),
    "video/quicktime": Sniffed("video", "video/quicktime", ".mov"),
    "video/webm": Sniffed("video", "video/webm", ".webm"),
}
_SOUND_ONLY = {
    "video/mp4": (re.compile(rb"hdlr.{8}vide", re.DOTALL), Sniffed("voice", "audio/mp4", ".m4a")),
    "video/3gpp": (re.compile(rb"hdlr.{8}vide", re.DOTALL), Sniffed("voice", "audio/3gpp", ".3gp")),
    "video/webm": (re.compile(rb"\x86.V_", re.DOTALL), Sniffed("voice", "audio/webm", ".webm")),
}
"""Containers of both: what shows that there are pictures in it, and what it is without them (a browser's recording)."""
_ARCHIVES = (
    "application/gzip", "application/x-7z-compressed", "application/x-bzip2", "application/x-rar-compressed",
    "application/x-tar", "application/x-xz", "application/zstd",
)  # fmt: skip
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = {
    "word/document.xml": Sniffed("document", f"{_OFFICE}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": Sniffed("document", f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": Sniffed("document", f"{_OFFICE}presentationml.presentation", ".pptx"),
    "OFD.xml": Sniffed("document", "application/ofd", ".ofd"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE = {
    "WordDocument": Sniffed("document", "application/msword", ".doc"),
    "Workbook": Sniffed("document", "application/vnd.ms-excel", ".xls"),
    "Book": Sniffed("document", "application/vnd.ms-excel", ".xls"),
    "PowerPoint Document": Sniffed("document", "application/vnd.ms-powerpoint", ".ppt"),
}
_MACROS_IN_OLE = "_VBA_PROJECT"
_NOT_WRITTEN = re.compile("[\x00-\x08\x0e-\x1f]")
_SCRIPT = re.compile(r"\s*(?:<[!?a-zA-Z]|#!)")
_SCRIPT_NAMES = (
    ".bat", ".cmd", ".com", ".hta", ".htm", ".html", ".js", ".jse", ".lnk", ".mjs", ".php", ".ps1", ".py", ".reg",
    ".sh", ".svg", ".url", ".vbe", ".vbs", ".wsf", ".xhtml", ".xml",
)  # fmt: skip
"""A name is no proof of anything good, but text that calls itself a program is not wanted."""


def sniff(path: Path, name: str) -> Sniffed:
    """Tell what the bytes of a file that is not empty are.

    Raises:
        Unwanted: nothing that we accept.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        head = content[:_HEAD]
        if head.startswith(_ZIP):
            return _in_zip(path)
        if head.startswith(_OLE):
            return _in_ole(content)
        found = filetype.guess(head)
        if found is None:
            return _text(content, name)
        if found.mime not in _PLAIN:
            raise Unwanted("archive" if found.mime in _ARCHIVES else "type")
        pictures, without = _SOUND_ONLY.get(found.mime, (None, None))
        if pictures and without and not pictures.search(content):
            return without
        return _PLAIN[found.mime]


def _in_zip(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unwanted("type") from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unwanted("macro")
    for part, found in _IN_ZIP.items():
        if part in names:
            return found
    raise Unwanted("archive")


def _in_ole(content: mmap.mmap) -> Sniffed:
    """Look for the names of streams, which are UTF-16 in the directory; an installer (.msi) has none of them."""
    if content.find(_MACROS_IN_OLE.encode("utf-16-le")) >= 0:
        raise Unwanted("macro")
    for stream, found in _IN_OLE.items():
        if content.find(f"{stream}\0".encode("utf-16-le")) >= 0:
            return found
    raise Unwanted("type")


def _text(content: mmap.mmap, name: str) -> Sniffed:
    words = _decode(content[:_SEEN])
    if words is None or _SCRIPT.match(words) or name.lower().endswith(_SCRIPT_NAMES):
        raise Unwanted("type")
    if name.lower().endswith(".csv"):
        return Sniffed("document", "text/csv", ".csv")
    return Sniffed("document", "text/plain", ".txt")


def _decode(start: bytes) -> str | None:
    """Read text in the encodings of Chinese phones and Excel; a character cut at the end does not count against it."""
    for encoding in ("utf-8-sig", "gb18030"):
        for missing in range(4):
            try:
                words = start[: len(start) - missing].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if _NOT_WRITTEN.search(words) else words
    return None
