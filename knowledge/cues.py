"""Short pieces of text that point to a meaning by themselves."""

import re
from collections.abc import Iterable

from knowledge.normalise import Words, bare, simplify

_GAP = ".{0,6}"


class Cues:
    """A set of cues compiled to one pattern; "…" in a cue stands for up to six characters."""

    def __init__(self, cues: Iterable[str], words: Words) -> None:
        pieces = [[bare(words.standard(simplify(part))) for part in cue.split("…")] for cue in cues]
        patterns = sorted((_GAP.join(map(re.escape, parts)) for parts in pieces), key=len, reverse=True)
        self._pattern = re.compile("|".join(patterns) or "(?!)")

    def find(self, text: str) -> str | None:
        """Return the first cue in a bare standard text, None for none."""
        found = self._pattern.search(text)
        return found[0] if found else None
