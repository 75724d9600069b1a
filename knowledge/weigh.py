"""What each feature of a match is worth. Fitted by `python -m benchmarks.calibrate` on practice questions only."""

from collections.abc import Mapping

import numpy as np

from knowledge.terms import Scores

Weights = Mapping[str, float]

MEANING: Weights = {
    "letters": 0.53, "sounds": -0.7, "ratio": 2.93, "meaning": 1.38, "covered": 0.29, "second": 0.23, "profile": 2.07,
    "pairs": 3.29, "plane": 1.03, "journey": 1.9, "elsewhere": -0.15, "cued": 2.15, "uncued": -0.25,
}  # fmt: skip
"""With sentence vectors."""

LEXICAL: Weights = MEANING
"""Without."""


def total(weights: Weights, features: Mapping[str, Scores], size: int) -> Scores:
    """Return the weighted sum of the features of each of `size` rows."""
    return sum((np.float32(weights.get(name, 0.0)) * value for name, value in features.items()), np.zeros(size, np.float32))
