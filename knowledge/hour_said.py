"""Hear which half of the day, and which hour, a visit is wished for: 上午, 下午两点半, 14:30; pure."""

import re
from datetime import time
from typing import Literal

from knowledge.day_forms import number
from knowledge.day_said import plain, without_days

Half = Literal["am", "pm"]

_MORNING = "上午|早上|早晨|清早|大早|一早|午前|头午|前半晌"
_AFTERNOON = "下午|午后|后半晌|后晌|傍晚|傍黑"
_NOON, _EVENING = "中午|晌午|正午", "晚上|夜里|晚"
_PART = f"(?P<part>{_MORNING}|早|{_AFTERNOON}|{_NOON}|{_EVENING})"
_N = r"(?:\d{1,2}|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTE = r"(?P<minute>半|[一三]刻|\d{2}|\d(?=分)|零?五|[二三四五]?十[一二三四五六七八九]?)?分?"
_DENIED = "[我都就也]*(?:不行|不成|不方便|没空|没时间|有事|[去来]不了|不[去来在])"
_THINGS = "意见(?!面)|建议|想法|看法|要求|疑|问题|事情|不(?:懂|明白|清楚|了解)"
"""What 两点 counts when it means two points: 两点建议."""
_CLOCK = re.compile(
    rf"(?:{_PART}的?)?(?<![\d.:])(?P<hour>{_N})(?:、?{_N})?"
    rf"(?:(?:来|多)?(?:点钟?|时)(?![小点滴]|{_THINGS}|{_DENIED})|:(?=\d\d)){_MINUTE}(?!\d)"
)
_DOTTED = re.compile(rf"{_PART}的?(?P<hour>\d{{1,2}})\.(?P<minute>[0-5]\d)(?!\d)")
_A_LITTLE = re.compile(r"(?:早|晚)?[一1]点(?!钟|半|[一三]刻|\d|[一二三四五]?十|[前后左以之])")
"""一点 is mostly 'a little': it is an hour only after 下午 or 中午, or all by itself."""
_POINTS = re.compile(rf"[有提讲说]{_N}点[想要](?:问|说|讲|提|请教|咨询|反映|了解)")
"""我有两点要问."""
_HALF = re.compile(
    rf"(?P<am>(?:{_MORNING}|(?<=[天明今日号儿周期拜一二三四五六\0])早(?![点就已晚些知期年退一]))(?!{_DENIED}))"
    rf"|(?P<pm>(?:{_AFTERNOON})(?!{_DENIED}))"
)
_ALONE = {"中午": time(12), "晌午": time(12), "正午": time(12), "晚上": time(18), "\0晚": time(18)}
_OPENS_AT_LEAST = 7


def read_half(text: str) -> Half | None:
    """Return the half of the day; None when none or both were said."""
    said = without_days(plain(text))
    halves = {str(match.lastgroup) for match in _HALF.finditer(said)}
    if not halves and (clock := _clock(said)):
        return "am" if clock < time(12) else "pm"
    return None if len(halves) != 1 else "am" if "am" in halves else "pm"


def read_time(text: str) -> time | None:
    """Return the time of the day; an hour without its half is one at which a station is open: 两点 is 14:00."""
    said = without_days(plain(text))
    return _clock(said) or next((hour for word, hour in _ALONE.items() if word in said), None)


def _clock(said: str) -> time | None:
    hours = (m for m in _CLOCK.finditer(said) if not _a_little(m, said) and not _POINTS.match(said, m.start() - 1))
    match = _DOTTED.search(said) or next(hours, None)
    if match is None:
        return None
    hour, minute = number(match["hour"].replace("两", "二").replace("零", "0")), _minute(match["minute"])
    hour = _of_the_day(hour, match["part"] or "")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _a_little(match: re.Match[str], said: str) -> bool:
    return _A_LITTLE.match(said, match.start()) is not None and said.strip("\0") not in ("一点", "1点")


def _minute(said: str | None) -> int:
    quarters = {None: 0, "半": 30, "一刻": 15, "三刻": 45}
    return quarters[said] if said in quarters else number(str(said).lstrip("零"))


def _of_the_day(hour: int, part: str) -> int:
    if hour >= 12:
        return hour
    if part and re.fullmatch(rf"{_MORNING}|早", part):
        return hour
    if part and re.fullmatch(_NOON, part):
        return hour + 12 if hour < 5 else hour
    if part:
        return hour + 12
    return hour + 12 if 0 < hour < _OPENS_AT_LEAST else hour
