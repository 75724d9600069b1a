"""The inverted index gives every text its score, and near 1 to the text that holds the whole query."""

import numpy as np
import pytest

from knowledge.terms import Terms, grams

TEXTS = ["优待证怎么办", "光荣牌怎么领", "体检多久一次", "优待证丢了"]


def test_grams() -> None:
    assert grams("优待证", 1, 2) == ["优", "待", "证", "优待", "待证"]
    assert grams(("you", "dai"), 1, 3) == [("you",), ("dai",), ("you", "dai")]
    assert grams("", 1, 2) == []


def test_the_text_itself_comes_first() -> None:
    terms = Terms((grams(text, 1, 2) for text in TEXTS), lambda text: grams(text, 1, 2))
    for row, text in enumerate(TEXTS):
        scores = terms.scores(text)
        assert int(np.argmax(scores)) == row
        assert scores[row] == pytest.approx(1, abs=0.3)


def test_nothing_in_common_scores_nothing() -> None:
    terms = Terms((grams(text, 1, 2) for text in TEXTS), lambda text: grams(text, 1, 2))
    assert not terms.scores("红烧肉").any()
    assert not terms.scores("").any()


def test_unknown_words_lower_the_score() -> None:
    terms = Terms((grams(text, 1, 2) for text in TEXTS), lambda text: grams(text, 1, 2))
    assert terms.scores("优待证怎么办红烧肉好吃")[0] < terms.scores("优待证怎么办")[0]


def test_rare_terms_weigh_more() -> None:
    terms = Terms((grams(text, 1, 1) for text in TEXTS), lambda text: grams(text, 1, 1))
    assert terms.scores("办怎")[0] > terms.scores("怎么")[0] * 0.9
    assert terms.scores("办")[0] > terms.scores("怎红")[0]


def test_covered_is_the_share_of_the_rows_own_terms() -> None:
    terms = Terms((grams(text, 1, 1) for text in TEXTS), lambda text: grams(text, 1, 1))
    shares = terms.covered("优待证怎么办理手续", np.arange(4))
    assert shares[0] == pytest.approx(1)
    assert 0 < shares[3] < 1
    assert shares[2] == 0


def test_an_empty_index_and_an_empty_row() -> None:
    assert len(Terms([], list).scores("优")) == 0
    assert list(Terms(["", "优"], list).scores("优")) == pytest.approx([0, 1], abs=0.5)
