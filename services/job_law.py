"""What in a post the law may forbid, for staff to look at before anybody is told of it: a hint by words, not a ruling."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.job_sheet import JobSheet

_ADULT, _YOUNG_LIMIT = 18, 35
_GUARDS = ("保安", "门卫", "押运员")
"""Kinds of work that the regulation on guards (保安服务管理条例) counts as theirs."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is said to staff of a flag."""

    sentence: str
    law: str
    """The law with its article; "" where no national law forbids it."""


_NOT = r"(?<![不非无未])"
_BOTH = re.compile(r"男[女、/和或及]{1,2}女?(?:均可|不限|都可|皆可|都行|兼收)|不限男女|性别不限|不限性别|男女")
_ONLY = (
    r"[限须]{0}|(?<!不)[招要]{0}|要求{0}|招聘{0}|{0}(?:性|士|生|工)?优先|性别[:\s]*{0}|{0}[性士生工]?[,;)。]"
    r"|\({0}|(?:^|[,;。\s]){0}(?:性|士|生|工)?(?:$|[\s\d])|(?:^|[,;。\s])(?:急招|诚聘|聘)?{0}(?:性|士)?(?:{1})"
)
"""How a post says that it wants the one sex only, by the sign of that sex and the words for its work."""
_WORKERS = (
    "保安|门卫|司机|普工|杂工|操作工|焊工|电工|服务员|收银员|保洁|护工|店员|导购|技师|学徒|员工|文员|客服|营业员|迎宾"
    "|前台|销售|工"
)
_MEN = re.compile(_ONLY.format("男(?![装鞋厕款科])", _WORKERS) + r"|不[招要收]女")
_WOMEN = re.compile(_ONLY.format("女(?![装鞋厕款科])", _WORKERS) + r"|不[招要收]男")
_MINES = re.compile(r"井下")
_FAMILY = re.compile(
    r"[已未]婚|[已未]育|婚育|单身优先|限单身|(?:不|无)(?:得|准)?怀孕|孕检|妊娠|(?:暂|近期|短期)?(?:不|无)生育|备孕"
)
_ORIGIN = re.compile(
    r"(?:限|[只仅](?:招|要|限))汉族|汉族优先|不[招要收](?:少数民族|回族|维族|维吾尔|藏族|外族)|非少数民族"
)
_FAITH = re.compile(r"不[招要收]?(?:信教|有宗教)|无宗教信仰|无信仰|不信(?:仰宗)?教|不得信(?:仰宗)?教")
_DISABLED = re.compile(r"不[招要收]残|无残疾|非残疾|残疾人?勿|残疾人?(?:不[招要收]|除外)|(?<!肢体)四肢健全|身体无缺陷")
_CARRIER = re.compile(
    r"乙肝|两对半|表面抗原|澳抗|(?:无|没有|非)传染(?:病|性)|传染病(?:者|患者)?(?:勿|除外|不[招要收])|艾滋|HIV",
    re.IGNORECASE,
)
_NO_MONEY = re.compile(
    r"(?:无需|无须|不用|不需要?|不必|不得|禁止|绝不|从不)(?:再|先|另外?|提前|向.{0,4})?[交缴收付扣][^,.;、。\s]{0,6}(?:金|费)"
)
_MONEY = re.compile(
    rf"{_NOT}(?:[交缴收付](?:取|纳)?|扣)(?:[^,.;、。\s不无]{{0,4}})(?:押金|保证金|服装费|工装费|培训费|报名费|体检费|中介费|介绍费)|押身份证|扣押?(?:身份证|证件)"
)
_LATE = re.compile(r"夜班|晚班|倒班|通宵")
_DENS = re.compile(r"酒吧|夜总会|KTV|歌厅|网吧|电竞馆|棋牌室|洗浴|足浴", re.IGNORECASE)
_TEXT_LIMIT = re.compile(
    r"(?<!\d)(\d\d)(?:周?岁)?(?:\(含\))?及?(?:以下|以内|之内)|(?:不超过|小于|低于)(\d\d)周?岁"
    r"|\d\d(?:周?岁)?[-~\u2013\u2014\u81f3\u5230](\d\d)周?岁"
)
_CHILDREN = re.compile(
    r"(?<!\d)1[0-5]周?岁(?:及?以上|起|[-~\u2013\u2014\u81f3\u5230])|年?满1[0-5]周?岁|(?<!\d)1[0-5][-~\u2013\u2014\u81f3\u5230][2-6]\d周?岁|童工"
)
_NO_CHILDREN = re.compile(r"(?:不[招用收]|禁止|严禁|拒绝|杜绝|不使?用)(?:使用|招用)?童工")

