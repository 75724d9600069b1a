"""What a post says, read strictly from the cells of a form or of a table, with every fault told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.errors import Refusal
from knowledge.job_parse import JobPlaces
from knowledge.job_why import FORMS, SHIFTS
from knowledge.job_words import OTHER, JobWords
from knowledge.place import Place
from services import imports
from services.imports import Line, check_phone, check_texts
from services.job_cells import read_ages, read_closing, read_count, read_credit_code, read_named, read_pay
from services.table import Row

COLUMNS = (
    "编号", "单位", "岗位", "工种", "市县", "乡镇", "地址", "月薪", "用工形式", "班次", "年龄", "人数", "退役军人名额",
    "截止日期", "联系人", "电话", "说明", "统一社会信用代码", "展位",
)  # fmt: skip
"""The cells of a sheet; a form uses the same names, but for 编号 and 展位."""
REQUIRED = ("单位", "岗位")
SHIFT_NAMES = SHIFTS | {"flexible": "不固定"}
_FORMS = {"全职": "full", "正式": "full", "正式工": "full", "合同工": "full", "长期": "full", "长期工": "full",
          "兼职": "part", "小时工": "part", "钟点工": "part", "临时": "temporary", "临时工": "temporary",
          "短期": "temporary", "短期工": "temporary", "季节工": "temporary"}  # fmt: skip
_SHIFTS = {"白班": "day", "长白班": "day", "常白班": "day", "日班": "day", "正常班": "day", "夜班": "night",
           "晚班": "night", "倒班": "rotating", "轮班": "rotating", "两班": "rotating", "三班": "rotating",
           "两班倒": "rotating", "二班倒": "rotating", "三班倒": "rotating", "白夜班": "rotating",
           "不固定": "flexible", "弹性": "flexible", "灵活": "flexible"}  # fmt: skip
LONGEST = {"说明": 800, "岗位": 40, "单位": 60}
"""Characters; of other cells 100."""
_MOST_PLACES = 5000
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_NO_PHONE = ("单位", "岗位", "工种", "市县", "乡镇", "地址", "联系人")
_NO_MOBILE = ("月薪", "年龄", "人数", "退役军人名额", "截止日期")
_SUFFIXES = ("街道", "镇", "乡")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class JobSheet:
    """A post as it is to stand; everything in it is checked."""

    employer: str
    title: str
    kind: str
    kind_guessed: bool
    hazard: bool
    """Its kind has dangerous work."""
    city: str
    township_id: int | None
    place: str | None
    pay_from: int | None
    pay_to: int | None
    form: str
    shift: str | None
    age_from: int | None
    age_to: int | None
    places: int
    veterans_quota: int | None
    closes_on: date
    contact: str | None
    phone: str | None
    about: str
    credit_code: str | None = None
    booth: str | None = None
    event_id: int | None = None

    @classmethod
    def read(
        cls, cells: Mapping[str, str], places: JobPlaces, words: JobWords, today: date, event_id: int | None = None
    ) -> "JobSheet":
        """Read the cells of a form, by the names of COLUMNS.

        Raises:
            Refusal: with every fault that was found.
        """
        line = Line(Row(0, {name: text.strip() for name, text in cells.items()}))
        sheet = read_line(line, places, words, today, event_id=event_id)
        if sheet is None:
            raise Refusal("；".join(line.faults) + "。")
        return sheet


def read_line(
    line: Line, places: JobPlaces, words: JobWords, today: date, *, event_id: int | None = None,
    event_day: date | None = None,
) -> JobSheet | None:  # fmt: skip
    """Understand a row; what is wrong with it becomes its faults. A fair's day stands in for a closing date."""
    check_texts(line, REQUIRED, LONGEST)
    _check_phones(line)
    employer, title = (_one_line(line.cell(column)) for column in REQUIRED)
    about = line.cell("说明") or ""
    kind, guessed = _read_kind(line, title, about, words)
    city, township_id, place = _read_place(line, places)
    pay = _try(line, "月薪", read_pay) or (None, None)
    ages = _try(line, "年龄", read_ages) or (None, None)
    count = _try(line, "人数", lambda text: read_count(text, "人数", _MOST_PLACES))
    quota = _try(line, "退役军人名额", lambda text: read_count(text, "退役军人名额", _MOST_PLACES))
    closes_on = _try(line, "截止日期", lambda text: read_closing(text, today)) or event_day
    form = _try(line, "用工形式", lambda text: read_named(text, "用工形式", _FORMS, FORMS))
    shift = _try(line, "班次", lambda text: read_named(text, "班次", _SHIFTS, SHIFT_NAMES))
    code = _try(line, "统一社会信用代码", read_credit_code)
    if count == 0:
        line.fault("人数不能是 0，招满的岗位请停招")
    if quota and quota > (count or 1):
        line.fault("退役军人名额比人数还多，请检查")
    if closes_on is None and line.cell("截止日期") is None:
        line.fault("截止日期没有填")
    if line.faults or closes_on is None:
        return None
    return JobSheet(
        employer, title, kind, guessed, words.kinds[kind].hazard if kind in words.kinds else False,
        city, township_id, place, *pay, form or "full", shift, *ages, count or 1, quota or None, closes_on,
        line.cell("联系人"), line.cell("电话"), about, code, line.cell("展位"), event_id,
    )  # fmt: skip


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _try(line: Line, column: str, read: Callable[[str], Read]) -> Read | None:
    text = line.cell(column)
    if text is None or len(text) > imports.LONGEST:  # check_texts has refused it
        return None
    try:
        return read(text)
    except Refusal as refusal:
        line.fault(str(refusal))
        return None


def _check_phones(line: Line) -> None:
    check_phone(line, "电话", _NO_PHONE)
    for column in _NO_MOBILE:  # days and pay have as many digits as a landline
        text = line.cell(column)
        if text and _MOBILE.fullmatch("".join(text.split())):
            line.fault(f"{column}“{text}”像是电话号码，是不是填错了列")


def _read_kind(line: Line, title: str, about: str, words: JobWords) -> tuple[str, bool]:
    """Return the kind of work, and whether it is only guessed from the title."""
    text = line.cell("工种")
    if text is None:
        return words.kind_of(title, about), True
    if text in words.kinds:
        return text, False
    if (kind := words.kind_of(text)) != OTHER:
        return kind, False
    line.fault(imports.unknown("工种", text, words.kinds))
    return OTHER, False


def _read_place(line: Line, places: JobPlaces) -> tuple[str, int | None, str | None]:
    """Return the short name of the city or county, the township if it is one of ours, and the address."""
    city, town, place = line.cell("市县"), line.cell("乡镇"), line.cell("地址")
    if city in places.townships:
        line.fault(f"市县“{city}”是乡镇，是不是填错了列")
        return "", None, place
    short = _short(city) if city else places.home
    if not short:
        line.fault("市县没有填")
    elif city == short != places.home and places.gazetteer.find(short) is None:
        line.fault(f"没有找到市县“{city}”，请写全名，例如 {places.home or '如东'}县")
    if town is None or short != places.home or not places.townships:
        return short, None, "".join(filter(None, (town, place))) or None
    named = [name for name in places.townships if town == name or f"{town}{_ending(name)}" == name]
    if len(named) != 1:
        line.fault(imports.unknown("乡镇", town, places.townships))
        return short, None, place
    return short, places.townships[named[0]], place


def _short(city: str) -> str:
    """Return 如东 for 江苏省南通市如东县; a city's 市区 is the city."""
    return next((part for part in reversed(Place.parse("".join(city.split())).parts) if len(part) > 1), city)


def _ending(name: str) -> str:
    return next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), "")
