"""A digit in any writing, or the label itself, names the choice last offered."""

import pytest

from core.menu import BACK, PERSON, digit, numbered, resolve
from core.reply import Choice

MENU = (Choice("办优待证", "a"), Choice("补办(丢了)", "b"), Choice("找人工", PERSON), Choice("返回", BACK))
FULL_WIDTH_TWO = "\uff12"


@pytest.mark.parametrize(
    "text",
    [
        "2", FULL_WIDTH_TWO, "二", "两", "第二个", "第2个", f"第{FULL_WIDTH_TWO}项", "选2", "我选第二个", "我要二", "按2",
        "回复2", "2。", "2.", "2、", " 2 ", "2号", "第二条", "2吧", "二的", "2!", "\u2461",
    ],
)  # fmt: skip
def test_every_way_to_write_two(text: str) -> None:
    assert digit(text) == "2"
    assert resolve(text, MENU) == "b"


@pytest.mark.parametrize(
    "text", ["22", "12", "第", "个", "", "二十", "2023年", "优待证2", "两个优待证", "-", "。", "3.5"]
)
def test_what_is_no_digit(text: str) -> None:
    assert digit(text) is None


@pytest.mark.parametrize("text", ["0", "\uff10", "零", "〇"])
def test_zero_is_a_person_wherever_it_stands(text: str) -> None:
    assert resolve(text, MENU) == PERSON
    assert resolve(text, tuple(reversed(MENU))) == PERSON


@pytest.mark.parametrize("text", ["9", "\uff19", "九", "第九个"])
def test_nine_is_back(text: str) -> None:
    assert resolve(text, MENU) == BACK


def test_zero_and_nine_are_never_given_to_others() -> None:
    plain = [Choice(f"选项{n}", f"x{n}") for n in range(8)]
    assert [d for d, _ in numbered([*plain, MENU[2], MENU[3]])] == [*"12345678", "0", "9"]
    assert resolve("9", plain) is None
    assert resolve("0", plain) is None


@pytest.mark.parametrize(
    "text",
    ["办优待证", "办优待证。", " 办优待证 ", "补办(丢了)", "补办\uff08丢了\uff09", "办优待证\uff01", "返回", "找人工"],
)
def test_the_label_itself(text: str) -> None:
    assert resolve(text, MENU) is not None


def test_label_in_any_case() -> None:
    assert resolve("app", [Choice("APP", "x")]) == "x"


def test_a_part_of_a_label_is_a_question_of_its_own() -> None:
    assert resolve("优待证", MENU) is None


def test_a_digit_not_offered() -> None:
    assert resolve("3", MENU) is None
    assert resolve("1", ()) is None
