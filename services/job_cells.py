"""Pay, ages, days and the like as employers write them, read strictly: what cannot be understood is refused, never guessed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from core.errors import Refusal

_SPAN = r"[-~\u2013\u2014\u81f3\u5230]+"  # - ~ – — 至 到
_PAY = re.compile(rf"(\d+(?:\.\d+)?)([万千wk]?)(?:{_SPAN}(\d+(?:\.\d+)?)([万千wk]?))?(以上|起|\+|左右)?")
_PAY_NOISE = re.compile(
    r"每个?月|/月|一个?月|月薪|工资|底薪|保底|综合|到手|人民币|元|块|约|税[前后]"
    r"|[+,;加](提成|奖金|绩效|补贴|餐补|房补|加班费|全勤|社保|五险).*"
)
_NEGOTIABLE = re.compile(r"(工资|薪资|待遇|月薪)?(面议|面谈|电议|详谈)")
_NOT_MONTHLY = re.compile(r"年|天|日|小时|时薪|计件")
_UNITS = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000}
_LEAST_PAY, _MOST_PAY = 500, 200_000
_AGES = re.compile(rf"(\d+)(?:{_SPAN}(\d+)|(以上|起)|(以下|以内|之内))")
YOUNGEST = 16
_OLDEST = 100
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:T?00:00(?::00)?)?|(\d\d)(\d\d))")
_FARTHEST = timedelta(days=730)
_NO_LIMIT = ("不限", "无", "无要求", "没有要求", "-", "/")
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))


def plain(text: str) -> str:
    """Return a text in half width, small letters, without spaces or commas within numbers."""
    narrow = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return re.sub(r"(?<=\d),(?=\d{3})", "", narrow)


def read_pay(text: str) -> tuple[int | None, int | None]:
    """Return yuan a month, from and to; two Nones for 面议.

    Raises:
        Refusal: it is no pay a month, or cannot be one.
    """
    written = plain(text)
    if _NEGOTIABLE.fullmatch(written):
        return None, None
    if written.startswith("-"):
        raise Refusal(f"月薪“{text}”不能是负数")
    if _NOT_MONTHLY.search(written):
        raise Refusal(f"月薪“{text}”不是按月算的，请换算成每月多少元，原来的写法放在说明里")
    found = _PAY.fullmatch(_PAY_NOISE.sub("", written))
    if found is None:
        raise Refusal(f"月薪“{text}”看不懂，请写成 5000-8000 或者面议")
    low, unit, high, high_unit = found[1], found[2] or found[4] or "", found[3] or found[1], found[4] or found[2]
    pay_from, pay_to = round(float(low) * _UNITS[unit]), round(float(high) * _UNITS[high_unit or ""])
    if pay_from > pay_to:
        raise Refusal(f"月薪“{text}”写反了，前面的应该小一些")
    if pay_to > _MOST_PAY:
        raise Refusal(f"月薪“{text}”太高，是不是多写了零，或者填了年薪")
    if pay_from < _LEAST_PAY:
        raise Refusal(f"月薪“{text}”太低，是不是填了日薪、时薪，或者漏写了千、万")
    return pay_from, pay_to


def read_ages(text: str) -> tuple[int | None, int | None]:
    """Return the youngest and the oldest that a post takes.

    Raises:
        Refusal: it cannot be understood, or would take children.
    """
    written = re.sub(r"年龄|周岁|岁|[()]", "", plain(text))
    if written in _NO_LIMIT:
        return None, None
    found = _AGES.fullmatch(written)
    if found is None:
        raise Refusal(f"年龄“{text}”看不懂，请写成 18-50，或者 50以下")
    first, second = int(found[1]), int(found[2]) if found[2] else None
    youngest, oldest = (None, first) if found[4] else (first, second)
    if youngest is not None and oldest is not None and youngest > oldest:
        raise Refusal(f"年龄“{text}”写反了，前面的应该小一些")
    given = [age for age in (youngest, oldest) if age is not None]
    if min(given) < YOUNGEST:
        raise Refusal(
            f"年龄“{text}”不行：法律禁止招用不满 {YOUNGEST} 周岁的人（劳动法第十五条、禁止使用童工规定第二条）"
        )
    if max(given) > _OLDEST:
        raise Refusal(f"年龄“{text}”不对，请检查")
    return youngest, oldest


def read_closing(text: str, today: date) -> date:
    """Return the last day of a post.

    Raises:
        Refusal: it is no day, has passed, or is years away.
    """
    found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    try:
        day = date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Refusal(f"截止日期“{text}”看不懂，请写成 {today.year}-12-31 这样")
    if day < today:
        raise Refusal(f"截止日期 {day} 已经过了")
    if day - today > _FARTHEST:
        raise Refusal(f"截止日期 {day} 太远，请检查年份")
    return day


def read_count(text: str, column: str, most: int) -> int:
    """Return how many.

    Raises:
        Refusal: it is no number, or none that can be.
    """
    written = re.sub(r"[人名个]+$", "", plain(text))
    if not (written.isascii() and written.isdigit() and int(written) <= most):
        raise Refusal(f"{column}“{text}”不对，请写 {most} 以内的数字")
    return int(written)


def read_named(text: str, column: str, names: Mapping[str, str], shown: Mapping[str, str]) -> str | None:
    """Return what a word of a short list stands for, None for 不限.

    Raises:
        Refusal: it is not in the list.
    """
    written = plain(text)
    if written in _NO_LIMIT:
        return None
    if written not in names:
        raise Refusal(f"{column}“{text}”不认识，请填{'、'.join(shown.values())}")
    return names[written]


def read_credit_code(text: str) -> str:
    """Return a unified social credit code, checked by its last sign (GB 32100-2015).

    Raises:
        Refusal: it is none.
    """
    code = plain(text).upper()
    if len(code) == len(_CODE_WEIGHTS) + 1 and set(code) <= set(_CODE_SIGNS):
        whole = sum(_CODE_SIGNS.index(sign) * weight for sign, weight in zip(code, _CODE_WEIGHTS, strict=False))
        if _CODE_SIGNS[-whole % 31] == code[-1]:
            return code
    raise Refusal(f"统一社会信用代码“{text}”不对，应是 18 位，请核对")
