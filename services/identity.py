"""An ID number is read to know somebody again; what is kept of it are keyed marks, never the number."""

import re
import unicodedata
from datetime import date

from core.errors import Refusal
from services.vault import Vault

BAD_ID = "身份证号不对，请核对（18 位，最后一位可能是 X）"
ROUNDED_ID = "身份证号被 Excel 改成了近似数，请把这一列设为文本再填"
BAD_TAIL = "身份证后四位要写四个，最后一个可能是 X"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NUMBER, _OLD, _TAIL = re.compile(r"\d{17}[\dX]"), re.compile(r"\d{15}"), re.compile(r"\d{3}[\dX]")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+")
_LOOSE = re.compile(r"[\s\-]+")


def read_id(text: str) -> str | None:
    """Return an ID number (GB 11643) with its 18 signs, also from an old one of 15; None for nothing.

    Raises:
        Refusal: it is none; the sentence does not repeat it.
    """
    number = _plain(text)
    if not number:
        return None
    if _ROUNDED.fullmatch(number):
        raise Refusal(ROUNDED_ID)
    if _OLD.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += _check_sign(number)
    if not _NUMBER.fullmatch(number) or _check_sign(number[:17]) != number[17] or _born(number) is None:
        raise Refusal(BAD_ID)
    return number


def read_tail(text: str) -> str | None:
    """Return the last four signs of an ID number; Excel drops the zeros they begin with. None for nothing.

    Raises:
        Refusal: it is something else.
    """
    tail = _plain(text)
    if not tail:
        return None
    tail = tail.zfill(4)
    if not _TAIL.fullmatch(tail):
        raise Refusal(BAD_TAIL)
    return tail


def birth_year(number: str) -> int:
    """Return the year in which the holder of an ID number was born."""
    return int(number[6:10])


def id_key(vault: Vault, number: str) -> str:
    """Return the mark by which the holder is found again."""
    return vault.fingerprint(f"id:{number}")


def _plain(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).upper()


def _check_sign(first: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True))
    return _CHECKS[total % 11]


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
