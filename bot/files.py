"""Keep files of both sides under the hash of their bytes: whole or not at all, once each, and only what we accept."""

import asyncio
import os
from collections.abc import AsyncIterable
from contextlib import suppress
from datetime import datetime, timedelta
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage
from tempfile import mkstemp
from typing import BinaryIO

from bot.sniff import Sniffed, Unwanted, sniff
from core.errors import Refusal
from core.text import clean
from core.turn import MediaKind
from handlers import texts
from services.case_talk import StoredFile

_MEGABYTE = 1024 * 1024
_AT_ONCE = 256 * 1024
"""Bytes gathered before a thread writes them."""
_SPARE = 1024 * _MEGABYTE
_PART = ".part"
_STALE = timedelta(days=1)
_LONGEST_NAME, _SHOWN_NAME = 80, 20
"""Characters of a file's name that are kept, and that are quoted in a sentence."""
_UNNAMED: dict[MediaKind, str] = {"photo": "照片", "voice": "语音", "video": "视频", "document": "文件"}


class Files:
    """The folder of files of one service."""

    def __init__(self, folder: Path, largest_mb: int) -> None:
        self._folder, self._largest_mb = folder, largest_mb
        self.largest = largest_mb * _MEGABYTE
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Return where the bytes with this hash lie."""
        return self._folder / digest[:2] / digest

    def too_large(self, name: str, size: int | None) -> str | None:
        """Return the sentence for a file whose announced size (bytes) is over the limit."""
        return self.no("large", name) if size is not None and size > self.largest else None

    async def keep(self, chunks: AsyncIterable[bytes], name: str, claimed: MediaKind = "document") -> StoredFile:
        """Store what comes; the hash names it, the bytes say what it is.

        Raises:
            Refusal: too large, empty, or not a file that we accept.
            OSError: it cannot be written, or the disk is nearly full: what is left belongs to the database.
        """
        if (await asyncio.to_thread(disk_usage, self._folder)).free < _SPARE:
            raise OSError(ENOSPC, "less than 1 GB of the disk is free")
        opened, part = await asyncio.to_thread(mkstemp, _PART, "", self._folder)  # mode 600
        try:
            with os.fdopen(opened, "wb") as file:
                digest, size = await self._write(file, chunks, name)
            found = await asyncio.to_thread(self._finish, Path(part), name, digest, claimed)
        finally:
            with suppress(FileNotFoundError):
                await asyncio.to_thread(os.unlink, part)
        return StoredFile(found.kind, tidy(name, found.kind, found.suffix), found.media_type, size, digest)

    async def _write(self, file: BinaryIO, chunks: AsyncIterable[bytes], name: str) -> tuple[str, int]:
        digest, size, gathered = sha256(), 0, bytearray()

        def put(*, last: bool) -> None:
            file.write(gathered)
            digest.update(gathered)
            if last:
                file.flush()
                os.fsync(file.fileno())

        async for chunk in chunks:
            size += len(chunk)
            if sentence := self.too_large(name, size):
                raise Refusal(sentence)
            gathered += chunk
            if len(gathered) >= _AT_ONCE:
                await asyncio.to_thread(put, last=False)
                gathered.clear()
        await asyncio.to_thread(put, last=True)
        if size == 0:
            raise Refusal(self.no("empty", name))
        return digest.hexdigest(), size

    def _finish(self, part: Path, name: str, digest: str, claimed: MediaKind) -> Sniffed:
        try:
            found = sniff(part, name)
        except Unwanted as no:
            raise Refusal(self.no("picture" if claimed == "photo" else str(no), name)) from no
        if claimed == "photo" and found.kind != "photo":
            raise Refusal(self.no("picture", name))
        whole = self.path(digest)
        whole.parent.mkdir(exist_ok=True)
        part.replace(whole)
        for folder in (whole.parent, self._folder):  # the name is on the disk before a row speaks of it
            opened = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
        return found

    def no(self, reason: str, name: str) -> str:
        """Return the sentence that says why a file was not taken, by its key in the texts."""
        shown = clean(name)[:_SHOWN_NAME] or _UNNAMED["document"]
        return texts.FILE_REFUSED[reason].format(name=shown, limit=self._largest_mb)

    def sweep(self, now: datetime) -> None:
        """Remove the parts that a killed process left behind."""
        for part in self._folder.glob(f"*{_PART}"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < (now - _STALE).timestamp():
                    part.unlink()


def tidy(name: str, kind: MediaKind, suffix: str) -> str:
    """Return a name for showing that ends as the bytes say, so that opening it starts the right program."""
    stem = " ".join(clean(name).replace("/", " ").replace("\\", " ").split()).strip(" .")
    stem = stem.removesuffix(Path(stem).suffix) if _ends_in_type(stem) else stem
    return (stem[:_LONGEST_NAME].strip() or _UNNAMED[kind]) + suffix


def _ends_in_type(stem: str) -> bool:
    ending = Path(stem).suffix[1:]
    return 0 < len(ending) <= 5 and ending.isascii() and ending.isalnum()
