"""Turn "2", "2", "二", "第二个" or a typed label into the action last offered."""

import re
import unicodedata
from collections.abc import Sequence

from core.reply import Choice

PERSON, BACK = "human", "back"
_FIXED = {PERSON: "0", BACK: "9"}
_HAN = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2", "俩": "2"}
_MARKS = " 。.,、!?"
"""Signs that voice input and habit put behind a digit or a label."""
_ORDINAL = re.compile(
    r"(?:(?:我)?(?:选|要|按|回复)?(?:第)?)?([0-9零〇一二两俩三四五六七八九])(?:个|项|条|号|、|\.|吧|的)*"
)


def bare(text: str) -> str:
    """Return the text half-width, without signs around it."""
    return unicodedata.normalize("NFKC", text).strip(_MARKS)


def numbered(choices: Sequence[Choice]) -> list[tuple[str, Choice]]:
    """Give every choice its digit: 0 is a person, 9 is back, the others count from 1."""
    digits = iter("12345678")
    return [(_FIXED.get(c.action) or next(digits), c) for c in choices]


def digit(text: str) -> str | None:
    """Read a single digit however it is written, or None when the text is something else."""
    found = _ORDINAL.fullmatch(bare(text))
    return _HAN.get(found[1], found[1]) if found else None


def resolve(text: str, menu: Sequence[Choice]) -> str | None:
    """Find the action of the offered choice that the text names by digit or label."""
    wanted = digit(text)
    label = bare(text).casefold()
    for number, choice in numbered(menu):
        if wanted == number or label == bare(choice.label).casefold():
            return choice.action
    return None
