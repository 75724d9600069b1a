"""The chart of a campaign stays within its frame, whatever was certified when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.console.campaign_chart import HEIGHT, WIDTH, draw
from db.campaigns import Campaign
from services.progress import Day

_OPENS = date(2026, 9, 1)
_CAMPAIGN = Campaign(opens_on=_OPENS, deadline=date(2026, 12, 31))


def _points(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in text.split())]


@given(
    days=st.dictionaries(st.integers(-40, 200), st.integers(1, 50), min_size=1, max_size=30),
    more=st.integers(0, 500), today=st.integers(-40, 300),
)  # fmt: skip
def test_it_climbs_to_what_is_done_and_never_leaves_the_frame(days: dict[int, int], more: int, today: int) -> None:
    so_far, rows = 0, []
    for offset, number in sorted(days.items()):
        so_far += number
        rows.append(Day(_OPENS + timedelta(days=offset), number, so_far))
    chart = draw(_CAMPAIGN, rows, so_far + more, _OPENS + timedelta(days=today))
    line = _points(chart.line)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in [*line, *_points(chart.area)])
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert [y for _, y in line] == sorted((y for _, y in line), reverse=True)
    assert (line[0][1], line[-1][1] == chart.goal) == (chart.floor, more == 0)
    assert chart.left <= chart.deadline <= chart.right


def test_the_months_within_are_named() -> None:
    chart = draw(_CAMPAIGN, [Day(_OPENS, 1, 1)], 4, _OPENS)
    assert [label for _, label in chart.labels] == ["9月", "10月", "11月", "12月"]
