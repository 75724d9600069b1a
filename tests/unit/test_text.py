"""Text is cleaned of what cannot be seen, and cut where a sentence ends."""

import pytest

from core.text import clean, has_words, split_at_sentences


@pytest.mark.parametrize(
    "hidden",
    ["\u0000", "\u0007", "\u001b", "\u007f", "\u0085", "\u00ad", "\u200b", "\u200d", "\u200f", "\u202e", "\u2066", "\ufeff", "\ud800", "\ufe0f"],
)  # fmt: skip
def test_unseen_characters_go(hidden: str) -> None:
    assert clean(f"优{hidden}待证{hidden}") == "优待证"


def test_lines_and_tabs_within_stay() -> None:
    assert clean("  第一行\n第二行\t完 \n") == "第一行\n第二行\t完"


@pytest.mark.parametrize("text", ["优待证", "a", "7", "👍好"])
def test_words(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize("text", ["", "👍", "?!。", "……", "👨\u200d👩\u200d👧", "\uff1f\uff1f"])
def test_no_words(text: str) -> None:
    assert not has_words(text)


def test_short_text_is_one_part() -> None:
    assert split_at_sentences("一句话。两句话。", 100) == ["一句话。两句话。"]


@pytest.mark.parametrize("mark", ["。", "\uff01", "\uff1f", "!", "?", "\uff1b", ";", "\n"])
def test_cut_behind_every_sign_that_ends_a_sentence(mark: str) -> None:
    parts = split_at_sentences(f"第一句在这里{mark}第二句在那里", 9)
    assert [p.strip() for p in parts] == [f"第一句在这里{mark}".strip(), "第二句在那里"]


def test_a_sentence_longer_than_the_limit_is_cut_anyway() -> None:
    assert split_at_sentences("一" * 25, 10) == ["一" * 10, "一" * 10, "一" * 5]


def test_nothing_is_lost() -> None:
    text = "甲乙丙。丁戊己?庚辛!\n壬癸子丑寅卯辰巳午未。"
    assert "".join(split_at_sentences(text, 6)).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_empty_text_has_no_parts(text: str) -> None:
    assert split_at_sentences(text, 10) == []
