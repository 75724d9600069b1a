"""What is shipped of 事项: to bring is only what a cited entry says, and a broken file is told of field by field."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.content import read_content
from knowledge.entry import NATIONWIDE
from knowledge.problem import Problem
from knowledge.visit_services import read_visit_services


def test_what_to_bring_stands_in_a_cited_entry_that_holds_everywhere() -> None:
    content = read_content(None)
    assert len(content.visit_services) >= 10
    for service in content.visit_services.values():
        if service.entry is None:
            assert service.bring == ()
            continue
        entry = content.entries[service.entry]
        assert service.bring == entry.bring != ()
        assert (entry.scope, bool(entry.sources), entry.valid_on(date(2026, 11, 22))) == (NATIONWIDE, True, True)
        assert not any("{" in thing for thing in service.bring)


def _read(tmp_path: Path, text: str) -> list[str]:
    problems: list[Problem] = []
    path = tmp_path / "services.yaml"
    path.write_text(text, encoding="utf-8")
    read_visit_services(path, read_content(None).entries, problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{name: 甲, minutes: 20, capacity: 1, entry: no-such}", "没有 no-such 这一条"),
        ("{name: 甲, minutes: 4, capacity: 1}", "5 到 480"),
        ("{name: 甲, minutes: 二十, capacity: 1}", "5 到 480"),
        ("{name: 甲, minutes: 20}", "1 到 50"),
        ("{minutes: 20, capacity: 1}", "缺少内容"),
        ("{name: 甲, minutes: 20, capacity: 1, bring: [钱]}", "没有这个字段"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    problems = _read(tmp_path, f"services:\n- {row}\n")
    assert any(said in problem for problem in problems), problems


def test_one_word_means_one_service(tmp_path: Path) -> None:
    row = "{name: %s, words: [办证], minutes: 20, capacity: 1}"
    problems = _read(tmp_path, f"services:\n- {row % '甲'}\n- {row % '乙'}\n")
    assert ["同时写在 甲 和 乙" in problem for problem in problems] == [True]
