"""Measure understanding: `python -m knowledge.evaluate FILE…` for questions (.tsv) and for the public bench (.jsonl)."""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge import decide
from knowledge.content import read_content
from knowledge.heard import Context, Heard
from knowledge.index import Snapshot
from knowledge.match import Document, Hit, Matcher
from knowledge.normalise import Words

JOURNEYS = {"catalogue": "goods", "jobs": "jobs", "reminder": "reminders", "booking": "booking", "handoff": "handoff"}
_FALSE_ANSWERS = 0.05
"""Share of unanswerable bench queries that may be answered when the bench threshold is set."""


@dataclass(frozen=True, slots=True)
class Question:
    """A practice question, the facts that answer it, and its kind."""

    text: str
    facts: frozenset[str]
    kind: str


@dataclass(slots=True)
class Score:
    """Counts over one kind of questions."""

    asked: int = 0
    answered_right: int = 0
    answered_wrong: int = 0
    picked_right: int = 0
    picked: int = 0
    recall_1: int = 0
    recall_3: int = 0
    reciprocal: float = 0.0
    policy: int = 0
    """Answered as policy."""
    crisis: int = 0
    as_journey: int = 0
    misses: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        """Return a count as a share of the questions asked."""
        return float(getattr(self, name)) / max(self.asked, 1)


