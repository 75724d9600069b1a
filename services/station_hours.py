"""The hours of a station's week as staff write them in one cell, read strictly and printed in one way."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any

from core.errors import Refusal
from services.calendar import Period, Periods
from services.office_hours import WEEKDAYS

EXAMPLE = "周一至周五 8:30-12:00 14:00-17:30；周六 9:00-11:00"
Week = Mapping[int, Periods]
"""The hours by weekday, 0 being Monday; a day that is not in it is free."""

_NAMES = "一二三四五六日"
_SAME: tuple[tuple[str, str], ...] = (
    (r"星期|礼拜", "周"),
    (r"周(?:天|七)", "周日"),
    (r"每天|天天|每日|全周", "周一-周日"),
    (r"工作日", "周一-周五"),
    (r"双休日|周末", "周六-周日"),
    (r"\(?(?:法定)?节假日(?:除外|休息|不上班)\)?", ""),
    (r"[~\u2013\u2014\u2015至到]+", "-"),
    (r"(\d)\s*[点时]半", r"\1:30"),
    (r"(\d)\s*[点时](\d{1,2})分?", r"\1:\2"),
    (r"(\d)\s*[点时]整?", r"\1:00"),
    (r"(\d{1,2})\.(\d\d)(?!\d)", r"\1:\2"),
)
"""What means the same, each after the one before it."""
_TIME = r"(早上|上午|中午|下午|晚上)?\s*(\d{1,2}):(\d{1,2})"
_DAYS = re.compile(rf"周[{_NAMES}](?:\s*[-、,和]?\s*周?[{_NAMES}])*")
_PERIOD = re.compile(rf"{_TIME}\s*-\s*{_TIME}")
_REST = re.compile(r"休息|不上班|不开门|关门|不开|休")
_BETWEEN = re.compile(r"[\s;,、。:和及]*")
_AFTERNOON = ("下午", "晚上")
_EARLIEST = time(5)
"""Before this hour no station opens: 2:00 was meant to be two in the afternoon."""


def read_hours(text: str) -> Week:
    """Return the week that a cell says.

    Raises:
        Refusal: it cannot be understood, or cannot be.
    """
    written = unicodedata.normalize("NFKC", text)
    for pattern, same in _SAME:
        written = re.sub(pattern, same, written)
    week: dict[int, Periods] = {}
    for days, periods in _said(written):
        for day in days:
            if day in week:
                raise Refusal(f"上班时间里{WEEKDAYS[day]}写了两次")
            week[day] = _checked(WEEKDAYS[day], periods)
    if not any(week.values()):
        raise Refusal("上班时间里一天也没有，一周里至少要有一天上班")
    return {day: periods for day, periods in sorted(week.items()) if periods}


def _said(written: str) -> Iterator[tuple[Sequence[int], list[Period]]]:
    """Give days with their hours, in the order they are written."""
    days: Sequence[int] = ()
    periods: list[Period] = []
    rests, place = False, 0
    while (place := _end(_BETWEEN, written, place)) < len(written):
        if found := _DAYS.match(written, place):
            if days:
                yield days, _complete(days, periods, rests=rests)
            days, periods, rests = _days(found[0]), [], False
        elif found := _PERIOD.match(written, place):
            if not days:
                raise Refusal(f"上班时间没有写星期几，请写成“{EXAMPLE}”这样")
            periods.append(_period(found))
        elif (found := _REST.match(written, place)) and days:
            rests = True
        else:
            raise Refusal(f"上班时间里“{written[place:].strip()[:20]}”看不懂，请写成“{EXAMPLE}”这样")
        place = found.end()
    if days:
        yield days, _complete(days, periods, rests=rests)


def _end(pattern: re.Pattern[str], written: str, place: int) -> int:
    found = pattern.match(written, place)
    return found.end() if found else place


def _complete(days: Sequence[int], periods: list[Period], *, rests: bool) -> list[Period]:
    if not periods and not rests:
        raise Refusal(f"上班时间里{WEEKDAYS[days[0]]}没有写几点到几点；休息的日子不用写")
    return periods


def _days(text: str) -> list[int]:
    """Return the weekdays that 周一-周三、周五 names."""
    found: list[int] = []
    through = False
    for sign in text:
        if sign in _NAMES:
            day = _NAMES.index(sign)
            if through and day <= found[-1]:
                raise Refusal(f"上班时间里“{text.replace('-', '至')}”写反了")
            found += range(found[-1] + 1, day + 1) if through else [day]
            through = False
        through = through or sign == "-"
    return found


def _period(found: re.Match[str]) -> Period:
    part, hour, minute, later_part, later_hour, later_minute = found.groups()
    opens = _time(part, hour, minute)
    closes = _time(later_part or part, later_hour, later_minute)
    if opens < _EARLIEST:
        raise Refusal(f"上班时间里“{found[0]}”是半夜，下午两点请写 14:00")
    if opens >= closes:
        raise Refusal(f"上班时间里“{found[0]}”写反了，下午两点请写 14:00")
    return opens, closes


def _time(part: str | None, hour: str, minute: str) -> time:
    try:
        return time(int(hour) + (12 if part in _AFTERNOON and int(hour) < 12 else 0), int(minute))
    except ValueError as error:
        raise Refusal(f"上班时间里“{hour}:{minute}”不是时间，最晚写 23:59") from error


def _checked(name: str, periods: Sequence[Period]) -> Periods:
    in_order = tuple(sorted(periods))
    if any(before[1] > after[0] for before, after in pairwise(in_order)):
        raise Refusal(f"上班时间里{name}的两段时间重叠了")
    return in_order


def show_hours(week: Week) -> str:
    """Return a week as a cell has it: days of the same hours together."""
    alike: dict[Periods, list[int]] = {}
    for day, periods in sorted(week.items()):
        if periods:
            alike.setdefault(periods, []).append(day)
    return "；".join(f"{_named(days)} {show_periods(periods)}" for periods, days in alike.items())


def show_periods(periods: Periods) -> str:
    """Return 8:30-12:00 14:00-17:30."""
    return " ".join("-".join(f"{moment.hour}:{moment:%M}" for moment in period) for period in periods)


def _named(days: Sequence[int]) -> str:
    """Return 周一至周五, or 周一、周三."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [
        f"{WEEKDAYS[run[0]]}至{WEEKDAYS[run[-1]]}" if len(run) > 2 else "、".join(WEEKDAYS[day] for day in run)
        for run in runs
    ]
    return "、".join(parts)


def pack_hours(week: Week) -> dict[str, Any]:
    """Return a week as the database keeps it."""
    return {str(day): [[f"{moment:%H:%M}" for moment in period] for period in periods] for day, periods in week.items()}


def unpack_hours(kept: Mapping[str, Any]) -> Week:
    """Return a week that the database kept, without the days that have no hours."""
    return {
        int(day): tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in periods)
        for day, periods in sorted(kept.items())
        if periods
    }
