"""What each feature of a match is worth. Fitted by `python -m benchmarks.calibrate` on practice questions only."""

from collections.abc import Mapping

import numpy as np

from knowledge.terms import Scores

Weights = Mapping[str, float]

KINDS = ("journey", "smalltalk", "elsewhere", "cued", "uncued")
"""Features that tell what kind of document it is: 1 or 0."""

MEANING: Weights = {
    "letters": 0.58, "sounds": -0.02, "ratio": 2.25, "meaning": 1.63, "covered": 0.09, "second": 1.62, "profile": 2.58,
    "pairs": 3.01, "plane": 0.86, "journey": 1.74, "smalltalk": 0.04, "elsewhere": -0.17, "cued": 2.87, "uncued": -0.44,
}  # fmt: skip
"""With sentence vectors."""

LEXICAL: Weights = {
    "letters": 1.24, "sounds": -0.2, "ratio": 3.26, "covered": 0.48, "second": 2.16, "profile": 4.52,
    "pairs": 3.75, "journey": 1.32, "smalltalk": 1.13, "elsewhere": 1.04, "cued": 2.07, "uncued": -0.75,
}  # fmt: skip
"""Without."""


def total(weights: Weights, features: Mapping[str, Scores], size: int) -> Scores:
    """Return the weighted sum of the features of each of `size` rows."""
    return sum(
        (np.float32(weights.get(name, 0.0)) * value for name, value in features.items()), np.zeros(size, np.float32)
    )
