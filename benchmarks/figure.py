"""A measured figure beside its floor of the same run and its goal: JSON lines for machines, a table for people."""

import argparse
import json
import operator
import re
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_GOAL = re.compile(r"(value|ratio)(<=|>=)([0-9.]+)")
_COMPARE = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a benchmark; `ratio` is value / reference, and what has no goal neither holds nor fails."""

    name: str
    value: float
    unit: str
    reference: float | None
    ratio: float | None
    goal: str | None
    holds: bool | None


def figure(name: str, value: float, unit: str, reference: float | None = None, goal: str | None = None) -> Figure:
    """Judge a value against a goal such as "ratio>=0.5" or "value<=5".

    Raises:
        ValueError: the goal is not of that form, or speaks of a ratio to nothing.
    """
    ratio = _short(value / reference) if reference else None
    return Figure(name, _short(value), unit, reference and _short(reference), ratio, goal, _holds(goal, value, ratio))


def _holds(goal: str | None, value: float, ratio: float | None) -> bool | None:
    if goal is None:
        return None
    parsed = _GOAL.fullmatch(goal)
    measured = value if parsed and parsed[1] == "value" else ratio
    if parsed is None or measured is None:
        raise ValueError(goal)
    return bool(_COMPARE[parsed[2]](measured, float(parsed[3])))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def percentile(times: Sequence[float], percent: float) -> float:
    """Return the value that so many percent of the times do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def resident(process: int | str = "self") -> float:
    """Return the resident memory of a process in MiB (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


class Board:
    """Prints each figure as soon as it is known, and all of them as a table in the end."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def add(
        self, name: str, value: float, unit: str, reference: float | None = None, goal: str | None = None
    ) -> Figure:
        """Add a figure and print its line."""
        one = figure(name, value, unit, reference, goal)
        self.figures.append(one)
        print(json.dumps(asdict(one)), flush=True)
        return one

    def close(self) -> None:
        """Print the table on standard error."""
        header = ("name", "value", "unit", "reference", "ratio", "goal", "holds")
        rows = [header, *(tuple(map(_cell, asdict(one).values())) for one in self.figures)]
        widths = [max(len(row[n]) for row in rows) for n in range(len(header))]
        for row in rows:
            print("  ".join(map(str.ljust, row, widths)).rstrip(), file=sys.stderr)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def quick_asked(purpose: str | None) -> bool:
    """Read the command line every benchmark has."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, within 40 seconds")
    return bool(parser.parse_args().quick)
