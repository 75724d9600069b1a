"""How often somebody wants to hear of posts, by digits or as they say it: 每天晚上八点, 周一早上, 有了马上说."""

import re

from core.reply import Choice
from handlers import texts
from handlers.clock_words import hour_words, read_hour
from handlers.job_draft import EIGHT

Rhythm = tuple[str, int, int | None]
"""Cadence, hour, weekday."""

_READY_MADE: tuple[Rhythm, ...] = (
    ("now", EIGHT, None),
    ("daily", EIGHT, None),
    ("daily", 19, None),
    ("weekly", EIGHT, 1),
)
_DAYS, _HOURS = (1, 3, 5, 6, 7), (7, 9, 12, 15, 18, 20)
AT_ONCE, DAILY, WEEKLY = "有了马上告诉我", "每天{hour}", "每周{weekday}{hour}"
OTHER_CHOICE = Choice("别的时间", "job-when")
EVERY_DAY, ON = "每天", "每周{weekday}"
ASK_DAY, ASK_HOUR = "哪一天告诉您？", "几点告诉您？"

_AT_ONCE = "马上|立刻|立马|随时|第一时间|实时|及时"
_WEEKLY = "(?:每|一)?(?:周|星期|礼拜)(?:[一二三四五六日天1-7]|末(?!双|休|不))?(?!末)"
_DAILY = "每天|天天|每日|一天一"
_PART = "凌晨|清晨|早晨|早上|早(?!班)|上午|中午|下午|傍晚|晚上|晚(?!班)|夜里"
_CLOCK = "(?:\\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟|点半?|时|[::]\\d\\d)"
_NOW = re.compile(f"{_AT_ONCE}|一有就|有了就|有就")
_WEEK, _DAY, _HOUR = re.compile(_WEEKLY), re.compile(_DAILY), re.compile(f"(?:{_PART})?{_CLOCK}")
_PARTS = {"早(?!班)": EIGHT, "上午": 9, "中午": 12, "下午": 15, "晚(?!班)": 19}
_BESIDE = re.compile(
    f"((?:{_AT_ONCE}|{_DAILY}|{_WEEKLY})的?(?:{_PART})?(?:{_CLOCK})?)[就再都给跟向来]*我?(?:告诉|通知|提醒|推|发|说|讲|叫|喊)"
)
"""How often, right before a word of telling: 周末的活 is no wish to be told at the weekend."""
_WEEKDAYS = texts.WEEKDAYS
_SUNDAY = str.maketrans("天末1234567", "日六一二三四五六日")


def label(rhythm: Rhythm) -> str:
    """Return how a choice of it reads."""
    cadence, hour, weekday = rhythm
    if cadence == "now":
        return AT_ONCE
    if cadence == "daily":
        return DAILY.format(hour=hour_words(hour))
    return WEEKLY.format(weekday=_WEEKDAYS[(weekday or 1) - 1], hour=hour_words(hour))


def choices() -> list[Choice]:
    """Return the choices of a screen that asks how often."""
    return [*(Choice(label(one), f"job-often:{_written(one)}") for one in _READY_MADE), OTHER_CHOICE]


def day_choices() -> list[Choice]:
    """Return the days to choose from."""
    days = [Choice(ON.format(weekday=_WEEKDAYS[day - 1]), f"job-day:{day}") for day in _DAYS]
    return [Choice(EVERY_DAY, "job-day:0"), *days]


def hour_choices(day: int) -> list[Choice]:
    """Return the hours to choose from, on a day of the week, every day for 0."""
    rhythms: list[Rhythm] = [("weekly", hour, day) if day else ("daily", hour, None) for hour in _HOURS]
    return [Choice(hour_words(rhythm[1]), f"job-often:{_written(rhythm)}") for rhythm in rhythms]


def chosen(argument: str) -> Rhythm | None:
    """Read "weekly.8.1"; None for what was never offered."""
    found = re.fullmatch(r"(now|daily|weekly)\.(\d|1\d|2[0-3])\.([0-7])", argument, re.ASCII)
    if found is None or (found[1] == "weekly") != (found[3] != "0"):
        return None
    return found[1], int(found[2]), int(found[3]) or None


def said(text: str) -> Rhythm | None:
    """Return how often words ask for, where they answer that question; None where they say nothing of it."""
    week, hour = _WEEK.search(text), _hour_in(text)
    day = week[0][-1].translate(_SUNDAY) if week else ""
    if week and (day in _WEEKDAYS or week[0].startswith(("每", "一"))):
        return "weekly", EIGHT if hour is None else hour, _WEEKDAYS.find(day) + 1 or 1
    if _NOW.search(text) and not _DAY.search(text):
        return "now", EIGHT, None
    return ("daily", EIGHT if hour is None else hour, None) if _DAY.search(text) or hour is not None else None


def said_beside(text: str) -> tuple[Rhythm | None, str]:
    """Return the same of words that also say what is wished for, and the words themselves that say it."""
    found = _BESIDE.search(text)
    return (said(found[1]), found[0]) if found else (None, "")


def _hour_in(text: str) -> int | None:
    clock = _HOUR.search(text)
    if clock is not None:
        return read_hour(clock[0])
    return next((hour for part, hour in _PARTS.items() if re.search(part, text)), None)


def _written(rhythm: Rhythm) -> str:
    return f"{rhythm[0]}.{rhythm[1]}.{rhythm[2] or 0}"
