"""Measure how wishes for work are understood: `python -m knowledge.evaluate_wishes FILE`."""

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.content import read_content
from knowledge.index import Snapshot
from knowledge.job_parse import JobPlaces, Understood, understand
from knowledge.job_words import JobWords

YEAR = 2026
CRITERIA = ("cities", "townships", "kinds", "not_kinds", "pay_from", "shift", "form", "age")
_EMPTY = "-"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with, for each criterion, the readings that are right."""

    text: str
    meant: Mapping[str, Sequence[frozenset[str]]]
    may_be_left: str
    """Everything that no criterion holds."""


@dataclass(slots=True)
class Score:
    """Counts over all sentences."""

    asked: int = 0
    exact: int = 0
    wrong_city: int = 0
    by_criterion: Counter[str] = field(default_factory=Counter)
    pieces: int = 0
    """Pieces shown as not understood, and how many of them hold nothing that a criterion means."""
    fair_pieces: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def exact_share(self) -> float:
        """Return the share of sentences of which every criterion was right."""
        return self.exact / max(self.asked, 1)


def read_sentences(path: Path) -> list[Sentence]:
    """Read sentences and criteria from a tab-separated file; lines with # explain."""
    with path.open(encoding="utf-8", newline="") as lines:
        told = (line for line in lines if not line.startswith("#"))
        rows = list(csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Sentence(row["sentence"], {name: _readings(row[name]) for name in CRITERIA}, row["unparsed_ok"] or "")
        for row in rows
    ]


def _readings(cell: str | None) -> list[frozenset[str]]:
    return [
        frozenset(value for value in re.split(r"\s*,\s*", reading.strip()) if value not in ("", _EMPTY))
        for reading in (cell or "").split(" / ")
    ]


def read_places(path: Path, snapshot: Snapshot) -> JobPlaces:
    """Read the invented bureau that the sentences are said to."""
    told: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return JobPlaces(told["home"], told["townships"], snapshot.places, YEAR)


def found(understood: Understood) -> dict[str, frozenset[str]]:
    """Return what was understood in the form of the file."""
    wish = understood.wish
    one: dict[str, Any] = {
        "pay_from": wish.pay_from,
        "shift": wish.shift,
        "form": wish.form,
        "age": wish.birth_year and YEAR - wish.birth_year,
    }
    many = {name: frozenset(map(str, getattr(wish, name))) for name in CRITERIA[:4]}
    return many | {name: frozenset([str(value)] if value else []) for name, value in one.items()}


def judge(score: Score, sentence: Sentence, understood: Understood, home: str) -> None:
    """Count one understanding."""
    got = found(understood)
    wrong = [name for name in CRITERIA if not _is_right(name, got, sentence, home)]
    score.asked += 1
    score.exact += not wrong
    meant = frozenset().union(*sentence.meant["cities"])
    score.wrong_city += bool(got["cities"] - meant - {home}) or (
        bool(wrong) and "cities" in wrong and home in got["cities"] - meant
    )
    score.by_criterion.update(wrong)
    score.pieces += len(understood.unparsed)
    score.fair_pieces += sum(_is_fair(piece, sentence.may_be_left) for piece in understood.unparsed)
    if wrong:
        told = "; ".join(f"{name} {','.join(got[name]) or '-'} not {_told(sentence.meant[name])}" for name in wrong)
        score.misses.append(f"{sentence.text} -> {told}")


def _is_right(name: str, got: Mapping[str, frozenset[str]], sentence: Sentence, home: str) -> bool:
    """Compare one criterion; the bureau's own place may be named or not beside a township of it."""
    if name == "cities" and got["townships"]:
        return any(got[name] - {home} == reading - {home} for reading in sentence.meant[name])
    return got[name] in sentence.meant[name]


def _is_fair(piece: str, may_be_left: str) -> bool:
    """Tell whether a piece has words that the file allows to be left."""
    return any(word and (word in piece or piece in word) for word in may_be_left.split(","))


def _told(readings: Iterable[frozenset[str]]) -> str:
    return " / ".join(",".join(sorted(reading)) or _EMPTY for reading in readings)


def evaluate(sentences: Sequence[Sentence], words: JobWords, places: JobPlaces) -> Score:
    """Understand every sentence by itself."""
    score = Score()
    for sentence in sentences:
        judge(score, sentence, understand(sentence.text, words, places), places.home)
    return score


def main() -> None:
    """Print the figures of each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--misses", action="store_true", help="list the sentences that were not understood exactly")
    options = parser.parse_args()
    snapshot = Snapshot(read_content(None), date(YEAR, 11, 22), meaning=False)
    for path in options.files:
        places = read_places(path.parent / "job-places.yaml", snapshot)
        score = evaluate(read_sentences(path), snapshot.content.jobs, places)
        print(f"{path.name}: {score.asked} sentences, exact {score.exact_share:.3f}, wrong city {score.wrong_city}")
        print("  wrong by criterion:", dict(score.by_criterion))
        print(f"  pieces shown as not understood: {score.pieces}, of them expected {score.fair_pieces}")
        if options.misses:
            print("\n".join(f"  {miss}" for miss in score.misses))


if __name__ == "__main__":
    main()
