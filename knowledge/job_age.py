"""How old the one who is to work is, said as an age or as a year of birth; 五十多岁 counts as 50."""

import re

from knowledge.job_numbers import value
from knowledge.job_said import Said

_YOUNGEST, _OLDEST = 14, 85
_DIGIT = "[一二三四五六七八九零〇]"
_AGE = r"(\d{2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]十[一二三四五六七八九])"
_KIN = "(?:老头子|老头|老公|老婆|儿子|闺女|女儿|媳妇|丈夫|妻子|爱人|对象|弟弟|妹妹|哥哥|姐姐|老弟|老妹|侄子|外甥|孙子|孙女|爸爸|妈妈|父亲|母亲|我爸|我妈|我哥|我弟|我姐|我妹|孩子|小孩|小子|姑娘|娃|崽|老伴|当家的|口子|男人|小伙子?|丫头|女孩子?|男孩子?|大姐|阿姨|大叔|他|她)"
_SELF = "(?:我|俺|本人|咱|自己|老汉|额|阿拉)"
_TOGETHER = re.compile("一起|一块|夫妻|两口子|两个人")
_BOUND = re.compile(r"不超过|超过|要求|限|低于|高于|满不满|年龄[^,。]{0,3}不")
_YEARS = re.compile(
    rf"(?:今年|现在|虚岁|周岁|实岁|年纪|年龄|岁数|已经|刚满|刚过|整|快|快要|都|马上|才|刚|满|也就|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?){{0,3}}(?:是|有|到)?{_AGE}(?:来|多|几|好几|出头)?(?:周|虚)?(?:岁|周岁)(?:出头|左右|多|了|啦|的人|的)*"
)
_BARE = re.compile(
    rf"(?:(?<=[,。;\s\0])|^)(?:今年|现在|虚岁|年纪|年龄|男|女|男的|女的){{0,2}}{_AGE}(?:多|来岁|出头|挂零)?(?:了|啦|的人了)?(?=[,。;\s\0]|$)"
)
_OF = re.compile(
    rf"(?:{_SELF}|{_KIN})(?:啊|呢|嘛)?(?:今年|现在|虚岁|都|快|快要|已经|也|刚|刚满|才|有){{0,2}}(?:是|有)?{_AGE}(?:多|来岁|出头|挂零)?(?:了|啦|的人了)?(?!年|个|块|元|天|次|多年|来年|几年|点|楼|号)"
)
_MARKED = re.compile(
    rf"(?:今年整?|虚岁|周岁|(?:退伍|退役|退下来|转业|毕业|回来)(?=[^,。;]{{1,5}}(?:[,。;\s]|$))|(?<!不)刚?满|刚过|过了|年方|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?)(?:已经|都|快|有|是)?{_AGE}(?:多|来岁|出头|挂零)?(?:了|啦|的人了)?(?!年|个|块|元|天)"
)
_EITHER = re.compile(
    r"(?<![\d一二三四五六七八九千百万])([二三四五六]十(?:一(?=二)|二(?=三)|三(?=四)|四(?=五)|五(?=六)|六(?=七)|七(?=八)|八(?=九)))[二三四五六七八九]岁?(?:左右)?(?:了|的人了?)?(?=[,。;\s\0]|岁|的|$)"
)
_DONE = re.compile(rf"(?<![\d一二三四五六七八九十学干做开当跑过月]){_AGE}(?:多|出头)?(?:了|啦)")
_ROUGH = re.compile(r"([二三四五六七]十|[2-7]0)(?:出头|来岁|挂零|多了|岁出头|好几)(?:了|的人了)?")
_BORN = re.compile(
    rf"(?:属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?)?(19\d\d|20[01]\d|\d\d|{_DIGIT}{{2}}|一九{_DIGIT}{{2}})年?(?:\d+月)?(?:生的?|出生的?|生人|年的|年生)(?!兵|车|经验|驾龄|工龄|厨|司机|老兵|党龄)"
    rf"|(?:^|(?<=[,。;\s]))([5-9]\d|[五六七八九]{_DIGIT})年(?=[,。;\s]|$)"
)


def birth_year(said: Said, year: int) -> int | None:
    """Take what is said of age, and return the year of birth, None when nothing is said."""
    born = _by_birth(said, year)
    if born is not None:
        return born
    ages = [_Age(value(match[1]), *match.span()) for match in _matches(said)]
    ages = [age for age in ages if _YOUNGEST <= age.years <= _OLDEST and not _is_bound(said, age)]
    for age in ages:
        said.take(age.start, age.end)
    meant = [age for age in ages if not _stays_out(said, age)] or ages
    if not meant:
        return None
    kin = [age for age in meant if re.search(_KIN, said.text[max(0, age.start - 4) : age.end])]
    own = [age for age in meant if re.match(_SELF, said.text[age.start : age.end])]
    return year - (own if _TOGETHER.search(said.text) and own else kin or meant)[-1].years


class _Age:
    def __init__(self, years: int, start: int, end: int) -> None:
        self.years, self.start, self.end = years, start, end


def _by_birth(said: Said, year: int) -> int | None:
    for found in list(said.find(_BORN)):
        digits = "".join(
            str("零一二三四五六七八九".find(c)) if c in "零一二三四五六七八九" else c for c in found[1] or found[2]
        )
        born = int(digits.replace("〇", "0"))
        if born < 100:
            born += 1900 if born > year % 100 - _YOUNGEST else 2000
        if _YOUNGEST <= year - born <= _OLDEST:
            said.take(*found.span())
            return born
    return None


def _matches(said: Said) -> list[re.Match[str]]:
    """Find ages, each way of saying them leaving out what an earlier one found."""
    found: list[re.Match[str]] = []
    for pattern in (_EITHER, _YEARS, _MARKED, _OF, _ROUGH, _BARE, _DONE):
        for match in said.find(pattern):
            if not any(match.start() < other.end() and other.start() < match.end() for other in found):
                found.append(match)
    return sorted(found, key=lambda match: match.start())


def _is_bound(said: Said, age: _Age) -> bool:
    """Tell whether an age is a limit that posts set, not somebody's own."""
    before, behind = said.clause(age.start, age.end)
    return bool(
        _BOUND.search(before[-5:] + said.text[age.start : age.end]) or re.match(r"要求|以[上下内]|限制", behind)
    )


def _stays_out(said: Said, age: _Age) -> bool:
    """Tell whether the one of that age says not to be the one who looks for work."""
    return bool(re.match(r"(?:[^,。]{0,3})(?:不找|不用找|不干了|退休了)", said.clause(age.start, age.end)[1]))
