"""The forms in which people name a day, each with how it is worked out: 大后天, 下周三, 十二月五号, 12.5, 月底."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from knowledge.job_numbers import value

Problem = Literal["past", "no such day", "too vague", "lunar", "clash"]
Read = Callable[[re.Match[str], date], date | Problem | None]
"""Works a day out from its words and today; None when no day to visit is meant."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way of naming a day."""

    pattern: re.Pattern[str]
    read: Read
    weekday: bool = False
    """A weekday without its week, which may stand beside a date to confirm it."""


_HAN = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
N = rf"(?:(?<![\d.])\d{{1,2}}(?![\d])|{_HAN})"
_YEAR = r"(?:(?:19|20)\d\d|(?<!\d)\d\d(?=年)|二[零〇]二[零〇一二三四五六七八九]|今年|明年|后年|去年|前年)"
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_CENTURY, _AHEAD = 100, 2
"""68年 is 1968, 27年 the next one."""
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAYS = {said: n for n, group in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for said in group}
_WHICH = {"": 0, "这": 0, "本": 0, "下": 1, "下下": 2, "下下下": 3, "上": -1, "上上": -2}
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3, "大大后": 4}
_MONDAY = "一(?!定|直|起|样|共|般|块|旦|切|些|概|下(?!午|班|半))"
_NAMED = rf"(?:{_MONDAY}|[二三四五六天](?!十?[级等]|折)|日(?![常程期子历])|[1-7](?![\d个次天年岁折.]))"
_OFTEN = r"(?<!(?<![周期拜])[一二两三四五六七八九十\d])(?<![几每逢半整满])"
_NOT_A_DAY = "楼线窗文件门令院桌房室店车厅柜柱机员矿井单仓航汽站台柴章证码地信钢院公通"
_ADDRESS = r"(?<![路街道巷弄里楼室栋幢座第区组排编证件村院队矿房门电a-z\d.#-])"
_UNIT = r"(?![\d.%万千百元块折级倍寸米斤岁年天个小时点分公里kgmwt人])"
_MOTHER = "慰问补贴优惠福利活动走访联欢假放长期前后以之过附左那几高票路街村社大小广中镇桥"
_MONTH_PART = "(?:底|初|末|中旬?|上旬|下旬|份)"


def number(said: str) -> int:
    """Return the number that 12, 十二 or 廿八 says."""
    return value(said.replace("廿", "二十").replace("卅", "三十"))


def _valid(year: int, month: int, day: int) -> date | None:
    fits = 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if fits else None


def _full(match: re.Match[str], today: date) -> date | Problem | None:
    said = match["year"]
    year = today.year + _YEARS[said] if said in _YEARS else value(said)
    if year < _CENTURY:
        year += today.year // _CENTURY * _CENTURY
        year -= _CENTURY if year > today.year + _AHEAD else 0
    if year < today.year - 1:
        return None  # when somebody served or was born
    if match["day"] is None:
        return "too vague"
    return _valid(year, number(match["month"]), number(match["day"])) or "no such day"


def _nearest(match: re.Match[str], today: date) -> date | None:
    """Take the nearer of this year's and the next: in November 1月5号 is to come, and 8月3号 is over."""
    month, day = number(match["month"]), number(match["day"])
    found = [d for year in (today.year, today.year + 1) if (d := _valid(year, month, day))]
    return min(found, key=lambda d: abs((d - today).days), default=None)


def _month_day(match: re.Match[str], today: date) -> date | Problem:
    return _nearest(match, today) or "no such day"


def _written(match: re.Match[str], today: date) -> date | None:
    """Read 12.5; what is over may have been an hour, 9.30."""
    found = _nearest(match, today)
    hour = number(match["month"]) < 24 and len(match["day"]) == 2 and int(match["day"]) % 5 == 0
    return None if found is None or (hour and found < today) else found


def _month(match: re.Match[str], _today: date) -> Problem:
    return "too vague" if 1 <= number(match["month"]) <= 12 else "no such day"


def _of_month(match: re.Match[str], today: date) -> date | Problem:
    ahead = {"这": 0, "本": 0, "当": 0, "下": 1, "下下": 2, "上": -1}[match["which"]]
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return _valid(year, month + 1, number(match["day"])) or "no such day"


def _day(match: re.Match[str], today: date) -> date | Problem:
    """Read 5号: of this month, or when that is over, of the next one."""
    day = number(match["day"])
    if day >= today.day or not 1 <= day <= 31:
        return _valid(today.year, today.month, day) or "no such day"
    year, month = divmod(today.year * 12 + today.month, 12)
    return _valid(year, month + 1, day) or "no such day"


def _weekday(match: re.Match[str], today: date) -> date | Problem:
    wanted, which = _WEEKDAYS[match["n"]], match["which"] or ""
    if not which:
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    return today + timedelta(days=wanted - today.weekday() + 7 * _WHICH[which])


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS[match["n"]])


def _later(match: re.Match[str], today: date) -> date:
    said = match["n"].replace("两", "二")
    return today + timedelta(days=number(said) * (1 if match["unit"] == "天" else 7))


