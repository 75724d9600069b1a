"""What identifies a person, read strictly and shown as little as the work needs."""

import re
import unicodedata

from core.errors import Refusal

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})(\d{7,8})")
_COUNTRY = re.compile(r"(\+|00)86")
_LOOSE = re.compile(r"[\s()-]+")
_LONGEST_NAME = 40
_TWO_SIGNS = {
    "欧阳", "司马", "上官", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "长孙", "宇文",
}  # fmt: skip
"""Surnames of two characters."""

HIDDEN = "***"
"""What the transcript keeps of words that identify, where not even a part of them may be shown."""
_ASKED_FOR = ("binding.", "proxy.code", "jobs.contact", "event.contact", "booking.contact", "home.")
"""How the states begin in which a name, a number or a code is asked for."""
_CODE = re.compile(
    r"(?:绑定|代办)码?[是为]?\W*[A-Za-z0-9零〇一二两三四五六七八九幺][A-Za-z0-9零〇一二两三四五六七八九幺\s\-]{3,}"
)

BAD_PHONE = "电话号码好像不对：手机是 11 位数字，座机要带区号，例如 0573-88001234。"
BAD_NAME = "请写上姓名，最多 40 个字。"


def read_phone(text: str) -> str | None:
    """Return a telephone number as it is stored, digits only; None for nothing.

    Raises:
        Refusal: it is none.
    """
    digits = _COUNTRY.sub("", _LOOSE.sub("", unicodedata.normalize("NFKC", text)), count=1)
    if not digits:
        return None
    if not digits.isascii() or not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Refusal(BAD_PHONE)
    return digits


def read_name(text: str) -> str:
    """Return a name as it is stored, without the spaces that forms put between its characters.

    Raises:
        Refusal: there is none, or it is far too long.
    """
    name = "".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > _LONGEST_NAME:
        raise Refusal(BAD_NAME)
    return name


def mask_name(name: str) -> str:
    """Return 王** for a name, whatever its length."""
    return f"{surname(name)}**"


def mask_phone(phone: str) -> str:
    """Return 138****1234 for a mobile phone, the area code and two digits for another."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{phone[:4]}****{phone[-2:]}"


def identifies(text: str, state: str | None = None) -> bool:
    """Tell words that hold a code, or answer a question for a name or a number, from those that may be kept."""
    return (state or "").startswith(_ASKED_FOR) or _CODE.match(unicodedata.normalize("NFKC", text).strip()) is not None


def surname(name: str) -> str:
    """Return the surname, which is all of a name that is shown."""
    return name[:2] if name[:2] in _TWO_SIGNS and len(name) > 2 else name[:1]
