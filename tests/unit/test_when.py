"""Moments as people say them."""

from datetime import UTC, datetime

import pytest

from handlers.when import day_and_time
from tests.fakes.clock import START


@pytest.mark.parametrize(
    ("hour", "said"), [(3, "今天上午 11:00"), (4, "今天中午 12:00"), (5, "今天下午 1:00"), (9, "今天下午 5:00")]
)
def test_noon_is_neither_morning_nor_afternoon(hour: int, said: str) -> None:
    assert day_and_time(datetime.combine(START.date(), datetime.min.time(), UTC).replace(hour=hour), START) == said