def _festival(month: int, day: int) -> Read:
    def read(_match: re.Match[str], today: date) -> date:
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)

    return read


def _problem(problem: Problem) -> Read:
    return lambda _match, _today: problem


def _form(pattern: str, read: Read, *, weekday: bool = False) -> Form:
    return Form(re.compile(pattern), read, weekday)


FORMS = (
    _form(rf"(?:农历|阴历|旧历|古历)(?:的)?(?:{N}月(?:初?{N})?|[正腊冬]月(?:初?{N})?|初?{N})?", _problem("lunar")),
    _form(rf"(?:大年)?(?:(?:正|腊|冬)月(?:初?{N})?|初[一二三四五六七八九十](?![次中级高])|大年三十|年三十)", _problem("lunar")),
    _form(rf"(?<!\d)(?P<year>{_YEAR})[-/.年](?P<month>{N})[-/.月](?P<day>{N})[日号]?(?!\d)", _full),
    _form(r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)", _full),
    _form(rf"(?P<year>{_YEAR})年?的?(?P<month>{N})月份?的?(?P<day>{N})?[日号]?(?!\d)", _full),
    _form(rf"(?P<which>下下|[这本当下上])(?:一?个)?月份?的?(?P<day>{N})[日号]?(?!\d)", _of_month),
    _form(r"(?:元旦|国庆|五一|劳动节|八一|中秋|端午|清明|重阳|春节|过年|除夕)节?(?:小?长?假期?|放假|假期|期间|[前后]|以[前后]|之[前后]|过后|那几天)", _problem("too vague")),
    _form(rf"{N}[-~至到、或]{N}[号日](?!楼)", _problem("too vague")),
    _form(rf"(?P<month>{N})月份?的?(?P<day>{N})(?:[日号]|(?![\d个天])(?!{_HAN}))", _month_day),
    _form(rf"(?P<month>{N})月(?:{_MONTH_PART})?(?![\d一-九])", _month),
    _form(rf"(?:下下|[这本当下上])?(?:一?个)?月{_MONTH_PART}|(?:下下|[这本当下上])(?:一?个)?月|年[底末前后]|节[前后]", _problem("too vague")),
    _form(r"(?<![\d.:/早晚午-])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])[日号]?" + _UNIT, _written),
    _form(r"(?:^|(?<=[^\d.:/-]))(?P<month>1[0-2]|0[1-9])-(?P<day>3[01]|[12]\d|0[1-9])" + _UNIT, _written),
    _form(
        rf"{_ADDRESS}(?<![一二三四五六七八九十百千])(?P<day>{N})(?:号(?![{_NOT_A_DAY}])|日(?![内子常前后程期]))(?!以?[内])", _day
    ),
    _form(rf"(?P<which>下下下|下下|[这本下]|上上|上)(?:一?个)?{_WEEK}(?:[的里,]{{0,2}}{_WEEK})?(?P<n>{_NAMED})", _weekday),
    _form(rf"{_OFTEN}(?:{_WEEK}[一二三四五六]、?[二三四五六日](?=[都也吧行可,。上下]|$))", _problem("too vague")),
    _form(rf"{_OFTEN}(?P<which>){_WEEK}(?P<n>{_NAMED})", _weekday, weekday=True),
    _form(rf"{_OFTEN}{_WEEK}(?:[八九89](?![\d个次天年岁折点])|十(?=$|[,。上下]))", _problem("no such day")),
    _form(r"(?:下下|[这本下上])?(?:一?个)?(?:周末|礼拜末)|(?:下下|[这本下])(?:一?个)?(?:周(?!期|年|岁|边|围)|星期|礼拜)", _problem("too vague")),
    _form(r"过(?:两|几|些|[一三四五])天|[这近](?:两|几|些)天|[今明]后两?天|今明两天", _problem("too vague")),
    _form(r"(?<![先今往])(?P<n>大大后|大后|后)(?:天(?!残|致|失|因|性|得)|儿个?|日)", _relative),
    _form(r"(?P<n>大前|前|昨|今|明)(?:天|儿个?|日|(?=早|晚|上午|下午|中午))", _relative),
    _form(rf"(?<!\d)(?P<n>\d{{1,2}}|{_HAN}|两)(?:个)?(?P<unit>天|周|星期|礼拜)(?:以后|之后|后)", _later),
    _form(rf"元旦节?(?:那天|当天)?(?![{_MOTHER}])", _festival(1, 1)),
    _form(rf"(?:五一(?:劳动)?节?|劳动节)(?:那天|当天)?(?![{_MOTHER}])", _festival(5, 1)),
    _form(r"八一(?:建军)?节?(?:那天|当天)", _festival(8, 1)),
    _form(rf"国庆节?(?:那天|当天)?(?![{_MOTHER}])", _festival(10, 1)),
    _form(rf"(?:春节|过年|除夕|中秋|端午|清明|重阳|元宵)节?(?:那天|当天)?(?![{_MOTHER}])", _problem("too vague")),
)  # fmt: skip
"""Those that take more words stand before those that would take a part of them."""
