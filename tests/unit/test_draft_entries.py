"""A finished draft leaves in the knowledge format: what is missing is named, and once filled in it can be imported."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import Refusal
from db.content import FaqDraft
from knowledge import exchange
from knowledge.content import read_content
from services import draft_entries
from tests.fakes.clock import START

FILLED: dict[str, Any] = {
    "stage": "优待",
    "topic": "优待证",
    "scope": "全国",
    "phrasings": {
        "formal": ["测试用优待证遗失补办程序", "测试用优待证挂失"],
        "colloquial": ["测试用的证不见了咋整", "测试用的证掉了"],
        "keyword": ["测试用补证"],
        "third_person": ["我爸测试用的证丢了"],
    },
}


def _draft(**columns: Any) -> FaqDraft:
    words = {
        "question": "测试用优待证丢了怎么补",
        "answer": "带身份证到服务站补办。",
        "source": "《办法》第三条\n\n《细则》",
    }
    return FaqDraft(**{"id": 3, "status": "done"} | words | columns)


def test_what_only_a_reviewer_can_know_is_left_empty_and_named() -> None:
    row = draft_entries.entry_of(_draft(), "A7K2", START)
    assert (row["slug"], row["sources"]) == ("case-a7k2", [{"title": "《办法》第三条"}, {"title": "《细则》"}])
    assert {line.partition("\uff1a")[0] for line in draft_entries.missing(row)} == {
        "stage",
        "topic",
        "scope",
        "phrasings",
    }
    assert draft_entries.missing(row | FILLED) == []


def test_only_a_done_one_leaves() -> None:
    with pytest.raises(Refusal, match="还没有完成"):
        draft_entries.entry_of(_draft(status="review"), "A7K2", START)


def test_the_import_takes_it_once_it_is_filled_in(tmp_path: Path) -> None:
    path, content = tmp_path / "drafts.yaml", read_content(None)
    row = draft_entries.entry_of(_draft(), None, START)
    path.write_text(exchange.drawn({"entries": [row]}), encoding="utf-8")
    refused = exchange.read_import(path, tmp_path, content, offers=False)
    assert (refused.rows, {problem.field for problem in refused.problems}) == (
        {}, {"stage", "topic", "phrasings", "scope"},
    )  # fmt: skip
    path.write_text(exchange.drawn({"entries": [row | FILLED]}), encoding="utf-8")
    taken = exchange.read_import(path, tmp_path, content, offers=False)
    assert (list(taken.rows), taken.problems) == (["case-3"], [])
