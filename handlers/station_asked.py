"""Which words ask for a service station: the nearest, where one is, its telephone, or whether it is open."""

import re

from core.menu import bare
from handlers.turn import Turn

_STATION = "服务站|服务中心|服务点|站里|站上"
_NEAR = "最近|附近|就近|离我|离家|近一?点|近些|哪个近|周边|旁边"
_ABOUT = re.compile(
    "在哪|哪里|哪儿|地址|位置|怎么走|怎么去|咋走|电话|联系方式|几点|啥时候开|什么时候开|开门|开不开|开着|关门|关不关|"
    "上不上班|上班(?:吗|么|没|不|时间)|下班|办公时间|工作时间|作息|休息(?:吗|不|么)|有人(?:吗|没|在|值班|上班)"
)
_OFFICE = re.compile(_STATION)
_NEAREST = re.compile(f"(?:{_NEAR}).{{0,8}}(?:{_STATION}|退役军人|站)|(?:{_STATION}).{{0,8}}(?:{_NEAR})")
_OTHERS = re.compile("约|取消|改期|候补|招|投诉|态度|应聘|志愿|体检|活动|讲座|祭扫")
"""Words about something else."""
_LONGEST = 30
_PLACE = re.compile(".{1,10}(?:镇|乡|村|街道|社区|小区|路|站|[大小]队)(?:的|那边|这边|附近|这里)?")
_ALL = {"服务站", "看服务站", "找服务站", "服务站列表", "全部服务站", "服务站名单", "有哪些服务站"}


def asks_for_nearest(turn: Turn) -> bool:
    """Tell whether the nearest station was asked for, or all of them."""
    text = turn.heard.text
    return bare(text) in _ALL or (_may(text) and _NEAREST.search(text) is not None)


def asks_about(turn: Turn) -> bool:
    """Tell whether words may ask where a station is, for its telephone, or whether it is open."""
    return _may(turn.heard.text) and _ABOUT.search(turn.heard.text) is not None


def names_office(text: str) -> bool:
    """Tell whether a station is spoken of at all."""
    return _OFFICE.search(text) is not None


def answered(turn: Turn) -> bool:
    """Tell whether the words are a question that there is an answer to: 南街的优待证在哪里办."""
    return turn.heard.journey == "faq" and turn.heard.outcome == "answer"


def looks_like_place(text: str) -> bool:
    """Tell whether words are the name of some place, known or not."""
    return _PLACE.fullmatch(bare(text)) is not None


def _may(text: str) -> bool:
    return len(text) <= _LONGEST and _OTHERS.search(text) is None
