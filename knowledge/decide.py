"""From ranked candidates to one of three outcomes: answer, offer near misses, or say that we do not know.

The constants are fitted by `python -m benchmarks.calibrate` on practice questions, never on the public bench data.
"""

import math
from collections.abc import Callable, Sequence

from knowledge.match import Hit

ANSWER, PICK, OTHER = 0.62, 0.1, 0.4
"""Least chance of being right to answer outright, to offer candidates, and to take for what is no policy question."""
_WORD = 2
"""Characters up to which a text is a single word."""
_MEANING = (-4.0, 0.6, 2.0, 1.0, 1.0)
_LEXICAL = (-3.0, 0.6, 0.0, 2.0, 2.0)
_LEAST, _MOST = 1e-6, 1 - 1e-6

Same = Callable[[str, str], bool]


def evidence(hits: Sequence[Hit], same: Same) -> list[float]:
    """Return what speaks for the first hit: its odds against rivals that mean something else, and how alike it is by itself."""
    top = hits[0]
    chances = [math.exp(hit.score - top.score) for hit in hits]
    ours = sum(chance for chance, hit in zip(chances, hits, strict=True) if hit is top or same(top.key, hit.key))
    share = min(max(ours / sum(chances), _LEAST), _MOST)
    parts = top.features
    return [1.0, math.log(share / (1 - share)), parts.get("meaning", 0.0), parts["ratio"], parts["covered"]]


def confidence(hits: Sequence[Hit], same: Same) -> float:
    """Return the chance, 0 to 1, that the first hit is right."""
    if not hits:
        return 0.0
    weights = _MEANING if "meaning" in hits[0].features else _LEXICAL
    x = sum(w * e for w, e in zip(weights, evidence(hits, same), strict=True))
    return 1 / (1 + math.exp(-x))


def too_short(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a word or two could mean several entries, so that choices serve better than a guess."""
    return len(text) <= _WORD and hits[0].features["ratio"] < 1.0
