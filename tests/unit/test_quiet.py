"""Quiet hours are of China's day, and hours are read as people say them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import CHINA
from handlers import notice_list, notices, quiet_hours
from handlers.clock_words import hour_words, read_span
from services.notice_kinds import KINDS
from services.quiet import next_morning, next_open

hours = st.integers(0, 23)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        (at(21, 10), at(21, 10), at(21, 20)),
        (at(21, 19, 59), at(21, 19, 59), at(21, 20)),
        (at(21, 20), at(22, 8), at(22, 20)),
        (at(21, 3), at(21, 8), at(21, 20)),
        (at(21, 8), at(21, 8), at(21, 20)),
    ],
)
def test_the_bureaus_hours(now: datetime, opens: datetime, closes: datetime) -> None:
    assert next_open(now, 20, 8) == (opens, closes)


def test_hours_within_a_day_and_none_at_all() -> None:
    assert next_open(at(21, 13), 12, 14) == (at(21, 14), at(22, 12))
    assert next_open(at(21, 23), 0, 0) == (at(21, 23), None)
    assert next_morning(at(21, 23), 8) == at(22, 8)


@given(moments, hours, hours)
def test_what_is_open_is_never_quiet(now: datetime, begins: int, ends: int) -> None:
    opens, closes = next_open(now, begins, ends)
    assert timedelta(0) <= opens - now < timedelta(days=1)
    assert next_open(opens, begins, ends) == (opens, closes)
    if closes is not None:
        assert opens < closes <= opens + timedelta(days=1)
        assert closes.astimezone(CHINA).hour == begins
        assert next_open(closes, begins, ends)[0] > closes


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("21点到7点", (21, 7)), ("21-7", (21, 7)), ("21 7", (21, 7)), ("晚上9点到早上7点", (21, 7)),
        ("晚九点至早七点", (21, 7)), ("9点到7点", (21, 7)), ("二十二点到六点", (22, 6)), ("22:30到6:30", (22, 7)),
        ("中午12点到2点", (12, 14)), ("下午1点到3点", (13, 15)), ("晚上8点到第二天早上8点", (20, 8)),
        ("零点到六点", (0, 6)), ("晚12点到早6点", (0, 6)), ("25点到7点", None), ("晚上", None), ("", None),
        ("1点到1点", (13, 1)), ("晚上9点到晚上9点", None),
    ],
)  # fmt: skip
def test_a_span_as_it_is_said(said: str, span: tuple[int, int] | None) -> None:
    assert read_span(said) == span


@given(hours, hours)
def test_what_we_say_we_can_read(begins: int, ends: int) -> None:
    if begins != ends:
        assert read_span(f"{hour_words(begins)}到{hour_words(ends)}") == (begins, ends)


def test_our_sentences_are_short_and_do_not_shout() -> None:
    said = [
        sentence.format_map(dict.fromkeys(("about", "count", "begins", "ends", "span"), "") | _longest())
        for module in (notices, quiet_hours, notice_list)
        for name, sentence in vars(module).items()
        if name.isupper() and isinstance(sentence, str)
    ]
    assert len(said) > 15
    assert [line for text in said for line in text.split("\n") if len(line) > 60] == []
    assert [text for text in said if "!" in text or "\uff01" in text or "停发" in text] == []


def _longest() -> dict[str, str]:
    labels = [kind.label for kind in KINDS.values()]
    return {"label": max(labels, key=len), "labels": "\n".join(labels), "kinds": "", "hours": "晚上11点到早上10点"}
