"""Sounds that speakers and voice input mix up count as one, and Latin letters may be pinyin."""

import pytest

from knowledge.sound import blur, blurred, spelled, syllables


@pytest.mark.parametrize(
    ("one", "other"),
    [("zheng", "zen"), ("shi", "si"), ("chang", "can"), ("nan", "lan"), ("fu", "hu"), ("jing", "jin"), ("ning", "lin")],
)
def test_blur_merges(one: str, other: str) -> None:
    assert blur(one) == blur(other)


@pytest.mark.parametrize(("one", "other"), [("ban", "pan"), ("you", "wu"), ("zhong", "zhou"), ("da", "ta")])
def test_blur_keeps_apart(one: str, other: str) -> None:
    assert blur(one) != blur(other)


def test_one_syllable_a_character() -> None:
    assert syllables("优待证") == ("you", "dai", "zheng")
    assert blurred("生存认证") == blurred("身存认证")
    assert syllables("") == ()


@pytest.mark.parametrize(
    "typed", ["youdaizheng zenme ban", "you dai zheng zen me ban", "youdaizhengzenmeban", "you'dai'zheng zen'me ban"]
)
def test_pinyin_in_latin_letters(typed: str) -> None:
    assert spelled(typed) == blurred("优待证怎么办")


@pytest.mark.parametrize(
    "text", ["hello", "app", "wifi code", "abc", "x", "", "优待证", "youdaizheng怎么办", "qwrtp", "ban"]
)
def test_what_is_no_pinyin(text: str) -> None:
    assert spelled(text) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("qunian", "去年"), ("jinianbei", "纪念碑"), ("yinian yici", "一年一次"), ("yinian", "一年"), ("fangan", "方案"), ("tiananmen", "天安门")],
)  # fmt: skip
def test_a_syllable_gives_its_last_letter_to_the_next(typed: str, meant: str) -> None:
    assert spelled(typed) == blurred(meant)


@pytest.mark.parametrize("letters", ["a" * 120, "xian" * 30, "gangan" * 20 + "q", "n" * 120])
def test_letters_of_many_readings_end(letters: str) -> None:
    found = spelled(letters[:120])
    assert found is None or len(found) > 1


def test_too_long_for_one_who_types_pinyin() -> None:
    assert spelled("ni" * 60) is not None
    assert spelled("ni" * 61) is None
