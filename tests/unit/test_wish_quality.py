"""Wishes for work must not be understood worse than was reached, on sentences that the parser was not built with."""

from pathlib import Path

from knowledge.evaluate_wishes import evaluate, read_places, read_sentences
from knowledge.index import Snapshot

DATA = Path(__file__).parents[2] / "benchmarks" / "data"
EXACT, WRONG_CITIES = 0.83, 2
"""What was reached; the goal is .85 and no wrong city."""


def test_kept_sentences_are_understood_as_well_as_was_reached(snapshot: Snapshot) -> None:
    places = read_places(DATA / "job-places.yaml", snapshot)
    score = evaluate(read_sentences(DATA / "job-wishes-kept.tsv"), snapshot.content.jobs, places)
    assert score.exact_share >= EXACT
    assert score.wrong_city <= WRONG_CITIES
