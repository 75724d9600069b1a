"""Find the several questions of one message."""

import re

_ENDS = re.compile(
    r"[?;。!\n]+|(?:另外|还有就是|再问(?:一下|一个)?|还想问(?:一下)?|顺便问(?:一下)?|还有(?=[^,。?]{4}))"
)
_ANNOUNCED = re.compile(r"(?:[二两三四几2-5])(?:个|件|样)(?:事|问题|疑问)|(?:第一|一是|其一|1[、.)])")
_COMMAS = re.compile(r"[?;。!\n,、:]+|(?:第[一二三四五]|[一二三]是|其[一二三]|[1-5][、.)])")
_LEAST = 4
MOST = 6
"""Parts that are looked at; three are answered, the rest offered."""


def parts(text: str) -> list[str]:
    """Cut simplified text where a new question may begin; a single part means there is one question."""
    pattern = _COMMAS if _ANNOUNCED.search(text) else _ENDS
    found = [part.strip(" ,、:的") for part in pattern.split(text)]
    return [part for part in found if len(part) >= _LEAST][:MOST]
