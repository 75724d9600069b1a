"""From ranked candidates to one of three outcomes: answer, offer near misses, or say that we do not know.

The constants are fitted by `python -m benchmarks.calibrate` on practice questions, never on the public bench data.
"""

import math
from collections.abc import Callable, Sequence

from knowledge.match import Hit

ANSWER, PICK, OTHER = 0.62, 0.12, 0.4
"""Least probability of being right to answer outright, to offer candidates, and to take for what is no policy question."""
_BIAS = -5.0
_TOP, _GAP, _MEANING, _RATIO = 0.2, 0.5, 2.0, 1.0


def confidence(hits: Sequence[Hit], same: Callable[[str, str], bool]) -> float:
    """Return the probability that the first hit is right; hits that mean the same do not count as rivals."""
    if not hits:
        return 0.0
    top = hits[0]
    rival = next((h.score for h in hits[1:] if not same(top.key, h.key)), 0.0)
    x = (
        _BIAS
        + _TOP * top.score
        + _GAP * (top.score - rival)
        + _MEANING * top.features.get("meaning", 0.0)
        + _RATIO * top.features["ratio"]
    )
    return 1 / (1 + math.exp(-x))


def too_short(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a word or two could mean several entries, so that choices serve better than a guess."""
    return len(text) <= _WORD and hits[0].features["ratio"] < 1.0


_WORD = 2
"""Characters up to which a text is a single word."""