LABELS: Mapping[str, Label] = {
    "child": Label(
        "写着不满 16 周岁的人也可以：法律禁止招用。",
        "劳动法第十五条、禁止使用童工规定第二条",
    ),
    "young_hazard": Label(
        "年龄从 16、17 岁起，而这个工种可能有危险或有毒有害的活：不能安排给未成年工。",
        "劳动法第六十四条、未成年人保护法第六十一条",
    ),
    "young_night": Label(
        "年龄从 16、17 岁起，又写了夜班或倒班：招未成年工要遵守国家对劳动时间的规定，请核对。",
        "未成年人保护法第六十一条",
    ),
    "young_place": Label("年龄从 16、17 岁起，场所像是不适宜未成年人的（酒吧、网吧等）。", "未成年人保护法第六十一条"),
    "guard_age": Label("保安员要年满 18 周岁。", "保安服务管理条例第十六条"),
    "men": Label(
        "写了只要男性或男性优先：除国家规定不适合妇女的岗位外，不可以。",
        "就业促进法第二十七条、妇女权益保障法第四十三条",
    ),
    "women": Label("写了只要女性或女性优先：就业不得因性别受歧视，请核对。", "劳动法第十二条、就业促进法第三条"),
    "family": Label(
        "问了或限制了婚姻、生育：婚育情况不能作为录用条件。", "妇女权益保障法第四十三条、就业促进法第二十七条"
    ),
    "origin": Label("对民族有限制：不得歧视。", "就业促进法第三条、第二十八条"),
    "faith": Label("对宗教信仰有限制：不得歧视。", "就业促进法第三条、劳动法第十二条"),
    "disabled": Label("像是不要残疾人：招用人员不得歧视残疾人。", "就业促进法第二十九条"),
    "carrier": Label(
        "提到了乙肝或传染病：不得因携带病原拒绝录用，法律禁止从事的岗位（例如直接入口食品）除外。", "就业促进法第三十条"
    ),
    "money": Label("像是要交押金、费用或扣证件：招人不得收取财物、扣押证件。", "劳动合同法第九条"),
    "age_limit": Label(
        "年龄上限在 35 岁或以下，请核对是不是岗位真的需要：国家法律没有写明禁止，但会挡住大多数退役军人。", ""
    ),
}
"""In the order in which they are shown."""


def flags(sheet: JobSheet) -> list[str]:
    """Return the names of what staff should look at, in the order of LABELS."""
    text = f"{sheet.title}\n{sheet.about}".replace("，", ",").replace("：", ":").replace("；", ";")
    text = _BOTH.sub("", text.replace("（", "(").replace("）", ")"))
    return [name for name in LABELS if _CHECKS[name](sheet, text)]


def _takes_minors(sheet: JobSheet) -> bool:
    return sheet.age_from is not None and sheet.age_from < _ADULT


def _limits_age(sheet: JobSheet, text: str) -> bool:
    """Tell whether most veterans are too old for a post, by its cell or by its words."""
    written = [int(found[1] or found[2] or found[3]) for found in _TEXT_LIMIT.finditer(text)]
    ages = [age for age in (sheet.age_to, *written) if age is not None and age >= _ADULT]
    return bool(ages) and min(ages) <= _YOUNG_LIMIT


_CHECKS: Mapping[str, Callable[[JobSheet, str], bool]] = {
    "child": lambda _, text: _CHILDREN.search(_NO_CHILDREN.sub("", text)) is not None,
    "young_hazard": lambda sheet, _: _takes_minors(sheet) and sheet.hazard,
    "young_night": lambda sheet, text: (
        _takes_minors(sheet) and (sheet.shift in ("night", "rotating") or _LATE.search(text) is not None)
    ),
    "young_place": lambda sheet, text: _takes_minors(sheet) and _DENS.search(f"{sheet.employer}\n{text}") is not None,
    "guard_age": lambda sheet, _: _takes_minors(sheet) and sheet.kind in _GUARDS,
    "men": lambda _, text: _MEN.search(text) is not None and _MINES.search(text) is None,
    "women": lambda _, text: _WOMEN.search(text) is not None,
    "family": lambda _, text: _FAMILY.search(text) is not None,
    "origin": lambda _, text: _ORIGIN.search(text) is not None,
    "faith": lambda _, text: _FAITH.search(text) is not None,
    "disabled": lambda _, text: _DISABLED.search(text) is not None,
    "carrier": lambda _, text: _CARRIER.search(text) is not None,
    "money": lambda _, text: _MONEY.search(_NO_MONEY.sub("", text)) is not None,
    "age_limit": _limits_age,
}
