"""The certified of a campaign over time, as points that a template draws without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.campaigns import Campaign
from services.progress import Day

WIDTH, HEIGHT = 900, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 20, 40


@dataclass(frozen=True, slots=True)
class Chart:
    """Where everything stands, in units of the drawing."""

    line: str
    area: str
    goal: float
    """The height of the whole list."""
    floor: float
    deadline: float
    left: float
    right: float
    labels: Sequence[tuple[float, str]]
    """The months that begin within it."""


def draw(campaign: Campaign, days: Sequence[Day], total: int, today: date) -> Chart:
    """Place the certified so far from the opening, or the first of them if earlier, to today or the deadline."""
    first = min([campaign.opens_on, *(day.day for day in days[:1])])
    last = max([campaign.deadline, *(day.day for day in days[-1:])])
    length, floor = max((last - first).days, 1), HEIGHT - _BOTTOM

    def across(day: date) -> float:
        return round(_LEFT + (day - first).days / length * (WIDTH - _LEFT - _RIGHT), 1)

    def up(number: int) -> float:
        return round(floor - number / max(total, 1) * (floor - _TOP), 1)

    steps = [(across(first), up(0))]
    for day in days:
        steps += [(across(day.day), steps[-1][1]), (across(day.day), up(day.so_far))]
    steps.append((max(across(min(max(today, first), last)), steps[-1][0]), steps[-1][1]))
    line = " ".join(f"{x},{y}" for x, y in steps)
    return Chart(
        line, f"{steps[0][0]},{floor} {line} {steps[-1][0]},{floor}", up(total), floor, across(campaign.deadline),
        across(first), across(last), [(across(day), _label(day)) for day in _months(first, last)],
    )  # fmt: skip


def _months(first: date, last: date) -> list[date]:
    """Return the first days of months within a stretch; where there is none, its own first day."""
    number = first.year * 12 + first.month - (first.day == 1)
    found = []
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        found.append(day)
        number += 1
    return found or [first]


def _label(day: date) -> str:
    return f"{day.month}月" if day.day == 1 else f"{day.month}月{day.day}日"
