"""What the turn benchmarks share: small knowledge, questions with their understanding, inbounds that never repeat."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from benchmarks.phrasings import questions
from core.turn import Inbound
from knowledge import vectors
from knowledge.content import SHIPPED, Content, documents, read_content
from knowledge.heard import Context, Heard
from knowledge.index import Snapshot

TODAY = date(2026, 11, 21)
_QUICK_ENTRIES, _QUICK_PHRASINGS = 5, 2
"""Quick runs keep each fifth entry, with so many phrasings of each kind."""
_MOST_MISSING = 50
"""Shipped phrasings without a stored vector that are put up with."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Stands where the library does for an intake, holding one snapshot."""

    snapshot: Snapshot


def thin(content: Content) -> Content:
    """Keep some entries with few phrasings, so that the index is built in seconds; what is said of them stays the same."""
    some = list(content.entries.values())[::_QUICK_ENTRIES]
    few = [replace(e, phrasings={kind: p[:_QUICK_PHRASINGS] for kind, p in e.phrasings.items()}) for e in some]
    entries = {entry.slug: entry for entry in few}
    return replace(content, entries=entries)


def build(*, quick: bool) -> tuple[Snapshot, list[str]]:
    """Return knowledge without the model, and questions to it."""
    content = read_content(None)
    content = thin(content) if quick else content
    shipped = [p for document in documents(content, TODAY) for p in document.phrasings]
    return Snapshot(content, TODAY, meaning=False), questions(shipped, 300)


def understood(snapshot: Snapshot, asked: Sequence[str]) -> list[Heard]:
    """Return the understanding of each question."""
    return [snapshot.hear(question, Context()) for question in asked]


def inbounds(people: int = 50) -> Iterator[Inbound]:
    """Return inbounds without end, from so many people in turn; the words come with what was heard."""
    for number in count(1):
        yield Inbound("bench", str(number), str(number % people), "text", "优待证怎么办")


def has_model() -> bool:
    """Tell whether the model can be measured; while many vectors are missing, computing them would take minutes."""
    if not vectors.available():
        return False
    shipped = [p for document in documents(read_content(None), TODAY) for p in document.phrasings]
    missing = len(vectors.missing(SHIPPED / "vectors.npz", shipped))
    if missing > _MOST_MISSING:
        print(
            f"model left out: {missing} phrasings lack a vector, run python -m bot knowledge vectors", file=sys.stderr
        )
    return missing <= _MOST_MISSING
