"""How what somebody is looking for reads on the screen: shown back as understood, and named in one line in lists."""

from collections.abc import Mapping, Sequence
from datetime import date

from db.jobs import JobSubscription
from handlers import texts
from handlers.clock_words import hour_words
from knowledge.job_why import FORMS
from knowledge.job_wish import Wish

ANY = "都行"
KINDS, PLACES, PAY, SHIFT, FORM, AGE, PERKS = (
    "工种：", "地方：", "工资：", "班次：", "全职兼职：", "年龄：", "最好有：",
)  # fmt: skip
NOT_KINDS, NEAR = "不要{kinds}", "{places}（附近乡镇也算）"
PAY_FROM, YEARS = "一个月 {pay} 元以上", "{years} 岁"
SHIFTS = {"no_night": "不上夜班", "day": "只上白班", "night": "上夜班", "rotating": "倒班", "flexible": "时间灵活"}
NOT_HEARD = "没听懂：{words}"
SHORT_PAY = "{pay} 元以上"
ANYTHING = "什么工作都行"
AT_ONCE, DAILY, WEEKLY = "马上告诉您", "每天{hour}告诉您", "每周{weekday}{hour}告诉您"
_WIDEST = 54


def told(wish: Wish, townships: Mapping[int, str], unparsed: Sequence[str], today: date) -> str:
    """Return the criteria, one a line; the first four always stand, so that it is plain what does not matter."""
    lines = [
        KINDS + (_kinds(wish) or ANY),
        PLACES + (_places(wish, townships) or ANY),
        PAY + (PAY_FROM.format(pay=wish.pay_from) if wish.pay_from else ANY),
        SHIFT + (SHIFTS[wish.shift] if wish.shift else ANY),
    ]
    lines += [FORM + FORMS[wish.form]] if wish.form else []
    lines += [AGE + YEARS.format(years=today.year - wish.birth_year)] if wish.birth_year else []
    lines += [PERKS + "、".join(wish.perks)] if wish.perks else []
    lines += [NOT_HEARD.format(words=quoted(unparsed))] if unparsed else []
    return "\n".join(wrapped(text) for text in lines)


def in_short(wish: Wish, townships: Mapping[int, str]) -> str:
    """Return the same in one line, without what does not matter."""
    parts = [
        "、".join([*(townships[town] for town in wish.townships if town in townships), *wish.cities]),
        _kinds(wish),
        SHORT_PAY.format(pay=wish.pay_from) if wish.pay_from else "",
        SHIFTS.get(wish.shift, ""),
        FORMS.get(wish.form, ""),
        "、".join(wish.perks),
    ]
    return "，".join(part for part in parts if part) or ANYTHING


def how_often(cadence: str, hour: int, weekday: int | None) -> str:
    """Return 每周一早上8点告诉您."""
    if cadence == "now":
        return AT_ONCE
    if cadence == "daily":
        return DAILY.format(hour=hour_words(hour))
    return WEEKLY.format(weekday=texts.WEEKDAYS[(weekday or 1) - 1], hour=hour_words(hour))


def rhythm(subscription: JobSubscription) -> str:
    """Return how often a subscription tells."""
    return how_often(subscription.cadence, subscription.hour, subscription.weekday)


def quoted(parts: Sequence[str]) -> str:
    """Return pieces of somebody's own words as they are shown back."""
    return "、".join(f"“{part}”" for part in parts)


def wrapped(text: str) -> str:
    """Break a line where it would be too wide; a list of words breaks anywhere."""
    return "\n".join(text[at : at + _WIDEST] for at in range(0, len(text), _WIDEST))


def _kinds(wish: Wish) -> str:
    wanted = "、".join(wish.kinds)
    return "，".join(
        filter(None, (wanted, NOT_KINDS.format(kinds="、".join(wish.not_kinds)) if wish.not_kinds else ""))
    )


def _places(wish: Wish, townships: Mapping[int, str]) -> str:
    near = "、".join(townships[town] for town in wish.townships if town in townships)
    return "、".join(filter(None, (*wish.cities, NEAR.format(places=near) if near else "")))
