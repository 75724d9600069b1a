"""Whatever text comes in is made harmless, and whatever goes out is cut without losing a word."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import clean, has_words, split_at_sentences

pytestmark = pytest.mark.properties

LIMITS = st.integers(min_value=1, max_value=80)
PROSE = st.text(st.sampled_from("优待证怎么办。!?;\uff01\uff1f\uff1b\n ,\uff0c、a1"), max_size=400)
BIDI_MARKS = {"\u061c", "\u200e", "\u200f"}
BIDI_CLASSES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
UNSEEN = "\u061c\u200b\u200e\u202e\u2066\ufeff\x00\x1b\x7f\x85\u180e\ufffa\U000e0041\U000e0101\ud800"


def _visible(text: str) -> str:
    return "".join(text.split())


@given(st.text() | PROSE, LIMITS)
@example(" " * 50 + "完" + "\n" * 50, 10)
@example("。" * 100, 7)
@example("没有句号" * 30, 9)
def test_split_loses_nothing_visible(text: str, limit: int) -> None:
    parts = split_at_sentences(text, limit)
    assert "".join(map(_visible, parts)) == _visible(text)
    assert all(0 < len(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)


@given(PROSE.filter(lambda text: text.strip()))
def test_text_within_the_limit_stays_whole(text: str) -> None:
    assert split_at_sentences(text, len(text)) == [text.strip()]


@given(st.lists(PROSE.map(lambda text: text.replace("\n", "") + "。"), max_size=8), LIMITS)
def test_cut_only_where_a_sentence_ends_when_all_are_short(sentences: list[str], limit: int) -> None:
    parts = split_at_sentences("".join(sentences), max([limit, *map(len, sentences)]))
    assert all(part[-1] in "。!?;\uff01\uff1f\uff1b" for part in parts)


@given(st.text(st.characters() | st.sampled_from(UNSEEN + "\t\n\r")))
@example(UNSEEN)
def test_clean_leaves_nothing_that_hides_or_turns_words(text: str) -> None:
    left = clean(text)
    for char in left:
        assert unicodedata.category(char) not in ("Cc", "Cs") or char in "\t\n"
        assert unicodedata.bidirectional(char) not in BIDI_CLASSES
        assert char not in BIDI_MARKS
        assert char not in UNSEEN
    assert clean(left) == left == left.strip()


@given(st.text(st.characters(categories=["Lo", "Lu", "Nd", "Po"], exclude_characters=UNSEEN)))
def test_clean_leaves_words_alone(text: str) -> None:
    assert clean(text) == text.strip()


@given(st.text())
def test_no_words_means_no_letter_and_no_digit(text: str) -> None:
    assert has_words(text) == any(c.isalpha() or unicodedata.category(c).startswith(("L", "N")) for c in text)
