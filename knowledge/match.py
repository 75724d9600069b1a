"""Rank what could be meant by a question: letters, words, sounds and, where the model is installed, meaning."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge import vectors, weigh
from knowledge.cues import Cues
from knowledge.cutting import cut
from knowledge.normalise import Words, bare, simplify
from knowledge.planes import Planes
from knowledge.sound import blurred, spelled
from knowledge.speller import Speller
from knowledge.terms import Scores, Terms, grams

_SHORTLIST = 96
"""Phrasings that get the dearer comparisons, by letters and sounds, and as many by meaning."""
_FLAT = 0.75
"""Cosine of the model between sentences that have nothing in common."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be meant: its key "kind:name", its phrasings, and text about it (an answer), if any."""

    key: str
    phrasings: Sequence[str]
    about: str = ""


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
    """An immutable index; about 3 ms a question without the model, 25 ms with it."""

    def __init__(
        self,
        documents: Sequence[Document],
        lexicon: Words,
        stored: Mapping[bytes, NDArray[np.int8]] | None = None,
        cues: Mapping[str, Cues] | None = None,
    ) -> None:
        self._words, self._cues = lexicon, cues or {}
        self.keys = [document.key for document in documents]
        self._kind = np.array([key.partition(":")[0] for key in self.keys])
        self._phrasings = [p for document in documents for p in document.phrasings]
        self._owner = np.array([n for n, document in enumerate(documents) for _ in document.phrasings], np.int32)
        self._texts = [self._plain(p) for p in self._phrasings]
        self._speller = Speller(self._texts)
        words = [cut(text) for text in self._texts]
        self._letters = Terms(map(_letters, self._texts), _letters)
        self._terms = Terms(words, cut)
        self._sounds = Terms(
            (grams(blurred(text), 1, 3) for text in self._texts), lambda text: grams(blurred(text), 1, 3)
        )
        ends = np.cumsum([len(document.phrasings) for document in documents])
        mine = [slice(end - len(document.phrasings), end) for end, document in zip(ends, documents, strict=True)]
        about = [self._plain(document.about) for document in documents]
        self._profiles = Terms(
            ([*chain.from_iterable(words[own]), *cut(text)] for own, text in zip(mine, about, strict=True)), cut
        )
        self._pairs = Terms(
            (
                chain.from_iterable(map(_pairs, [*self._texts[own], text]))
                for own, text in zip(mine, about, strict=True)
            ),
            _pairs,
        )
        self._vectors: NDArray[np.float32] | None = None
        if stored is not None:
            self._vectors = _matrix(self._phrasings, stored)
            self._planes = Planes(self._vectors, self._owner)
        self._weights = weigh.LEXICAL if stored is None else weigh.MEANING

    def _plain(self, text: str) -> str:
        return bare(self.standard(simplify(text)))

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
        if sounds := spelled(simple):
            text = self._speller.spell(sounds)
            return Reading(said, text, text, sounds)
        standard = self.standard(simple)
        text = bare(standard)
        return Reading(said, standard, self._speller.repair(text), blurred(text))

    def rank(self, reading: Reading, limit: int = 20, among: Collection[str] | None = None) -> list[Hit]:
        """Return the best documents, each by its best phrasing; `among` names the only ones that may be meant."""
        every: dict[str, Scores] = {
            "letters": self._letters.scores(reading.repaired),
            "sounds": self._sounds.scores_of(grams(reading.sounds, 1, 3)),
        }
        if self._vectors is not None and reading.repaired:
            vector = vectors.embed([meant(reading)])[0]
            cosine = self._vectors @ vector
            every["meaning"] = np.maximum(cosine - _FLAT, 0).astype(np.float32) / np.float32(1 - _FLAT)
        allowed = np.arange(len(self._owner)) if among is None else self._rows_of(among)
        rows = allowed[_shortlist((every["letters"] + every["sounds"])[allowed])]
        if "meaning" in every:
            rows = np.union1d(rows, allowed[_shortlist(every["meaning"][allowed])])
        features = {name: value[rows] for name, value in every.items()}
        texts = [self._texts[r] for r in rows]
        features["ratio"] = process.cdist([reading.repaired], texts, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        features["covered"] = self._terms.covered(reading.repaired, rows)
        whole = {"profile": self._profiles.scores(reading.repaired), "pairs": self._pairs.scores(reading.repaired)}
        if "meaning" in every:
            whole["plane"] = self._planes.scores(vector)
        return self._documents(reading, rows, features, whole, limit)

    def _rows_of(self, keys: Collection[str]) -> NDArray[np.int64]:
        owners = [n for n, key in enumerate(self.keys) if key in keys]
        return np.flatnonzero(np.isin(self._owner, owners))

    def _documents(
        self,
        reading: Reading,
        rows: NDArray[np.int64],
        features: dict[str, Scores],
        whole: Mapping[str, Scores],
        limit: int,
    ) -> list[Hit]:
        """Join the phrasings of each document: the best one, its next two, and what the document is about as a whole."""
        scores = weigh.total(self._weights, features, len(rows))
        order = np.lexsort((-scores, self._owner[rows]))
        rows, scores = rows[order], scores[order]
        owners, first, sizes = np.unique(self._owner[rows], return_index=True, return_counts=True)
        padded = np.concatenate([scores, np.zeros(2, np.float32)])
        joined = {name: value[order][first] for name, value in features.items()} | {
            n: v[owners] for n, v in whole.items()
        }
        joined["second"] = ((sizes > 1) * padded[first + 1] + (sizes > 2) * padded[first + 2]) / 2
        joined |= self._kinds(owners, bare(reading.standard))
        totals = weigh.total(self._weights, joined, len(owners))
        return [
            Hit(
                self.keys[owners[n]],
                float(totals[n]),
                self._phrasings[rows[first[n]]],
                {name: float(value[n]) for name, value in joined.items() if value[n] or name not in weigh.KINDS},
            )
            for n in np.argsort(-totals, kind="stable")[:limit]
        ]

    def _kinds(self, owners: NDArray[np.int32], text: str) -> dict[str, Scores]:
        """Return what a document's kind is worth, and whether a cue points to it."""
        kinds = self._kind[owners]
        found = {name: (kinds == name).astype(np.float32) for name in weigh.KINDS}
        pointed = {key for key, cues in self._cues.items() if cues.find(text)}
        cued = np.array([self.keys[owner] in pointed for owner in owners], np.float32)
        watched = np.array([self.keys[owner] in self._cues for owner in owners], np.float32)
        return found | {"cued": cued, "uncued": watched - cued}


def _letters(text: str) -> list[Hashable]:
    return grams(text, 1, 2)


def _pairs(text: str) -> list[Hashable]:
    return grams(text, 2, 2)


def _shortlist(scores: Scores) -> NDArray[np.int64]:
    count = min(_SHORTLIST, len(scores))
    return np.argpartition(-scores, count - 1)[:count] if count else np.zeros(0, np.int64)


def meant(reading: Reading) -> str:
    """Return what the model reads: the repaired text, or the written one with its punctuation when nothing was repaired."""
    return reading.standard if bare(reading.standard) == reading.repaired else reading.repaired


def _matrix(phrasings: Sequence[str], stored: Mapping[bytes, NDArray[np.int8]]) -> NDArray[np.float32]:
    new = [p for p in dict.fromkeys(phrasings) if vectors.key(p) not in stored]
    known = dict(stored) | dict(zip(map(vectors.key, new), vectors.quantise(vectors.embed(new)), strict=True))
    return vectors.unit(np.stack([known[vectors.key(p)] for p in phrasings]))
