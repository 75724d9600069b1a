"""Bring the many ways of writing one thing to one form before anything is compared."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from opencc import OpenCC

from core.text import clean

_TO_SIMPLIFIED = OpenCC("t2s")
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(4096)
def simplify(text: str) -> str:
    """Return half-width, simplified, lower-case text without unseen characters; punctuation stays."""
    text = unicodedata.normalize("NFKC", clean(text)).lower()
    return text if all(map(_is_simplified, text)) else str(_TO_SIMPLIFIED.convert(text))


@lru_cache(16384)
def _is_simplified(character: str) -> bool:
    """Spare nearly every text the slow conversion by phrases."""
    return bool(_TO_SIMPLIFIED.convert(character) == character)


def bare(text: str) -> str:
    """Drop punctuation and spaces."""
    return _NOT_WORD.sub("", text)


class Words:
    """Dialect, old and wrong words with the standard word for each, replaced longest first."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {simplify(said): meant for said, meant in words.items()}
        longest_first = sorted(self._words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def standard(self, text: str) -> str:
        """Return the text in standard words."""
        return self._pattern.sub(lambda m: self._words[m[0]], text)
