"""Rank what could be meant by a question: letters, words, sounds and, where the model is installed, meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge import vectors
from knowledge.cues import Cues
from knowledge.normalise import Words, bare, simplify
from knowledge.sound import blurred, spelled
from knowledge.speller import Speller, cut
from knowledge.terms import Scores, Terms, grams

_SHORTLIST = 128
"""Phrasings that get the dearer comparisons."""
_FLAT = 0.75
"""Cosine of the model between sentences that have nothing in common."""
WEIGHTS = {"letters": 0.25, "words": 0.25, "sounds": 0.25, "ratio": 0.25, "meaning": 5.0, "covered": 0.0}
_FIRST = {"letters": 0.25, "words": 0.25, "sounds": 0.25, "meaning": 5.0}
"""Weights of the features that choose the shortlist."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question in the forms it is compared in."""

    said: str
    standard: str
    """Simplified, in standard words."""
    repaired: str
    """The same without punctuation, homophones repaired."""
    sounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One candidate: its key, score, best phrasing, and the features that made the score."""

    key: str
    score: float
    phrasing: str
    features: Mapping[str, float]


class Matcher:
    """An immutable index over (key, phrasings); about 2 ms a question without the model."""

    def __init__(
        self,
        documents: Sequence[tuple[str, Sequence[str]]],
        words: Words,
        stored: Mapping[bytes, NDArray[np.int8]] | None = None,
        cues: Mapping[str, Cues] | None = None,
    ) -> None:
        self._words, self._cues = words, cues or {}
        self.keys = [key for key, _ in documents]
        self._phrasings = [p for _, phrasings in documents for p in phrasings]
        self._owner = np.array([n for n, (_, phrasings) in enumerate(documents) for _ in phrasings], np.int32)
        standard = [words.standard(simplify(p)) for p in self._phrasings]
        self._texts = [bare(text) for text in standard]
        self._speller = Speller(self._texts)
        self._letters = Terms(self._texts, lambda text: grams(text, 1, 2))
        self._terms = Terms(self._texts, cut)
        self._sounds = Terms(self._texts, lambda text: grams(blurred(text), 1, 3))
        self._vectors = _matrix(self._phrasings, stored) if stored is not None else None

    @property
    def has_meaning(self) -> bool:
        """Tell whether sentence vectors take part."""
        return self._vectors is not None

    def standard(self, simple: str) -> str:
        """Return simplified text in standard words."""
        return self._words.standard(simple)

    def read(self, said: str) -> Reading:
        """Bring a question to the forms it is compared in."""
        simple = simplify(said)
        standard = self._words.standard(simple)
        text = bare(standard)
        sounds = spelled(simple)
        if sounds is not None:
            text = ""
        return Reading(said, standard, self._speller.repair(text), sounds or blurred(text))

    def rank(self, reading: Reading, limit: int = 10) -> list[Hit]:
        """Return the best documents, each by its best phrasing."""
        every: dict[str, Scores] = {
            "letters": self._letters.scores(reading.repaired),
            "words": self._terms.scores(reading.repaired),
            "sounds": self._sounds.scores_of(grams(reading.sounds, 1, 3)),
        }
        if self._vectors is not None and reading.repaired:
            cosine = self._vectors @ vectors.embed([meant(reading)])[0]
            every["meaning"] = np.maximum(cosine - _FLAT, 0).astype(np.float32) / np.float32(1 - _FLAT)
        first = sum((_FIRST[name] * value for name, value in every.items()), np.zeros(len(self._texts), np.float32))
        count = min(_SHORTLIST, len(first))
        rows = np.argpartition(-first, count - 1)[:count] if count else np.zeros(0, np.int64)
        features = {name: value[rows] for name, value in every.items()}
        texts = [self._texts[r] for r in rows]
        features["ratio"] = process.cdist([reading.repaired], texts, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        features["covered"] = self._terms.covered(reading.repaired, rows)
        return self._hits(rows, features, limit)

    def _hits(self, rows: NDArray[np.int64], features: Mapping[str, Scores], limit: int) -> list[Hit]:
        scores = sum((WEIGHTS[name] * value for name, value in features.items()), np.zeros(len(rows), np.float32))
        best: dict[int, tuple[int, list[float]]] = {}
        for n in np.argsort(-scores, kind="stable"):
            best.setdefault(int(self._owner[rows[n]]), (int(n), []))[1].append(float(scores[n]))
        hits = []
        for owner, (n, own) in best.items():
            parts = {name: float(value[n]) for name, value in features.items()}
            parts["second"] = sum(own[1:3]) / 2 if len(own) > 2 else 0.0
            hits.append(Hit(self.keys[owner], own[0], self._phrasings[rows[n]], parts))
        return hits[:limit]


def meant(reading: Reading) -> str:
    """Return what the model reads: the repaired text, or the written one with its punctuation when nothing was repaired."""
    return reading.standard if bare(reading.standard) == reading.repaired else reading.repaired


def _matrix(phrasings: Sequence[str], stored: Mapping[bytes, NDArray[np.int8]]) -> NDArray[np.float32]:
    new = [p for p in dict.fromkeys(phrasings) if vectors.key(p) not in stored]
    known = dict(stored) | dict(zip(map(vectors.key, new), vectors.quantise(vectors.embed(new)), strict=True))
    return vectors.unit(np.stack([known[vectors.key(p)] for p in phrasings]))
