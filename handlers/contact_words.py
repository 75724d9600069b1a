"""A name and a telephone number in one message, as people write them: 王建国 13812345678."""

import re
import unicodedata
from dataclasses import dataclass

from core.errors import Refusal
from handlers.turn import Turn
from services.masks import HIDDEN, mask_name, mask_phone, read_phone

CONTACT = "event.contact"
"""The step in which they are asked for."""

NOT_A_CONTACT = "没有看明白。请写姓名和电话，比如：\n王建国 13812345678\n不想写的话，回复 1。"
_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8})(?!\d)")
_LABELS = re.compile(
    r"我叫|我是|我的|名字|姓名|手机号码?|电话号码?|手机|电话|联系方式|号码|是|叫|[\s,，。.:：;；、/-]+"
)
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+·[\u3400-\u9fff·]+")
_LONG_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True, slots=True)
class Contact:
    """What was written; either may be missing."""

    name: str | None
    phone: str | None


def read_contact(text: str) -> Contact | None:
    """Return the name and the number in a message, None when there is no number that can be one."""
    said = unicodedata.normalize("NFKC", text)
    found = _PHONE.search(said) or _PHONE.search(said.translate(_DIGITS))
    if found is None or _LONG_NUMBER.search(said[: found.start()] + " " + said[found.end() :]):
        return None
    try:
        phone = read_phone(found[1])
    except Refusal:
        return None
    name = _LABELS.sub("", said[: found.start()] + " " + said[found.end() :])
    return Contact(name if _NAME.fullmatch(name) else None, phone)


def looks_like_one(turn: Turn) -> bool:
    """Tell an answer to the question for a name and a number from a question of the person's own."""
    text = unicodedata.normalize("NFKC", turn.inbound.text)
    return read_contact(text) is not None or bool(_LONG_NUMBER.search(text)) or bool(_NAME.fullmatch(text.strip()))


def kept(contact: Contact | None) -> str:
    """Return what the transcript keeps."""
    if contact is None:
        return HIDDEN
    return " ".join(
        part
        for part in (mask_name(contact.name or "") if contact.name else "", mask_phone(contact.phone or ""))
        if part
    )
