"""Fit the matcher's weights and its confidence on practice questions; prints the constants of knowledge/weigh.py and decide.py.

Only benchmarks/data/practice-tuned.tsv and calibration.tsv are read: practice-kept.tsv and heldout.tsv measure, never teach.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import decide
from knowledge.content import read_content
from knowledge.evaluate import JOURNEYS, Question, read_questions
from knowledge.index import Snapshot
from knowledge.match import Hit

Array = NDArray[np.float64]

DATA = Path(__file__).parent / "data"
TEACHING = ("practice-tuned.tsv", "calibration.tsv")
FEATURES = (
    "letters", "sounds", "ratio", "meaning", "covered", "second", "profile", "pairs", "plane",
    "journey", "smalltalk", "elsewhere", "cued", "uncued",
)  # fmt: skip
_START = {"letters": 0.5, "ratio": 0.5, "meaning": 5.0}
_RIDGE, _STEPS, _RATE = 0.001, 800, 0.05


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of one question, and which of them are right."""

    hits: Sequence[Hit]
    features: Array
    right: NDArray[np.bool_]


def is_right(snapshot: Snapshot, question: Question, hit: Hit) -> bool:
    """Tell whether a candidate is what a question means."""
    kind, _, name = hit.key.partition(":")
    if kind == "faq" and question.facts & set(snapshot.entries[name].facts):
        return True
    if question.kind == "out_of_scope":
        return kind == "elsewhere"
    if question.kind == "smalltalk":
        return kind == "smalltalk"
    return kind == "journey" and name == JOURNEYS.get(question.kind)


def rank_all(snapshot: Snapshot, questions: Sequence[Question]) -> list[Ranked]:
    """Rank every question; danger is recognised elsewhere and left out."""
    ranked = []
    for question in questions:
        if question.kind in ("crisis", "not_crisis"):
            continue
        hits = snapshot.matcher.rank(snapshot.matcher.read(question.text))
        hits = [hit for hit in hits if not hit.key.startswith(("crisis:", "calm:"))]
        features = np.array([[hit.features.get(name, 0.0) for name in FEATURES] for hit in hits])
        ranked.append(Ranked(hits, features, np.array([is_right(snapshot, question, hit) for hit in hits])))
    return ranked


def fit_weights(ranked: Sequence[Ranked]) -> Array:
    """Return the weights that make right candidates the likeliest (conditional logit, ridge, Adam)."""
    taught = [r for r in ranked if r.right.any()]
    weights = np.array([_START.get(name, 0.0) for name in FEATURES])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        slope = -_RIDGE * weights
        for one in taught:
            odds = one.features @ weights
            chance = np.exp(odds - odds.max())
            chance /= chance.sum()
            wanted = chance * one.right
            slope += (wanted / wanted.sum() - chance) @ one.features / len(taught)
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        weights += _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights


def fit_confidence(snapshot: Snapshot, questions: Sequence[Question]) -> Array:
    """Return the weights of `decide.evidence` that tell right first hits from wrong ones (logistic, Newton)."""
    rows, right = [], []
    for one in rank_all(snapshot, questions):
        if one.hits:
            rows.append(decide.evidence(one.hits, snapshot.same_key))
            right.append(float(one.right[0]))
    evidence, wanted = np.array(rows), np.array(right)
    weights = np.zeros(evidence.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-evidence @ weights))
        curve = (evidence * (chance * (1 - chance))[:, None]).T @ evidence + 0.5 * np.eye(len(weights))
        weights += np.linalg.solve(curve, evidence.T @ (wanted - chance) - 0.5 * weights)
    return weights


def main() -> None:
    """Print fitted constants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["weights", "confidence"])
    parser.add_argument("--no-model", action="store_true")
    options = parser.parse_args()
    snapshot = Snapshot(read_content(None), date(2026, 11, 21), meaning=False if options.no_model else None)
    questions = [question for name in TEACHING for question in read_questions(DATA / name)]
    if options.what == "weights":
        ranked = rank_all(snapshot, questions)
        found = sum(bool(r.right.size and r.right[0]) for r in ranked)
        weights = fit_weights(ranked)
        better = sum(bool(r.right.size and r.right[np.argmax(r.features @ weights)]) for r in ranked)
        sys.stderr.write(f"first and right: {found} before, {better} after, of {len(ranked)}\n")
        print({name: round(float(w), 2) for name, w in zip(FEATURES, weights, strict=True)})
    else:
        print([round(float(w), 3) for w in fit_confidence(snapshot, questions)])


if __name__ == "__main__":
    main()
