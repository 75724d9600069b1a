"""The bureau's own file: what is filled in is said, what is empty is worded around."""

from pathlib import Path

import pytest

from knowledge.entry import Profile
from knowledge.problem import Problem
from knowledge.profile import EXAMPLE, read_profile
from tests.journeys.world import VILLAGE


def test_filled_in() -> None:
    problems: list[Problem] = []
    profile = read_profile(VILLAGE / "bureau.yaml", problems)
    assert not problems
    assert profile.variables() == {
        "bureau": "桐乡市退役军人事务局",
        "phone": "0573-88880000",
        "address": "桐乡市振兴路1号",
        "hours": "工作日 8:30-17:00",
    }


def test_the_shipped_example_is_empty_but_right() -> None:
    problems: list[Problem] = []
    assert read_profile(EXAMPLE, problems) == Profile()
    assert not problems


def test_nothing_filled_in_still_makes_sentences() -> None:
    assert all(Profile().variables().values())
    assert "12345" in Profile().variables()["phone"]


def test_no_file(tmp_path: Path) -> None:
    assert read_profile(None, []) == Profile()
    assert read_profile(tmp_path / "bureau.yaml", []) == Profile()


@pytest.mark.parametrize(
    ("text", "field"), [("phone: 88880000", "phone"), ("fax: '1'", "fax"), ("phone: [", ""), ("- a", "")]
)
def test_a_bad_file_is_told(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "bureau.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_profile(path, problems)
    assert [(p.file, p.field) for p in problems] == [("bureau.yaml", field)]
