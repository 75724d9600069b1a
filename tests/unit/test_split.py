"""Several questions of one message are told apart; one question stays whole."""

import pytest

from knowledge.normalise import simplify
from knowledge.split import MOST, parts


@pytest.mark.parametrize(
    "text",
    [
        "优待证丢了怎么补?光荣牌怎么领?",
        "优待证丢了怎么补\uff1f光荣牌怎么领",
        "优待证丢了怎么补。光荣牌怎么领。",
        "优待证丢了怎么补\n光荣牌怎么领",
        "优待证丢了怎么补,另外光荣牌怎么领",
        "优待证丢了怎么补,还有光荣牌怎么领",
        "优待证丢了怎么补;顺便问一下光荣牌怎么领",
        "我有两个事:优待证丢了怎么补,光荣牌怎么领",
        "1、优待证丢了怎么补 2、光荣牌怎么领",
    ],
)
def test_two_questions(text: str) -> None:
    found = parts(simplify(text))
    assert [p for p in found if "优待证" in p] and [p for p in found if "光荣牌" in p]  # noqa: PT018 - both or nothing
    assert not [p for p in found if "优待证" in p and "光荣牌" in p]


@pytest.mark.parametrize("text", ["优待证丢了怎么补", "优待证丢了,怎么补", "还有多久", "优待证丢了怎么补?急!"])
def test_one_question(text: str) -> None:
    assert len(parts(simplify(text))) == 1


def test_no_more_than_are_looked_at() -> None:
    assert len(parts("怎么办理这件事?" * 20)) == MOST


def test_nothing() -> None:
    assert parts("") == []
    assert parts("???") == []
