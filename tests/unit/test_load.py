"""Every rule that a machine can check, told with file, entry and field."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.entry import Fact
from knowledge.goods import read_offers
from knowledge.lexicon import read_lexicon
from knowledge.load import read_entries, read_facts, read_yaml
from knowledge.problem import Problem
from knowledge.profile import read_profile
from tests.journeys.world import village

GOOD: dict[str, Any] = {
    "slug": "card-new", "stage": "优待", "topic": "优待证", "question": "新办一张证怎么弄", "answer": "去服务站。",
    "phrasings": {"formal": ["新证申领", "新证办理"], "colloquial": ["想弄张新的"], "keyword": ["新办证", "新证"], "third_person": ["我爸要新证"]},
    "facts": ["card-01"], "scope": "全国", "who": ["退役军人"], "reviewed_on": "2026-11-21",
}  # fmt: skip


def read(folder: Path, *rows: Any, name: str = "mine.yaml") -> tuple[list[str], list[Problem]]:
    """Write rows to a file and read it; return the slugs and the problems."""
    path = folder / name
    path.write_text(yaml.safe_dump({"entries": list(rows)}, allow_unicode=True), encoding="utf-8")
    problems: list[Problem] = []
    return list(read_entries([path], village().facts, problems)), problems


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != field}


def test_a_good_entry(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (["card-new"], [])


@pytest.mark.parametrize(
    "field", ["slug", "stage", "topic", "question", "answer", "phrasings", "scope", "reviewed_on", "facts"]
)
def test_what_must_be_there(tmp_path: Path, field: str) -> None:
    slugs, problems = read(tmp_path, without(field))
    assert slugs == []
    assert field in {p.field for p in problems}
    assert {p.file for p in problems} == {"mine.yaml"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Card"}, "slug"), ({"slug": "card"}, "slug"), ({"slug": "a-" + "b" * 50}, "slug"), ({"slug": 5}, "slug"),
        ({"stage": "退休"}, "stage"), ({"question": 5}, "question"), ({"answer": "长" * 421}, "answer"), ({"answer": ""}, "answer"),
        ({"answer": "打 {telephone} 问"}, "answer"), ({"note": "打 {电话} 问"}, "note"), ({"bring": "身份证"}, "bring"),
        ({"bring": [1]}, "bring"), ({"facts": ["card-99"]}, "facts"), ({"facts": ["old-01"]}, "facts"), ({"facts": ["low-01"]}, "facts"),
        ({"reviewed_on": "去年"}, "reviewed_on"), ({"valid_to": "明年"}, "valid_to"), ({"scope": "浙江省"}, "general"),
        ({"scope": "浙江省", "general": "no-such"}, "general"), ({"related": ["no-such"]}, "related"), ({"colour": "红"}, "colour"),
        ({"phrasings": {"formal": ["一", "二", "三", "四", "五", "六"]}}, "phrasings"), ({"phrasings": ["一"]}, "phrasings"),
        ({"phrasings": GOOD["phrasings"] | {"poem": ["证"]}}, "poem"), ({"phrasings": GOOD["phrasings"] | {"formal": "一句"}}, "formal"),
        ({"phrasings": GOOD["phrasings"] | {"rambling": ["新证申领"]}}, "phrasings"),
        ({"sources": [{"number": "一号"}]}, "title"), ({"sources": [{"title": "文件", "page": "3"}]}, "page"), ({"sources": ["文件"]}, ""),
    ],
)  # fmt: skip
def test_each_rule_names_file_entry_and_field(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    _, problems = read(tmp_path, GOOD | change)
    assert field in {p.field for p in problems}
    assert all(p.file == "mine.yaml" and p.message for p in problems)
    if "slug" not in change:
        assert {p.entry for p in problems} == {"card-new"}


@pytest.mark.parametrize("field", ["slug", "answer", "question"])
def test_spaces_are_no_text(tmp_path: Path, field: str) -> None:
    _, problems = read(tmp_path, GOOD | {field: "  "})
    assert field in {p.field for p in problems}


@pytest.mark.parametrize("field", ["answer", "where", "how_long", "note", "bring"])
@pytest.mark.parametrize(
    "text", ["打 {phone 问", "打 phone} 问", "打 {phone.x} 问", "打 {phone!z} 问", "打 {phone:>9} 问", "打 {} 问"]
)
def test_a_broken_brace_is_found_before_it_is_said(tmp_path: Path, field: str, text: str) -> None:
    _, problems = read(tmp_path, GOOD | {field: [text] if field == "bring" else text})
    assert [p.field for p in problems] == [field]


def test_every_variable_may_be_said(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD | {"answer": "{bureau}{phone}{address}{hours}"}) == (["card-new"], [])


@pytest.mark.parametrize("field", ["sources", "bring", "facts", "who", "related"])
@pytest.mark.parametrize("value", [5, True, False, 0, "", {}, {"title": "文件"}])
def test_what_is_no_list_is_a_problem(tmp_path: Path, field: str, value: object) -> None:
    _, problems = read(tmp_path, GOOD | {field: value})
    assert field in {p.field for p in problems}


def test_a_slug_twice_in_one_folder(tmp_path: Path) -> None:
    _, problems = read(tmp_path, GOOD, GOOD)
    assert ("card-new", "slug") in {(p.entry, p.field) for p in problems}


def test_the_bureaus_folder_replaces_a_shipped_entry(tmp_path: Path) -> None:
    shipped, own = tmp_path / "a", tmp_path / "b"
    shipped.mkdir()
    own.mkdir()
    for folder, answer in ((shipped, "旧的。"), (own, "新的。")):
        read(folder, GOOD | {"answer": answer})
    problems: list[Problem] = []
    entries = read_entries([shipped / "mine.yaml", own / "mine.yaml"], village().facts, problems)
    assert not problems
    assert entries["card-new"].answer == "新的。"


def test_a_phrasing_of_two_entries_is_told_for_both(tmp_path: Path) -> None:
    other = GOOD | {"slug": "card-two", "question": "第二条的标题"}
    _, problems = read(tmp_path, GOOD, other)
    assert {p.entry for p in problems} == {"card-new", "card-two"}
    assert {p.field for p in problems} == {"phrasings"}


@pytest.mark.parametrize("row", ["一句话", 5, None, ["a"]])
def test_a_row_that_is_no_mapping(tmp_path: Path, row: object) -> None:
    slugs, problems = read(tmp_path, row)
    assert slugs == []
    assert problems


@pytest.mark.parametrize("text", ["entries: [", "\tentries: x", "entries: 5", "- a\n- b", "5", "entries:\n  a: b", "{"])
def test_a_broken_file_is_a_problem_that_names_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    assert read_entries([path], {}, problems) == {}
    assert {p.file for p in problems} == {"broken.yaml"}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a remark\n", "---\n"])
def test_an_empty_file_is_a_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(text, encoding="utf-8")
    for read_all in (lambda p: read_entries([path], {}, p), lambda p: read_offers([path], p), lambda p: read_facts(path, p),
                     lambda p: read_lexicon(path, p), lambda p: read_profile(path, p)):  # fmt: skip
        problems: list[Problem] = []
        read_all(problems)
        assert ("empty.yaml", "文件是空的") in {(p.file, p.message) for p in problems}


@pytest.mark.parametrize(
    "value", ["2026-02-30", "!!int x", "!!float ''", "!!bool x", "!!timestamp x", "*nowhere", "{[a]: b}"]
)
def test_what_yaml_cannot_make_sense_of_is_a_problem(tmp_path: Path, value: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(f"entries:\n- valid_to: {value}\n", encoding="utf-8")
    problems: list[Problem] = []
    assert read_yaml(path, problems) is None
    assert [p.file for p in problems] == ["odd.yaml"]


def test_a_file_that_is_not_utf8_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("entries: 优待证".encode("gbk"))
    problems: list[Problem] = []
    assert read_yaml(path, problems) is None
    assert read_yaml(tmp_path / "none.yaml", problems) is None
    assert [p.file for p in problems] == ["gbk.yaml", "none.yaml"]


def test_yaml_cannot_run_code(tmp_path: Path) -> None:
    path = tmp_path / "evil.yaml"
    path.write_text("entries: !!python/object/apply:os.system ['true']", encoding="utf-8")
    problems: list[Problem] = []
    assert read_yaml(path, problems) is None
    assert len(problems) == 1


def test_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(
        "- {id: a-1, topic: t, fact: f, scope: 全国, confidence: low}\n- {id: a-2, topic: t}\n", encoding="utf-8"
    )
    problems: list[Problem] = []
    facts = read_facts(path, problems)
    assert isinstance(facts["a-1"], Fact)
    assert not facts["a-1"].usable
    assert {(p.entry, p.field) for p in problems} == {("a-2", "fact"), ("a-2", "scope"), ("a-2", "confidence")}


@pytest.mark.parametrize(
    "text",
    ["5", "{a: b}", "- 5\n", "- [a]\n", "- {id: a-1, topic: t, fact: f, scope: s, confidence: high, current: 'no'}\n"],
)
def test_bad_facts_are_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_facts(path, problems)
    assert {p.file for p in problems} == {"facts.yaml"}


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("a.yaml", "", "", "坏了")) == "a.yaml: \uff08整个文件\uff09: -: 坏了"
    assert str(Problem("a.yaml", "x-y", "slug", "重名")) == "a.yaml: x-y: slug: 重名"


def test_defaults_of_the_file_hold_for_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    content = {"topic": "优待证", "stage": "优待", "entries": [without("topic") | {"stage": "退役"}]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    problems: list[Problem] = []
    entry = read_entries([path], village().facts, problems)["card-new"]
    assert not problems
    assert (entry.topic, entry.stage) == ("优待证", "退役")
