"""Columns side by side for every month, as rectangles that a template draws without a script."""

from collections.abc import Sequence
from dataclasses import dataclass

_COLUMN, _GAP, _LEFT = 27, 19, 8
TOP, FLOOR, HEIGHT = 24, 164, 200


@dataclass(frozen=True, slots=True)
class Column:
    """One figure."""

    series: int
    x: int
    y: float
    height: float
    number: int

    @property
    def middle(self) -> float:
        """Return where its number stands."""
        return self.x + (_COLUMN - 2) / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """Where everything stands, in units of the drawing."""

    names: Sequence[str]
    """Of the series, in their order."""
    columns: Sequence[Column]
    labels: Sequence[tuple[float, str]]
    width: int
    empty: bool
    floor: int = FLOOR
    height: int = HEIGHT
    wide: int = _COLUMN - 2


def draw(names: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Place the figures of every month, each row's beside one another."""
    highest = max((number for _, numbers in rows for number in numbers), default=0)
    group = len(names) * _COLUMN + _GAP
    columns, labels = [], []
    for index, (label, numbers) in enumerate(rows):
        left = _LEFT + index * group
        labels.append((left + len(names) * _COLUMN / 2, _short(label, first=index == 0)))
        for series, number in enumerate(numbers):
            height = round(number / max(highest, 1) * (FLOOR - TOP), 1)
            columns.append(Column(series, left + series * _COLUMN, round(FLOOR - height, 1), height, number))
    return Chart(names, columns, labels, _LEFT + max(len(rows), 1) * group, empty=highest == 0)


def _short(label: str, *, first: bool) -> str:
    """Return a month without its year, where that has been said."""
    return label[2:] if first or label.endswith("年1月") else label.partition("年")[2]
