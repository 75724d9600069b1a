"""What somebody takes back: in 深圳，不对，是东莞 the first is not meant."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

_STOPS = r"[\s,.;:!?。、…~]"
TAKES_BACK = re.compile(
    rf"(?:{_STOPS}|哦|噢|啊|呃|额|诶|哎|唉|嗯|呀)*"
    r"(?:不对(?![口劲等])|不是不是|[说讲打写搞弄记]错了?|错了|口误|更正(?:一下)?|说反了|算了,?还是)(?:应该)?(?:我要的?|我是说)?是?"
)
_NEAR = 14
"""Characters behind it within which the right one is said."""


class Placed(Protocol):
    """Something that was said, by where it stands."""

    @property
    def start(self) -> int:
        """Return where it begins."""
        ...


_P = TypeVar("_P", bound=Placed)


def uncorrected(text: str, found: Sequence[_P]) -> list[_P]:
    """Leave out what was said just before it was taken back, where another is said in its stead."""
    left = list(found)
    for mark in TAKES_BACK.finditer(text):
        begins = max((stop.end() for stop in re.finditer(_STOPS, text[: mark.start()])), default=0)
        wrong = [one for one in left if begins <= one.start < mark.start()]
        if any(mark.end() <= one.start <= mark.end() + _NEAR for one in left):
            left = [one for one in left if one not in wrong]
    return left
