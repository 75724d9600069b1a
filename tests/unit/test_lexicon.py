"""The lexicon holds all that is no policy question; a fault in it is told, not raised."""

from pathlib import Path

import pytest
import yaml

from knowledge.content import SHIPPED
from knowledge.index import Snapshot
from knowledge.lexicon import CRISES, JOURNEYS, read_lexicon
from knowledge.normalise import simplify
from knowledge.problem import Problem
from tests.journeys.world import VILLAGE, village


def problems_of(folder: Path, text: str) -> list[Problem]:
    path = folder / "lexicon.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_lexicon(path, problems)
    return problems


def test_the_villages_lexicon() -> None:
    lexicon = village().lexicon
    assert lexicon.words["老兵证"] == "优待证"
    assert set(lexicon.journeys) == set(JOURNEYS)
    assert set(lexicon.crisis) == set(CRISES)
    assert lexicon.crisis["self_harm"].phrasings == ("我不想活了", "我要自杀", "活着没有意思了", "我爸说他不想活了")
    assert [s.office for s in lexicon.elsewhere] == ["公安派出所", None]


def with_(folder: Path, **change: object) -> list[Problem]:
    content = yaml.safe_load((VILLAGE / "lexicon.yaml").read_text(encoding="utf-8")) | change
    return problems_of(folder, yaml.safe_dump(content, allow_unicode=True))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"word": {}}, "word"), ({"words": {"a": 1}}, "words"), ({"words": ["a"]}, "words"), ({"hot": "card"}, "hot"),
        ({"categories": {"餐饮": "饭"}}, "餐饮"), ({"smalltalk": [{"phrasings": ["你好"]}]}, "slug"),
        ({"smalltalk": [{"slug": "a", "answer": "b"}]}, "answer"), ({"crisis": {"panic": {}}}, "panic"),
        ({"journeys": {"travel": {}}}, "travel"),
        ({"ask_first": [{"slug": "a", "ask": "b", "cue": ["c"]}]}, "cue"), ({"places": {"乌镇": 5}}, "places"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, change: dict[str, object], field: str) -> None:
    assert field in {p.field for p in with_(tmp_path, **change)}


def test_a_broken_file_is_a_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "words: [")[0].file == "lexicon.yaml"


@pytest.mark.parametrize("value", ["你好", 5, False, {}, ["你好"], [5], [None], [["a"]]])
def test_smalltalk_of_another_kind(tmp_path: Path, value: object) -> None:
    assert with_(tmp_path, smalltalk=value)


@pytest.mark.parametrize(
    "change",
    [{"words": {"": "优待证"}}, {"words": []}, {"categories": {5: ["饭"]}}, {"categories": []}, {"crisis": "a"}],
)
def test_what_would_break_the_index(tmp_path: Path, change: dict[str, object]) -> None:
    assert with_(tmp_path, **change)


def test_shipped_hot_questions_exist(snapshot: Snapshot) -> None:
    assert [slug for slug in snapshot.content.lexicon.hot if slug not in snapshot.entries] == []


def test_shipped_landmarks_are_in_known_provinces(snapshot: Snapshot) -> None:
    provinces = set(snapshot.content.provinces)
    bad = [name for name, full in snapshot.content.lexicon.places.items() if snapshot.places.find(full) is None]
    assert bad == []
    assert len(provinces) == 31


def test_no_shipped_word_is_replaced_by_one_that_is_itself_replaced(snapshot: Snapshot) -> None:
    words = {simplify(said): meant for said, meant in snapshot.content.lexicon.words.items()}
    assert [(said, meant) for said, meant in words.items() if meant in words and words[meant] != meant] == []


def test_shipped_files_have_no_problem() -> None:
    problems: list[Problem] = []
    read_lexicon(SHIPPED / "lexicon.yaml", problems)
    assert problems == []
