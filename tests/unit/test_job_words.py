"""The words for work, as posts and wishes use them, and the file they come from."""

from pathlib import Path

import pytest

from knowledge.index import Snapshot
from knowledge.job_file import read_job_words
from knowledge.problem import Problem


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("物业保安（夜班）", "保安"), ("食堂厨师", "厨师"), ("急招叉车司机2名", "叉车工"), ("仓库主管", "仓库管理员"), ("酒店", "服务员"), ("某某岗", "其他"), ("", "其他"), ("IT网管", "计算机"),
    ],
)  # fmt: skip
def test_a_title_tells_the_kind_by_its_last_word(snapshot: Snapshot, title: str, kind: str) -> None:
    words = snapshot.content.jobs
    assert words.kind_of(title) == kind


def test_what_a_post_says_of_itself_helps_where_its_title_does_not(snapshot: Snapshot) -> None:
    assert snapshot.content.jobs.kind_of("诚聘", "负责小区巡逻，有保安员证的优先") == "保安"


def test_perks_are_found_unless_denied(snapshot: Snapshot) -> None:
    words = snapshot.content.jobs
    assert set(words.perks_in("包吃住，五险，周末双休")) == {"包吃", "包住", "五险一金", "双休"}
    assert words.perks_in("不包住，没有社保") == ()
    assert words.perks_in("有没有社保") == ("五险一金",)


def test_every_menu_kind_fits_an_action(snapshot: Snapshot) -> None:
    words = snapshot.content.jobs
    assert set(words.popular) <= set(words.kinds)
    assert max(len(f"job-kind:{name}".encode()) for name in words.kinds) <= 64
    assert words.kinds["焊工"].hazard
    assert not words.kinds["保安"].hazard


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("kinds: [{name: 保安, words: [保安]}, {name: 门卫, words: [保安]}, {name: 其他}]", "同时写在"),
        ("kinds: [{name: 保安}]", "没有 其他 这个工种"),
        ("kinds: [{name: 其他, hazzard: true}]", "没有这个字段"),
        ("kinds: [{name: 其他, hazard: 是}]", "true 或 false"),
        ("kinds: [{name: 其他}]\npopular: [保按]", "没有 保按 这个工种"),
        ("kinds: [", "文件读不了"),
    ],
)
def test_a_fault_in_the_file_is_told(tmp_path: Path, written: str, fault: str) -> None:
    path = tmp_path / "jobs.yaml"
    path.write_text(written, encoding="utf-8")
    problems: list[Problem] = []
    read_job_words(path, problems)
    assert any(fault in problem.message for problem in problems)
