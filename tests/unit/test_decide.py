"""Three outcomes by how sure it is: answer, offer, or say that we do not know."""

import pytest

from knowledge import decide
from knowledge.heard import Context
from tests.journeys.world import snapshot_of


def sure(text: str) -> float:
    return snapshot_of().hear(text, Context()).score or 0.0


def test_the_thresholds_are_in_order() -> None:
    assert 0 < decide.PICK < decide.OTHER <= decide.ANSWER < 1


@pytest.mark.parametrize("text", ["优待证怎么办", "光荣牌怎么领", "每年的生存认证怎么做", "多久安排一次免费体检"])
def test_a_phrasing_word_for_word_is_sure(text: str) -> None:
    assert sure(text) >= decide.ANSWER


@pytest.mark.parametrize("text", ["呼噜呼噜哗啦啦", "火箭发射", "qwrtpsdfg"])
def test_nonsense_is_not(text: str) -> None:
    assert sure(text) < decide.PICK


def test_every_score_is_a_probability() -> None:
    for text in ("优待证", "优待证怎么办", "补", "公交", "我" * 900, "youdaizheng"):
        assert 0 <= sure(text) <= 1


def test_no_hits_no_confidence() -> None:
    assert snapshot_of().hear("", Context()).score is None


@pytest.mark.parametrize("text", ["优待", "公交"])
def test_a_single_word_offers_instead_of_guessing(text: str) -> None:
    heard = snapshot_of().hear(text, Context())
    assert heard.outcome != "answer"
    assert len(heard.near) <= 4


def test_the_same_text_is_always_understood_the_same() -> None:
    one, other = (snapshot_of().hear("优待证那个", Context()) for _ in range(2))
    assert (one.score, one.near, one.answers) == (other.score, other.near, other.answers)
