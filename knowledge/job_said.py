"""What somebody said of work, and which of its characters have been understood so far."""

import re
from collections.abc import Iterator

from knowledge.cutting import cut

_GONE = "\0"
_APART = re.compile(r"[\s,.;:!?、。…~()\"'“”‘’\-/+\0]+")


class Said:
    """A simplified text from which one reader after the other takes what it understands."""

    def __init__(self, text: str, written: str = "") -> None:
        """Read a text; `written` is the same before mistaken words were put right, and is what is shown of it."""
        self.text = text
        self._shown = written if len(written) == len(text) else text
        self._taken = [False] * len(text)
        self._kept = [False] * len(text)

    @property
    def open(self) -> str:
        """Return the text with what is understood blanked out, so that every place stays where it is."""
        blank = (taken or kept for taken, kept in zip(self._taken, self._kept, strict=True))
        return "".join(_GONE if gone else c for c, gone in zip(self.text, blank, strict=True))

    @property
    def edges(self) -> frozenset[int]:
        """Return where words begin and end: 保定 is no place in 医保定点, and 安保 no work in 平安保险."""
        edges = [0]
        for word in cut(self.text):
            start = self.text.index(word, edges[-1])
            edges += [start, start + len(word)]
        return frozenset(edges)

    def take(self, start: int, end: int) -> None:
        """Note characters as understood."""
        self._taken[start:end] = [True] * (end - start)

    def keep(self, start: int, end: int) -> None:
        """Note characters as recognised but of no use: no other reader gets them, and they are shown as not understood."""
        self._kept[start:end] = [True] * (end - start)

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Find a pattern in what is still open."""
        return pattern.finditer(self.open)

    def take_all(self, pattern: re.Pattern[str]) -> bool:
        """Take every match of a pattern; tell whether there was one."""
        found = [match.span() for match in self.find(pattern)]
        for start, end in found:
            self.take(start, end)
        return bool(found)

    def clause(self, start: int, end: int) -> tuple[str, str]:
        """Return what stands before and behind a span, up to the next stop."""
        before = re.split(r"[,.;!?。、\n]", self.text[:start])[-1]
        behind = re.split(r"[,.;!?。、\n]", self.text[end:])[0]
        return before, behind

    def pieces(self) -> Iterator[str]:
        """Return what is left, in the words that it was said in."""
        left = "".join(_GONE if taken else c for c, taken in zip(self._shown, self._taken, strict=True))
        return (piece for piece in _APART.split(left) if piece)
