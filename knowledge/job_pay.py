"""What somebody wants to earn a month; pay by the hour, the day or the year is not converted, for that would be invented."""

import re
from dataclasses import dataclass

from knowledge.job_corrected import uncorrected
from knowledge.job_numbers import PAIR, PLAIN, lower, value
from knowledge.job_said import Said

_LEAST, _MOST = 1000, 100_000
_LEAST_BY_HOUR = 8
_MONEY = r"(?:元|块钱|块|蚊|圆|人民币|rmb)"
_MONTH = r"(?:(?:每|一|1)?个?月(?:薪|工资|入|收入|到手)?|月薪|月入|工资|薪水|薪资|待遇|收入|到手|底薪|钱)"
_OTHER_TIME = re.compile(
    rf"(?:(?:一|每|1)(?:个)?(?:天|日|小时|钟头|班|年)|日薪|时薪|日工资|天|年薪|年收入|计时|计件)(?:给|能|有|挣|赚|拿|个|得|要|到手|至少|不低于|最少|大概|差不多){{0,3}}{PLAIN}(?:到{PLAIN})?"
    rf"(?:多|来)?{_MONEY}?(?:钱)?(?:以上|起|左右|往上)?"
    rf"|(?!(?:19|20)\d\d年){PLAIN}(?:到{PLAIN})?(?:多|来)?{_MONEY}?(?:钱)?(?:一|每|1|/|一个|每个)(?:个)?(?:天|日|小时|钟头|钟|班|年|件)(?:以上|起|左右|往上)?"
)
_AROUND = r"(?:大概|差不多|最少|最低|至少|起码|不低于|不少于|高于|超过|大于|要|得|能有|能拿|给个|给|有个|有|在|到|少说|怎么也得|保底|上|过|破|满|达到|不要低于|别低于|别少于|不能低于|不能少于|低不了|的)?"
_AFTER = (
    r"(?:多|来|几|把|出头)?"
    + _MONEY
    + r"?(?:钱)?(?:/月|每月|一个月|一月|月)?(?:及)?(?:以上|往上|朝上|起步|打底|左右|上下|起|保底|出头|向上|\+|的样子|多|就行|就可以|就够|也行|也可以)*(?:吧|哈)?"
)
_RANGE = re.compile(
    rf"(?:{_MONTH}{_AROUND})?{_AROUND}({PLAIN}){_MONEY}?(?:到|至|-|~|—|、|或者)({PLAIN})(?!岁|年|点|楼|号|路|月份|天|小时|周岁){_AFTER}"
)
_ONE = re.compile(
    rf"(?:{_MONTH}{_AROUND})?{_AROUND}({PAIR}|万把|万儿八千|上万|过万|破万|万(?=元|块)|{PLAIN})(?!岁|年|点|楼|号|路|月份|个人|个月|周岁|天|小时|米|公里|公斤|斤|多岁){_AFTER}"
)
_BELOW = re.compile(
    rf"(?:不到|低于|少于|没有|不足){PLAIN}{_MONEY}?(?:钱)?(?:的|就)?(?:我|俺)?(?:不|免谈|别)[^,。;!?\0]{{0,4}}"
)
_UNDER = re.compile(
    rf"({PLAIN}){_MONEY}?(?:钱)?以(?:下|内)(?:的)?(?:我|俺|就)?(不|免谈|别)?(?:干|去|要|做|谈|考虑|用说|用找我|找我)*"
)
_ROUND = {"万把": 10000, "上万": 10000, "过万": 10000, "破万": 10000, "万": 10000, "万儿八千": 8000}
_FREE = re.compile(
    r"(?:工资|钱|待遇|薪水|薪资|收入)(?:多少|高低|不钱的?|多点少点)?(?:都)?(?:无所谓|随便|好说|再说|好商量|面议|不限|不论|没要求|没关系|不计较|不讲究|可以谈|都行|都可以|都可)"
    r"|钱不钱的(?:再说|无所谓)"
)
_AT_MOST = re.compile(rf"不超过{PLAIN}{_MONEY}?(?:钱)?")
_NUMBER = re.compile(PLAIN)
_LOW = re.compile("(?:太|有点|嫌)?(?:低|少)了?|不够")
_PAST = re.compile(
    r"(?:以前|之前|原来|原先|早先|过去|曾经|当年|那时|那会儿?|当时|目前|现在|在外[面头地]|老单位|原单位|上一?家|去年|前年|上个月)(?:(?!现在|如今|想|要|至少|不低于|起码|找)[^,。;]){0,12}?"
    r"(?:拿|挣|赚|给|开|有|工资|收入|月薪|一个月|每月|是|才|只有)(?:到手|过|了|的|到|能|个|大概|差不多)*$"
)
"""What somebody earned is not what they ask for."""
_ASKED = re.compile(r"(?:想|找|换)[^,。;]{0,6}$")
_WON = re.compile(rf"(?:不到|低于|少于|没有|不足)({PLAIN})")


@dataclass(frozen=True, slots=True)
class _Paid:
    """Pay a month, and where it is said."""

    start: int
    amount: int


def pay_from(said: Said) -> int | None:
    """Take what is said of pay, and return the least a month, None when nothing is said."""
    for found in list(said.find(_OTHER_TIME)):
        if max(map(value, _NUMBER.findall(found[0]))) >= _LEAST_BY_HOUR:
            said.keep(*found.span())
    for found in list(said.find(_AT_MOST)):
        said.keep(*found.span())
    said.take_all(_FREE)
    paid = uncorrected(said.text, [*_refused(said), *_ranges(said), *_single(said)])
    meant = [one for one in paid if not _PAST.search(said.text[: one.start])]
    asked = [one for one in meant if _ASKED.search(said.text[: one.start])]
    return (asked or meant)[0].amount if meant else None


def _refused(said: Said) -> list[_Paid]:
    """Read 少于五千不谈 and 四千以下不去; 以下 alone sets no least."""
    least = []
    for found in list(said.find(_BELOW)):
        amount = _WON.match(found[0])
        if amount and _is_pay(value(amount[1])):
            least.append(_Paid(found.start(), value(amount[1])))
            said.take(*found.span())
    for found in list(said.find(_UNDER)):
        if _is_pay(value(found[1])):
            if found[2]:
                least.append(_Paid(found.start(), value(found[1])))
                said.take(*found.span())
            else:
                said.keep(*found.span())
    return least


def _ranges(said: Said) -> list[_Paid]:
    least = []
    for found in list(said.find(_RANGE)):
        low, high = value(found[1]), value(found[2])
        while low < high / 10 and low < _LEAST:
            low *= 10
        low = low * 10 if low < _LEAST <= low * 10 <= high else low
        if _is_pay(low) and low <= high:
            least.append(_Paid(found.start(1), low))
            said.take(*found.span())
    return least


def _single(said: Said) -> list[_Paid]:
    least = []
    for found in list(said.find(_ONE)):
        amount = found[1]
        read = _ROUND.get(amount) or (lower(amount) if re.fullmatch(PAIR, amount) else value(amount))
        if _is_pay(read) and not _LOW.match(said.text[found.end() :]):
            least.append(_Paid(found.start(1), read))
            said.take(*found.span())
    return least


def _is_pay(amount: int) -> bool:
    return _LEAST <= amount <= _MOST
