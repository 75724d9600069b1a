"""How often somebody wants to hear of posts, as they say it."""

import pytest

from handlers.job_rhythm import choices, chosen, day_choices, hour_choices, said, said_beside


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("每天晚上八点", ("daily", 20, None)),
        ("天天晚上", ("daily", 19, None)),
        ("早上9点", ("daily", 9, None)),
        ("20:00", ("daily", 20, None)),
        ("每天", ("daily", 8, None)),
        ("周一早上", ("weekly", 8, 1)),
        ("每周五下午3点", ("weekly", 15, 5)),
        ("每星期天", ("weekly", 8, 7)),
        ("礼拜六中午", ("weekly", 12, 6)),
        ("一周一次", ("weekly", 8, 1)),
        ("有了马上说", ("now", 8, None)),
        ("第一时间", ("now", 8, None)),
        ("保安", None),
        ("晚班", None),
        ("周末双休的", None),
    ],
)
def test_answer_to_how_often(text: str, rhythm: tuple[str, int, int | None] | None) -> None:
    assert said(text) == rhythm


@pytest.mark.parametrize(
    ("text", "rhythm", "words"),
    [
        ("找周末双休的保安，有了马上告诉我", ("now", 8, None), "马上告诉"),
        ("想要早班的活，每周五发我", ("weekly", 8, 5), "每周五发"),
        ("有保安就每天早上八点告诉我", ("daily", 8, None), "每天早上八点告诉"),
        ("保安，一天上8小时，每天晚上7点通知我", ("daily", 19, None), "每天晚上7点通知"),
        ("有周末的活就告诉我", None, ""),
        ("有晚上的兼职就告诉我", None, ""),
    ],
)
def test_working_hours_are_no_hours_of_telling(
    text: str, rhythm: tuple[str, int, int | None] | None, words: str
) -> None:
    assert said_beside(text) == (rhythm, words)


def test_every_choice_is_read_back() -> None:
    offered = [*choices()[:-1], *(choice for day in range(8) for choice in hour_choices(day))]
    read = [chosen(choice.action.removeprefix("job-often:")) for choice in offered]
    assert None not in read
    assert len({choice.action for choice in offered}) == len(set(read))
    assert len(day_choices()) <= 6


@pytest.mark.parametrize(
    "argument", ["", "daily", "daily.24.0", "daily.8.1", "weekly.8.0", "weekly.8.8", "hourly.8.0", "daily.８.0"]
)
def test_what_was_never_offered(argument: str) -> None:
    assert chosen(argument) is None
