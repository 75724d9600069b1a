"""Repair words that sound like a word of the knowledge base: 优待正 -> 优待证."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import jieba

from knowledge.cutting import cut
from knowledge.sound import blurred, syllables

_HAN = re.compile("([\u4e00-\u9fff]+)")
_EXACT, _NEAR = 4.0, 6.0
"""Cost in nats of replacing a word by one of the same sound, and of nearly the same."""
_OURS = 0.7
"""Share of the knowledge base in the mixed word frequencies, against general Chinese."""
_LONGEST = 6
_UNKNOWN_CHARACTER = 18.0


class Speller:
    """The cheapest reading of a text, where any span may be itself or a known word of its sound."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter(word for text in texts for word in cut(text))
        self._total = sum(self._counts.values()) or 1
        self._same: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._sounding: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for word in self._counts:
            if len(word) <= _LONGEST and _HAN.fullmatch(word):
                self._sounding[blurred(word)].append(word)
                if len(word) > 1:
                    self._same[syllables(word)].append(word)

    def knows(self, word: str) -> bool:
        """Tell whether the knowledge base uses the word."""
        return word in self._counts

    def spell(self, sounds: tuple[str, ...]) -> str:
        """Return the likeliest words of the knowledge base for blurred syllables, as pinyin typed in letters needs."""
        n = len(sounds)
        best, back = [0.0] + [math.inf] * n, [(0, "")] * (n + 1)
        for start in range(n):
            for end in range(start + 1, min(n, start + _LONGEST) + 1):
                for word in self._sounding.get(sounds[start:end], ()):
                    cost = self._cost(word)
                    if cost is not None and best[start] + cost < best[end]:
                        best[end], back[end] = best[start] + cost, (start, word)
        return _trace(back, n) if best[n] < math.inf else ""

    def repair(self, text: str) -> str:
        """Return the repaired text; anything but Chinese characters stays as it is."""
        return "".join(self._repair_run(part) if i % 2 else part for i, part in enumerate(_HAN.split(text)))

    def _cost(self, word: str) -> float | None:
        general = jieba.dt.FREQ.get(word, 0) or (0.5 if len(word) == 1 else 0)
        share = _OURS * self._counts[word] / self._total + (1 - _OURS) * general / jieba.dt.total
        if share > 0:
            return -math.log(share)
        return _UNKNOWN_CHARACTER if len(word) == 1 else None

    def _readings(self, span: str, sounds: tuple[str, ...], merged: tuple[str, ...]) -> Iterable[tuple[str, float]]:
        yield span, 0.0
        if len(span) > 1:
            yield from ((word, _EXACT) for word in self._same.get(sounds, ()) if word != span)
            yield from ((word, _NEAR) for word in self._sounding.get(merged, ()) if word != span)

    def _repair_run(self, run: str) -> str:
        sounds, merged, n = syllables(run), blurred(run), len(run)
        if len(sounds) != n:
            return run
        best, back = [0.0] + [math.inf] * n, [(0, "")] * (n + 1)
        for start in range(n):
            for end in range(start + 1, min(n, start + _LONGEST) + 1):
                for word, penalty in self._readings(run[start:end], sounds[start:end], merged[start:end]):
                    cost = self._cost(word)
                    if cost is not None and best[start] + cost + penalty < best[end]:
                        best[end], back[end] = best[start] + cost + penalty, (start, word)
        return _trace(back, n)


def _trace(back: list[tuple[int, str]], end: int) -> str:
    words = []
    while end:
        end, word = back[end]
        words.append(word)
    return "".join(reversed(words))
