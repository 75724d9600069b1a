"""Hours of the day as people say and write them: 晚上九点, 21点, 7:00."""

import re

from core.menu import bare

_DIGITS = "零一二三四五六七八九"
_HAN = {
    ("" if n < 20 else _DIGITS[n // 10]) + ("十" if n >= 10 else "") + (_DIGITS[n % 10] if n % 10 or n == 0 else ""): n
    for n in range(25)
} | {"两": 2, "〇": 0}  # fmt: skip
_HOUR = (
    r"(凌晨|清晨|早晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里|半夜)?"
    r"(\d{1,2}|[零〇一二两三四五六七八九十]{1,3})(?:点钟|点|时|:)?(半|\d{2})?分?"
)
_SPAN = re.compile(_HOUR + r"(?:到第二天|到次日|到|至|-|~|—| )+" + _HOUR)
_AFTERNOON, _NIGHT = ("下午", "傍晚"), ("晚上", "晚", "夜里", "半夜")
_DAYTIME = (*_AFTERNOON, "中午")
_LONG = 16
"""Nobody means so many hours of the night: with 9点到7点 the evening's nine is meant."""


def read_span(text: str) -> tuple[int, int] | None:
    """Return from and until, whole hours around what was said; None for what is no span of hours."""
    said = bare(text)
    found = _SPAN.fullmatch(said.replace(" ", "")) or _SPAN.fullmatch(said)
    if found is None:
        return None
    part, hour, _, until_part, until_hour, until_minutes = found.groups()
    begins, ends = _hour(part, hour), _hour(until_part, until_hour)
    if begins is None or ends is None:
        return None
    if until_minutes and until_minutes != "00":
        ends += 1
    if part in _DAYTIME and until_part is None and ends <= begins:
        ends += 12
    if part is None and begins < 12 and ((ends - begins) % 24 or 24) > _LONG:
        begins += 12
    begins, ends = begins % 24, ends % 24
    return None if begins == ends else (begins, ends)


def read_hour(text: str) -> int | None:
    """Return the hour of the day, 0 to 23, of 晚上八点 or 20点; None for what is none. Minutes are left out."""
    found = re.fullmatch(_HOUR, bare(text).replace(" ", ""))
    hour = _hour(found[1], found[2]) if found else None
    return None if hour is None else hour % 24


def hour_words(hour: int) -> str:
    """Return an hour as people say it."""
    if hour in (0, 12):
        return "半夜12点" if hour == 0 else "中午12点"
    part = next(part for until, part in ((5, "凌晨"), (12, "早上"), (18, "下午"), (24, "晚上")) if hour < until)
    return f"{part}{hour if hour < 12 else hour - 12}点"


def _hour(part: str | None, said: str) -> int | None:
    hour = int(said) if said.isascii() else _HAN.get(said)
    if hour is None or hour > 24:
        return None
    if hour >= 13 or part is None:
        return hour
    if part in _NIGHT:
        return 24 if hour == 12 else hour + 12 if hour >= 5 else hour
    if part in _AFTERNOON or (part == "中午" and hour < 5):
        return hour + 12 if hour < 12 else hour
    return 0 if part == "凌晨" and hour == 12 else hour
