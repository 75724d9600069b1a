"""Which of the services of stations words ask for: 补办优待证, 年审, or 优待证, which may be one of two."""

import re
from dataclasses import dataclass

from knowledge.named import Called, alike, contained, shared, sounding, telling

_COMMON = "办理服务申请登记咨询退役军人手续业务事项材料信息预约办证"
"""Words that stand in the names of many services, and in much of what people say."""
_SPLIT = re.compile("(?<=[报办补领转换挂评请做])(?:一下|一?个|了个?)")
"""What stands within a word without changing it: 报个到 is 报到."""
_ANOTHER = re.compile("(?:心理|婚姻|情感|健康|医疗|税务)(?:健康|方面的?)?咨询[师员]?|咨询师|咨询(?:一下)?心理")
"""Advice that is not ours to give, unless it is itself the name of a service."""
_ONLY_NAME = 4
"""In words so few, one pair of characters is enough: 就业."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The services that may be meant, by id, the likeliest first."""

    ids: tuple[int, ...] = ()
    sure: bool = False
    """There is one, and it was named."""


def meant_services(text: str, called: Called) -> Meant:
    """Return what a text asks for; nothing is guessed between two."""
    text = _SPLIT.sub("", text)
    names = telling(called, _COMMON)
    if found := contained(text, names) or sounding(text, names):
        return Meant(found, sure=len(found) == 1)
    text = _ANOTHER.sub("", text)
    loosely = contained(text, called)
    found = shared(text, names, _COMMON, 2)
    likely = found or shared(text, names, _COMMON, 1) or (() if loosely else alike(text, names))
    ids = tuple(dict.fromkeys((*likely, *loosely)))
    return Meant(ids, sure=len(ids) == 1 and bool(found or loosely or len(text) <= _ONLY_NAME))
