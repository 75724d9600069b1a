"""Short pieces of text that point to a meaning by themselves."""

import re
from collections.abc import Iterable

from knowledge.normalise import Words, bare, simplify

_GAP = ".{0,6}"
_PIECES = re.compile(r"\[[^\]]*\]|…|[^\[…]+")


class Cues:
    """A set of cues compiled to one pattern; "…" stands for up to six characters, "[甲|乙]" for either word."""

    def __init__(self, cues: Iterable[str], words: Words) -> None:
        self._words = words
        patterns = ("".join(map(self._compiled, _PIECES.findall(cue))) for cue in cues)
        self._pattern = re.compile("|".join(sorted(patterns, key=len, reverse=True)) or "(?!)")

    def _compiled(self, piece: str) -> str:
        if piece == "…":
            return _GAP
        either = (re.escape(bare(self._words.standard(simplify(word)))) for word in piece.strip("[]").split("|"))
        return f"(?:{'|'.join(either)})" if piece.startswith("[") else next(either)

    def find(self, text: str) -> str | None:
        """Return the first cue in a bare standard text, None for none."""
        found = self._pattern.search(text)
        return found[0] if found else None
