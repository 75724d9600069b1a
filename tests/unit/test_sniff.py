"""What a file is, is read from its bytes; what we do not accept is refused whatever it is called."""

import io
import zipfile
from pathlib import Path

import pytest

from bot.sniff import Sniffed, Unwanted, sniff

PAD = b"\0" * 300
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + PAD
EXE = b"MZ\x90\0\3\0\0\0" + PAD
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def mp4(brand: bytes, handler: bytes) -> bytes:
    return b"\0\0\0\x20ftyp" + brand + b"\0\0\x02\0isomiso2" + PAD + b"\0\0\0\x21hdlr" + b"\0" * 8 + handler + PAD


def webm(codec: bytes) -> bytes:
    head = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    return head + PAD + b"\x86" + bytes([0x80 + len(codec)]) + codec + PAD


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def ole(*streams: str) -> bytes:
    return OLE + b"".join(f"{stream}\0".encode("utf-16-le") + PAD for stream in streams)


ACCEPTED = [
    (JPEG, "photo", "image/jpeg"),
    (b"\xff\xd8\xff\xe1\x12\x34Exif\0\0" + PAD, "photo", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + PAD, "photo", "image/png"),
    (b"GIF89a" + PAD, "photo", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 " + PAD, "photo", "image/webp"),
    (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + PAD, "photo", "image/heic"),
    (b"\0\0\0\x24ftypmif1\0\0\0\0mif1heic" + PAD, "photo", "image/heic"),
    (b"%PDF-1.7\n" + PAD, "document", "application/pdf"),
    (b"ID3\x03\0\0\0\0\0\x10" + PAD, "voice", "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + PAD, "voice", "audio/mpeg"),
    (b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + PAD, "voice", "audio/ogg"),
    (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + PAD, "voice", "audio/mp4"),
    (b"#!AMR\n" + PAD, "voice", "audio/amr"),
    (b"RIFF\x24\0\0\0WAVEfmt " + PAD, "voice", "audio/wav"),
    (mp4(b"isom", b"vide"), "video", "video/mp4"),
    (mp4(b"iso5", b"soun"), "voice", "audio/mp4"),
    (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + PAD, "video", "video/quicktime"),
    (webm(b"V_VP9"), "video", "video/webm"),
    (webm(b"A_OPUS"), "voice", "audio/webm"),
    (zipped("[Content_Types].xml", "word/document.xml"), "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (zipped("xl/workbook.xml"), "document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (zipped("OFD.xml"), "document", "application/ofd"),
    (ole("WordDocument"), "document", "application/msword"),
    (ole("Workbook"), "document", "application/vnd.ms-excel"),
    ("您好，补助什么时候发？".encode(), "document", "text/plain"),
    ("您好，补助什么时候发？".encode("gb18030"), "document", "text/plain"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind", "media_type"), ACCEPTED, ids=lambda value: str(value)[:24])
def test_the_bytes_say_what_it_is(tmp_path: Path, content: bytes, kind: str, media_type: str) -> None:
    found = look(tmp_path, content, "名字.exe.jpg")
    assert (found.kind, found.media_type) == (kind, media_type)


REFUSED = [
    (EXE, "照片.jpg", "type"),
    (b"\x7fELF\2\1\1" + PAD, "照片.png", "type"),
    (b"<!doctype html><script>alert(1)</script>", "说明.txt", "type"),
    (b"\xef\xbb\xbf  <html>", "说明.txt", "type"),
    (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "图.png", "type"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.jpg", "type"),
    (b"#!/bin/sh\nrm -rf /", "说明.txt", "type"),
    (b"start calc", "打开.BAT", "type"),
    (b"%!PS-Adobe-3.0" + PAD, "a.pdf", "type"),
    (zipped("a.jpg"), "照片.jpg", "archive"),
    (zipped("word/document.xml", "word/vbaProject.bin"), "申请.docx", "macro"),
    (b"PK\x03\x04 not whole", "申请.docx", "type"),
    (b"Rar!\x1a\x07\x01\x00" + PAD, "照片.jpg", "archive"),
    (b"7z\xbc\xaf\x27\x1c" + PAD, "照片.jpg", "archive"),
    (ole("WordDocument", "_VBA_PROJECT"), "申请.doc", "macro"),
    (ole("Property"), "安装.doc", "type"),
    (bytes(range(256)), "申请.txt", "type"),
]


@pytest.mark.parametrize(("content", "name", "reason"), REFUSED, ids=lambda value: str(value)[:24])
def test_what_is_not_wanted_is_refused(tmp_path: Path, content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Unwanted, match=reason):
        look(tmp_path, content, name)


def test_a_table_keeps_its_ending(tmp_path: Path) -> None:
    assert look(tmp_path, b"a,b\n1,2\n", "TABLE.CSV").suffix == ".csv"


def test_long_text_is_not_refused_for_a_character_cut_in_the_middle(tmp_path: Path) -> None:
    assert look(tmp_path, b"a" + "驿站".encode() * 20_000, "长.txt").media_type == "text/plain"


def look(folder: Path, content: bytes, name: str) -> Sniffed:
    path = folder / "bytes"
    path.write_bytes(content)
    return sniff(path, name)
