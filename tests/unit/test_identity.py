"""An ID number is checked by its own rules, and its marks do not give it away."""

import pytest

from core.errors import Refusal
from services import identity
from services.visit_codes import code_of, number_of
from tests.fakes.sealed import VAULT

GOOD = "11010519491231002X"
"""The example of GB 11643-1999."""


@pytest.mark.parametrize(
    "text", [GOOD, "11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_however_it_is_written(text: str) -> None:
    assert identity.read_id(text) == GOOD


def test_an_old_number_of_fifteen_is_the_same_person() -> None:
    assert identity.read_id("110105491231002") == GOOD


@pytest.mark.parametrize(
    "text", ["110105194912310021", "11010519491331002X", "1101051949123100", "X10105194912310021", "王建国", "0" * 18]
)
def test_what_is_none_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        identity.read_id(text)
    assert text not in str(refused.value)


def test_a_number_that_excel_rounded_is_told_as_such() -> None:
    with pytest.raises(Refusal, match="Excel"):
        identity.read_id("1.10105E+17")


@pytest.mark.parametrize(("text", "tail"), [("002x", "002X"), ("12", "0012"), ("0123", "0123"), ("", None)])
def test_tails(text: str, tail: str | None) -> None:
    assert identity.read_tail(text) == tail


@pytest.mark.parametrize("text", ["12345", "X123", "12A4"])
def test_tails_that_are_none(text: str) -> None:
    with pytest.raises(Refusal):
        identity.read_tail(text)


def test_the_mark_is_not_the_number() -> None:
    assert GOOD not in identity.id_key(VAULT, GOOD)
    assert identity.birth_year(GOOD) == 1949


def test_numbers_of_lines_notice_a_wrong_digit_and_two_swapped_ones() -> None:
    for number in (*range(1, 300), 10423, 999_999):
        code = code_of(number)
        assert number_of(code) == number
        for place, digit in enumerate(code):
            for other in set("0123456789") - {digit}:
                assert number_of(code[:place] + other + code[place + 1 :]) is None
        for place in range(len(code) - 1):
            if code[place] != code[place + 1]:
                assert number_of(code[:place] + code[place + 1] + code[place] + code[place + 2 :]) is None
    assert number_of("12a") is number_of("") is number_of("5") is None
