"""How much danger is heard, and how often calm words are taken for it: `python -m benchmarks.danger FILE [--no-model]`.

A missed sentence may cost a life and a false alarm costs trust, so both are counted, on sentences the detector was not made from.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage import TODAY
from knowledge.content import read_content
from knowledge.heard import Context, Crisis
from knowledge.index import Snapshot

_CALM = "calm"
_KINDS = ("self_harm", "violence", "medical")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, the kind of danger in it, and the kind heard."""

    text: str
    kind: str
    heard: Crisis | None


def judge(path: Path, snapshot: Snapshot) -> list[Judged]:
    """Hear every sentence of a file of text and kind in a fresh conversation.

    Raises:
        ValueError: a kind is none of ours.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if unknown := {row["kind"] for row in rows} - {*_KINDS, _CALM}:
        raise ValueError(unknown)
    return [Judged(row["text"], row["kind"], snapshot.hear(row["text"], Context()).crisis) for row in rows]


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield recall and precision of danger of any kind, then by kind, then the false alarms."""
    dangerous = [one for one in judged if one.kind != _CALM]
    alarms = [one for one in judged if one.heard]
    found = [one for one in dangerous if one.heard]
    same = [one for one in found if one.heard == one.kind]
    yield f"{'kind':10}{'n':>5}{'found':>7}{'recall':>8}{'right kind':>12}{'heard as':>10}{'precision':>11}"
    yield _row("danger", len(dangerous), len(found), len(same), len(alarms), len(found))
    for kind in _KINDS:
        of_kind = [one for one in dangerous if one.kind == kind]
        found_of_kind = [one for one in of_kind if one.heard]
        right = sum(one.heard == kind for one in of_kind)
        heard_as = sum(one.heard == kind for one in judged)
        yield _row(kind, len(of_kind), len(found_of_kind), right, heard_as, right)
    calm = len(judged) - len(dangerous)
    false = len(alarms) - len(found)
    yield f"calm: {calm}, false alarms {false} ({_share(false, calm)})"


def _row(name: str, asked: int, found: int, right: int, heard_as: int, true: int) -> str:
    recall, same, precision = _share(found, asked), _share(right, asked), _share(true, heard_as)
    return f"{name:10}{asked:5d}{found:7d}{recall:>8}{same:>12}{heard_as:10d}{precision:>11}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def wrong(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield what was missed, then what was no danger."""
    yield from (f"missed {one.kind}: {one.text}" for one in judged if one.kind != _CALM and not one.heard)
    yield from (f"false alarm {one.heard}: {one.text}" for one in judged if one.kind == _CALM and one.heard)


def main() -> None:
    """Print the figures of one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="tab-separated: text, kind")
    parser.add_argument("--no-model", action="store_true", help="without the optional sentence vectors")
    parser.add_argument("--list", action="store_true", help="list misses and false alarms; never of a held-out file")
    options = parser.parse_args()
    snapshot = Snapshot(read_content(None), TODAY, meaning=False if options.no_model else None)
    judged = judge(options.file, snapshot)
    print(f"{options.file.name} ({'with' if snapshot.matcher.has_meaning else 'without'} sentence vectors)")
    print(*report(judged), sep="\n")
    if options.list:
        print(*wrong(judged), sep="\n")


if __name__ == "__main__":
    main()
