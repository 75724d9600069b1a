"""From ranked candidates to one of three outcomes: answer, offer near misses, or say that we do not know.

The constants are fitted by `python -m benchmarks.calibrate` on practice questions, never on the public bench data.
"""

import math
from collections.abc import Callable, Sequence

from knowledge.match import Hit

ANSWER, PICK, OTHER = 0.8, 0.1, 0.4
"""Least chance of being right to answer outright, to offer candidates, and to take for what is no policy question."""
_WORD = 2
"""Characters up to which a text is a single word."""
_MEANING = (-0.31, 0.69, 0.94, -1.25, -0.11, 1.57)
_LEXICAL = (-0.06, 0.6, 0.0, -1.53, 0.6, 1.66)
_CHANNELS = ("meaning", "profile", "pairs", "ratio", "letters")
_NEAR = 3
_PROFILE, _LIKENESS = 0.25, 0.65
_LEAST, _MOST = 1e-6, 1 - 1e-6

Same = Callable[[str, str], bool]


def evidence(hits: Sequence[Hit], same: Same) -> list[float]:
    """Return what speaks for the first hit: its odds against rivals that mean something else, and how alike it is by itself."""
    top = hits[0]
    chances = [math.exp(hit.score - top.score) for hit in hits]
    ours = sum(chance for chance, hit in zip(chances, hits, strict=True) if hit is top or same(top.key, hit.key))
    share = min(max(ours / sum(chances), _LEAST), _MOST)
    parts = top.features
    agreement = sum(_leads(name, hits, same) for name in _CHANNELS) / len(_CHANNELS)
    return [1.0, math.log(share / (1 - share)), parts.get("meaning", 0.0), parts["ratio"], parts["covered"], agreement]


def _leads(name: str, hits: Sequence[Hit], same: Same) -> bool:
    """Tell whether one channel by itself would choose the first hit too, or one that means the same."""
    best = max(hits, key=lambda hit: hit.features.get(name, 0.0))
    return best is hits[0] or same(hits[0].key, best.key)


def confidence(hits: Sequence[Hit], same: Same) -> float:
    """Return the chance, 0 to 1, that the first hit is right."""
    if not hits or _shares_nothing(hits[0]):
        return 0.0
    weights = _MEANING if "meaning" in hits[0].features else _LEXICAL
    x = sum(w * e for w, e in zip(weights, evidence(hits, same), strict=True))
    return 1 / (1 + math.exp(-x))


def cued_journey(hits: Sequence[Hit]) -> str | None:
    """Return the journey among the first candidates that a cue points to, for when no entry is sure."""
    near = (hit for hit in hits[:_NEAR] if hit.key.startswith("journey:") and "cued" in hit.features)
    return next((hit.key.partition(":")[2] for hit in near), None)


def _shares_nothing(hit: Hit) -> bool:
    """Tell whether a candidate is first only because something must be: 99 of 100 right ones share more."""
    likeness = max(hit.features["ratio"], hit.features["letters"])
    return hit.features["profile"] < _PROFILE and likeness < _LIKENESS


def too_short(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a word or two could mean several entries, so that choices serve better than a guess."""
    return len(text) <= _WORD and hits[0].features["ratio"] < 1.0
