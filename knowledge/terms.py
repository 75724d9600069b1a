"""An inverted index over short texts: BM25, scaled so that a text which has every term of the query scores near 1."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

Analyse = Callable[[str], Iterable[Hashable]]
Scores = NDArray[np.float32]

_K1, _B = 1.2, 0.3


def grams(sequence: Sequence[Hashable], low: int, high: int) -> list[Hashable]:
    """Return all n-grams of length low to high, as tuples or strings."""
    return [sequence[i : i + n] for n in range(low, high + 1) for i in range(len(sequence) - n + 1)]


class Terms:
    """Postings in three flat arrays; a query touches only the rows that share a term with it."""

    def __init__(self, texts: Iterable[Iterable[Hashable]], analyse: Analyse) -> None:
        """Index texts that are analysed already; `analyse` does the same to each query."""
        self._analyse = analyse
        rows, columns, counts = self._count(texts)
        lengths = np.bincount(rows, counts, minlength=self._size)
        found = np.bincount(columns, minlength=len(self._vocabulary))
        self._idf = np.log(1 + (self._size - found + 0.5) / (found + 0.5)).astype(np.float32)
        self._unseen = math.log(2 * self._size + 2)
        norm = _K1 * (1 - _B + _B * lengths[rows] / max(lengths.mean() if self._size else 1.0, 1e-9))
        weights = self._idf[columns] * counts * (_K1 + 1) / (counts + norm)
        order = np.argsort(columns, kind="stable")
        self._rows = rows[order].astype(np.int32)
        self._weights = weights[order].astype(np.float32)
        self._starts = np.concatenate([[0], np.cumsum(found)])
        self._own = columns  # counted row by row, so each row's own terms stand together
        self._own_starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self._size))])

    def _count(
        self, texts: Iterable[Iterable[Hashable]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Number the terms, and count each once a row: rows, columns and counts, in the order of the rows."""
        numbers: defaultdict[Hashable, int] = defaultdict(count().__next__)
        ids = [[numbers[term] for term in text] for text in texts]
        self._size, self._vocabulary = len(ids), dict(numbers)
        width = max(len(numbers), 1)
        rows = np.repeat(np.arange(self._size), [len(row) for row in ids])
        columns = np.fromiter(chain.from_iterable(ids), np.int64, len(rows))
        cells, counts = np.unique(rows * width + columns, return_counts=True)
        return cells // width, cells % width, counts

    def scores(self, text: str) -> Scores:
        """Return one score for each text of the index, about 0 to 1 (a little over for short texts)."""
        return self.scores_of(self._analyse(text))

    def scores_of(self, terms: Iterable[Hashable]) -> Scores:
        """Score a query given as terms."""
        out = np.zeros(self._size, np.float32)
        total = 0.0
        for term, times in Counter(terms).items():
            column = self._vocabulary.get(term)
            if column is None:
                total += self._unseen
                continue
            total += float(self._idf[column])
            part = slice(self._starts[column], self._starts[column + 1])
            out[self._rows[part]] += times * self._weights[part]
        return out / np.float32(max(total, 1e-9))

    def covered(self, text: str, rows: NDArray[np.int64]) -> Scores:
        """Return, for some rows, which share of the row's own terms (by rarity) the query has."""
        columns = [self._vocabulary[term] for term in self._analyse(text) if term in self._vocabulary]
        known = np.zeros(len(self._idf), np.float32)
        known[columns] = self._idf[columns]
        sizes = self._own_starts[rows + 1] - self._own_starts[rows]
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self._own_starts[rows] - ends + sizes, sizes)
        own = self._own[places]
        row = np.repeat(np.arange(len(rows)), sizes)
        whole = np.bincount(row, self._idf[own], minlength=len(rows))
        shared = np.bincount(row, known[own], minlength=len(rows))
        return (shared / np.maximum(whole, 1e-9)).astype(np.float32)