def read_questions(path: Path) -> list[Question]:
    """Read question, topic, fact_ids and kind from a tab-separated file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Question(row["question"], frozenset(filter(None, (row["fact_ids"] or "").split(","))), row["kind"])
        for row in rows
    ]


def judge(score: Score, question: Question, heard: Heard) -> None:
    """Count one understanding."""
    score.asked += 1
    entries = heard.snapshot.entries
    ranked = [
        bool(question.facts & set(entries[h.key[4:]].facts)) if h.key.startswith("faq:") else False for h in heard.hits
    ]
    rank = ranked.index(True) + 1 if True in ranked else 0
    score.recall_1 += rank == 1
    score.recall_3 += 1 <= rank <= 3
    score.reciprocal += 1 / rank if rank else 0.0
    facts = {fact for answer in heard.answers for fact in answer.entry.facts}
    answered = heard.journey == "faq" and heard.outcome == "answer"
    right = answered and bool(question.facts & facts)
    near = {fact for entry in heard.near for fact in entry.facts}
    score.policy += answered
    score.answered_right += right
    score.answered_wrong += answered and not right
    score.picked += heard.outcome == "pick"
    score.picked_right += not right and bool(question.facts & near)
    score.crisis += heard.journey == "crisis"
    score.as_journey += heard.journey == JOURNEYS.get(question.kind, question.kind)
    fine = right or score_kind_fine(question, heard)
    if not fine:
        score.misses.append(
            f"{question.text} -> {heard.journey}/{heard.outcome} " + " ".join(h.key for h in heard.hits[:3])
        )


def score_kind_fine(question: Question, heard: Heard) -> bool:
    """Tell whether a question that is no policy question was taken for what it is."""
    if question.kind in ("faq", "out_of_scope", "not_crisis"):
        return question.kind != "faq" and heard.journey not in ("faq", "crisis")
    return heard.journey == JOURNEYS.get(question.kind, question.kind)


def evaluate(snapshot: Snapshot, questions: Sequence[Question]) -> dict[str, Score]:
    """Ask every question in a fresh conversation."""
    scores: dict[str, Score] = defaultdict(Score)
    for question in questions:
        judge(scores[question.kind], question, snapshot.hear(question.text, Context()))
    return dict(scores)


def figures(scores: Mapping[str, Score]) -> dict[str, float]:
    """Return the figures that have goals, as shares of 1."""
    faq = scores.get("faq", Score())
    journeys = [s for kind, s in scores.items() if kind in JOURNEYS]
    harmless = [s for kind, s in scores.items() if kind != "crisis"]
    return {
        "answered right": faq.share("answered_right"),
        "right or among picks": faq.share("answered_right") + faq.share("picked_right"),
        "answered wrong": faq.share("answered_wrong"),
        "out of scope answered": scores.get("out_of_scope", Score()).share("policy"),
        "crisis recognised": scores.get("crisis", Score()).share("crisis"),
        "crisis false alarms": sum(s.crisis for s in harmless) / max(sum(s.asked for s in harmless), 1),
        "journeys recognised": sum(s.as_journey for s in journeys) / max(sum(s.asked for s in journeys), 1),
    }


def report(scores: Mapping[str, Score], *, misses: bool) -> Iterator[str]:
    """Yield a table by kind, then the figures."""
    yield f"{'kind':14}{'n':>5}{'right':>8}{'pick ok':>8}{'wrong':>8}{'pick':>8}{'R@1':>8}{'R@3':>8}{'MRR':>8}{'journey':>9}{'crisis':>8}"
    for kind, s in sorted(scores.items()):
        shares = [
            s.share(n)
            for n in (
                "answered_right",
                "picked_right",
                "answered_wrong",
                "picked",
                "recall_1",
                "recall_3",
                "reciprocal",
            )
        ]
        yield (
            f"{kind:14}{s.asked:5d}"
            + "".join(f"{x:8.3f}" for x in shares)
            + f"{s.share('as_journey'):9.3f}{s.share('crisis'):8.3f}"
        )
    for name, value in figures(scores).items():
        yield f"{name:24}{value:7.3f}"
    if misses:
        yield from (f"  {kind}: {miss}" for kind, s in sorted(scores.items()) for miss in s.misses)


def evaluate_bench(path: Path, *, meaning: bool) -> tuple[float, list[str]]:
    """Rank the queries of a public bench file over its own entries; return clean recall and a table with refusal at 5 % false answers."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    documents = [Document(row["id"], row["phrasings"]) for row in rows if row["kind"] == "entry"]
    matcher = Matcher(documents, Words({}), {} if meaning else None)
    first: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    clean: list[tuple[float, bool]] = []
    unanswerable: list[float] = []
    for row in (row for row in rows if row["kind"] == "query"):
        hits = matcher.rank(matcher.read(row["text"]))
        sure = decide.confidence(hits, lambda one, other: one == other)
        if row["answer"] is None:
            unanswerable += [sure] if row.get("scope") in ("near", "far") else []
            continue
        right = _is_right(row["answer"], hits)
        noise = row.get("noise", "clean")
        asked[noise] += 1
        first[noise] += right
        clean += [(sure, right)] if noise == "clean" else []
    threshold = sorted(unanswerable, reverse=True)[int(_FALSE_ANSWERS * len(unanswerable))] if unanswerable else 0.0
    answered = [right for sure, right in clean if sure > threshold]
    wrong = len(answered) - sum(answered)
    return first["clean"] / max(asked["clean"], 1), [
        f"{path.name}: {len(documents)} entries, {'with' if meaning else 'without'} sentence vectors",
        *(f"  {noise:12} n={asked[noise]:5d} R@1 {first[noise] / asked[noise]:.3f}" for noise in asked),
        f"  at 5 % false answers: right {sum(answered) / len(clean):.3f} wrong {wrong / len(clean):.3f}",
    ]


def _is_right(answer: str | list[str], hits: Sequence[Hit]) -> bool:
    return bool(hits) and hits[0].key in (answer if isinstance(answer, list) else [answer])


def main() -> None:
    """Print the tables for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what was not understood")
    parser.add_argument("--no-model", action="store_true", help="without the optional sentence vectors")
    parser.add_argument(
        "--floor", type=float, default=0.0, help="least recall@1 of clean bench queries; below it, status 1"
    )
    options = parser.parse_args()
    snapshot = None
    for path in options.files:
        if path.suffix == ".jsonl":
            recall, table = evaluate_bench(path, meaning=not options.no_model)
            sys.stdout.writelines(line + "\n" for line in table)
            if recall < options.floor:
                sys.exit(f"recall@1 {recall:.3f} is below the floor {options.floor}")
            continue
        snapshot = snapshot or Snapshot(
            read_content(None), date(2026, 11, 21), meaning=False if options.no_model else None
        )
        scores = evaluate(snapshot, read_questions(path))
        print(f"{path.name} ({'with' if snapshot.matcher.has_meaning else 'without'} sentence vectors)")
        sys.stdout.writelines(line + "\n" for line in report(scores, misses=options.misses))


if __name__ == "__main__":
    main()
