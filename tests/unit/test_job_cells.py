"""Pay, ages and days as employers write them."""

from datetime import date

import pytest

from core.errors import Refusal
from knowledge.index import Snapshot
from knowledge.job_parse import JobPlaces
from services import job_files
from services.imports import Line
from services.job_cells import read_ages, read_closing, read_count, read_credit_code, read_pay
from services.job_sheet import read_line
from services.table import Row

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("5000-8000", (5000, 8000)), ("5千-8千", (5000, 8000)), ("5-8k", (5000, 8000)), ("0.5~0.8万", (5000, 8000)),
        ("5000元/月以上", (5000, 5000)), ("4000+提成", (4000, 4000)), ("底薪3000加提成", (3000, 3000)),
        ("５０００—８０００元", (5000, 8000)), ("5,000-8,000", (5000, 8000)), ("月薪6k", (6000, 6000)),
        ("面议", (None, None)), ("薪资面谈", (None, None)),
    ],
)  # fmt: skip
def test_pay(text: str, pay: tuple[int | None, int | None]) -> None:
    assert read_pay(text) == pay


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-1", "负数"), ("1000000", "太高"), ("100万", "太高"), ("20", "太低"), ("0", "太低"), ("200元/天", "按月"),
        ("12万/年", "按月"), ("20元/小时", "按月"), ("8000-5000", "写反"), ("很高", "看不懂"), ("5000-", "看不懂"),
    ],
)  # fmt: skip
def test_no_pay(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_pay(text)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("18-50周岁", (18, 50)),
        ("50岁以下", (None, 50)),
        ("18以上", (18, None)),
        ("不限", (None, None)),
        ("16—20", (16, 20)),
    ],
)
def test_ages(text: str, ages: tuple[int | None, int | None]) -> None:
    assert read_ages(text) == ages


@pytest.mark.parametrize(
    ("text", "said"),
    [("15-30", "禁止招用"), ("10以下", "禁止招用"), ("60-18", "写反"), ("45", "看不懂"), ("18-180", "不对")],
)
def test_no_ages(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_ages(text)


@pytest.mark.parametrize(
    "text", ["2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "20261231", "2026-12-31T00:00:00"]
)
def test_a_day(text: str) -> None:
    assert read_closing(text, TODAY) == date(2026, 12, 31)


def test_the_last_day_is_still_one() -> None:
    assert read_closing("2026-11-21", TODAY) == TODAY


@pytest.mark.parametrize(
    ("text", "said"),
    [("2026-11-20", "已经过了"), ("2026-02-30", "看不懂"), ("2026111", "看不懂"), ("2062-01-01", "太远")],
)
def test_no_day(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_closing(text, TODAY)


@pytest.mark.parametrize("text", ["若干", "-3", "1.5", "99999"])
def test_no_count(text: str) -> None:
    with pytest.raises(Refusal, match="人数"):
        read_count(text, "人数", 5000)
    assert read_count("12人", "人数", 5000) == 12


def test_a_credit_code_is_checked_by_its_last_sign() -> None:
    assert read_credit_code("91350100m000100y43") == "91350100M000100Y43"
    for text in ("91350100M000100Y44", "91350100M000100Y4", "I1350100M000100Y43"):
        with pytest.raises(Refusal, match="18 位"):
            read_credit_code(text)


@pytest.mark.parametrize("column", ["月薪", "年龄", "人数", "退役军人名额", "截止日期", "统一社会信用代码"])
def test_an_absurd_cell_is_a_fault_of_its_row(snapshot: Snapshot, column: str) -> None:
    cells = {"单位": "甲公司", "岗位": "保安", "市县": "如东县", "截止日期": "2026-12-31", column: "9" * 5000}
    line = Line(Row(1, cells))
    assert read_line(line, JobPlaces.here(snapshot, {}, TODAY), snapshot.content.jobs, TODAY) is None
    assert line.faults == [f"{column}太长，最多 100 个字"]


@pytest.mark.parametrize("depth", [2, 900, 100_000])
def test_lists_within_lists_are_refused_in_words(depth: int) -> None:
    content = '[{"employer":' + "[" * depth + "]" * depth + ',"title":"保安"}]'
    with pytest.raises(Refusal, match="JSON"):
        job_files.read(content.encode())
