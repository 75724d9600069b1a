"""Files are kept whole, once, under the hash of their bytes, and nothing else is left behind."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from os import utime
from pathlib import Path

import pytest

from bot.files import Files
from core.errors import Refusal
from tests.unit.test_sniff import EXE, JPEG


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", 1)


async def chunks(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_kept_whole_under_its_hash(files: Files, tmp_path: Path) -> None:
    content = JPEG + b"\x01" * 600_000
    kept = await files.keep(chunks(content), "老照片.png")
    assert (kept.kind, kept.media_type, kept.size) == ("photo", "image/jpeg", len(content))
    assert kept.sha256 == sha256(content).hexdigest()
    assert kept.name == "老照片.jpg"
    assert files.path(kept.sha256).read_bytes() == content
    assert files.path(kept.sha256).parent.name == kept.sha256[:2]


async def test_the_same_bytes_are_kept_once(files: Files, tmp_path: Path) -> None:
    one, other = await files.keep(chunks(JPEG), "a.jpg"), await files.keep(chunks(JPEG), "b.jpg")
    assert one.sha256 == other.sha256
    assert left(tmp_path) == [one.sha256]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (JPEG + b"\1" * 1024 * 1024, "大.jpg", "“大.jpg”太大了，没有收下。一个文件最多 1 MB。"),
        (EXE, "照片.jpg", "“照片.jpg”不是能收的文件，没有收下。"),
        (b"", "空.jpg", "“空.jpg”是空的"),
        (b"PK\x05\x06" + b"\0" * 18, "", "“文件”是压缩包"),
        (b"<html>", "很长很长很长很长很长很长很长很长很长很长的名字.txt", "“很长很长很长很长很长很长很长很长很长很长”不是能收的文件"),
    ],
)  # fmt: skip
async def test_what_is_not_accepted_leaves_nothing_behind(
    files: Files, tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        await files.keep(chunks(content), name)
    assert str(refusal.value).startswith(said)
    assert left(tmp_path) == []


async def test_no_more_is_read_than_the_limit(files: Files) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 100_000
            yield b"\xff" * 100_000

    with pytest.raises(Refusal):
        await files.keep(endless(), "")
    assert read <= 1_200_000


async def test_a_photo_must_be_a_picture(files: Files) -> None:
    with pytest.raises(Refusal, match="不是照片"):
        await files.keep(chunks(b"%PDF-1.7\n"), "a.jpg", "photo")


async def test_a_broken_source_leaves_nothing_behind(files: Files, tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield JPEG
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.keep(breaks(), "a.jpg")
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc passwd.jpg"),
        ("发票\u202egpj.exe", "发票gpj.jpg"),
        ("", "照片.jpg"),
        ("3.5寸照片", "3.5寸照片.jpg"),
        ("a\x00\n.png", "a.jpg"),
    ],
)
async def test_a_name_is_for_showing_and_ends_as_the_bytes_say(files: Files, name: str, shown: str) -> None:
    assert (await files.keep(chunks(JPEG), name)).name == shown


async def test_parts_of_a_killed_process_are_swept_after_a_day(files: Files, tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    for name, age in (("old.part", 25), ("new.part", 1)):
        part = tmp_path / "files" / name
        part.touch()
        utime(part, times=(0, (now - timedelta(hours=age)).timestamp()))
    files.sweep(now)
    assert left(tmp_path) == ["new.part"]
