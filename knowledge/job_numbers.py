"""Numbers as they are said: 五千五, 4千, 1.2万, 5k, and two at once, 四五千."""

import re
from collections.abc import Iterator

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000}
_DIGIT = "一二两三四五六七八九"

_D = "[一二两三四五六七八九]"
PLAIN = (
    r"(?:\d+(?:\.\d+)?[千万kw百]?\d?"
    rf"|{_D}?十{_D}?万|(?:{_D}万)?零?(?:{_D}千)?零?(?:{_D}百)?零?(?:{_D}?十)?(?:{_D}(?![千百万]))?(?<=[一二两三四五六七八九十百千万]))"
)
"""A number in digits or in words."""
PAIR = rf"(?:[{_DIGIT}]、?[{_DIGIT}][千万]|\d、\d[千万])"
"""Two numbers at once, the lower one first."""
_WORDS = re.compile(r"([零〇一二两三四五六七八九]*)([十百千万])?")


def value(said: str) -> int:
    """Return the number that a text of PLAIN says; 五千五 is 5500, 一万二 is 12000."""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([千万kw百])?(\d)?", said):
        unit = _UNITS.get(match[2] or "", 1)
        return round(float(match[1]) * unit) + int(match[3] or 0) * unit // 10
    total, rest, unit = 0, 0, 10
    for digits, sign in _parts(said):
        number = _number(digits)
        if not sign:
            rest = number if "零" in digits or "〇" in digits or len(digits) > 1 else number * unit // 10
            continue
        unit = _UNITS[sign]
        number = 1 if number == 0 and sign == "十" else number
        total = (total + number) * unit if unit == _UNITS["万"] else total + number * unit
    return total + rest


def _parts(said: str) -> Iterator[tuple[str, str]]:
    return ((match[1], match[2] or "") for match in _WORDS.finditer(said) if match[0])


def _number(digits: str) -> int:
    read = 0
    for digit in digits:
        read = read * 10 + _DIGITS[digit]
    return read


def lower(said: str) -> int:
    """Return the lower number of a text of PAIR: 四五千 is 4000."""
    first, unit = said[0], said[-1]
    return (int(first) if first.isdigit() else _DIGITS[first]) * _UNITS[unit]
