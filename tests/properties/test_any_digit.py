"""A choice is named by its digit however it is written, or by its label, and never another one is taken."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.menu import BACK, PERSON, bare, digit, numbered, resolve
from core.reply import Choice

pytestmark = pytest.mark.properties

HAN = "零一二三四五六七八九"
WIDE = "".join(chr(0xFF10 + n) for n in range(10))
FORMS = (
    "{d}", "{w}", "{h}", " {d} ", "{d}。", "{d}.", "{w}、", "{w}\uff0e", "\u3000{w}\u3000", "{h}\uff01", "第{d}个", "第{h}个", "第{h}条", "选{d}", "我选{h}",
    "我要第{h}个", "回复{d}", "按{d}吧", "{d}号", "{h}项的",
)  # fmt: skip
LABELS = (
    st.text(st.characters(categories=["Lo", "Ll", "Lu", "Po"]), min_size=1, max_size=12)
    .filter(lambda label: bare(label) and digit(label) is None)
    .map(str)
)


@st.composite
def menus(draw: st.DrawFn) -> list[Choice]:
    labels = draw(st.lists(LABELS, min_size=1, max_size=7, unique_by=lambda label: bare(label).casefold()))
    fixed = draw(st.lists(st.sampled_from([PERSON, BACK]), max_size=min(2, len(labels)), unique=True))
    actions = [f"faq:{n}" for n in range(len(labels) - len(fixed))] + fixed
    return [Choice(label, action) for label, action in zip(labels, draw(st.permutations(actions)), strict=True)]


@given(menus(), st.sampled_from(FORMS), st.data())
def test_digit_in_every_form(menu: list[Choice], form: str, data: st.DataObject) -> None:
    number, choice = data.draw(st.sampled_from(numbered(menu)))
    said = form.format(d=number, w=WIDE[int(number)], h=HAN[int(number)])
    assert resolve(said, menu) == choice.action


@given(menus(), st.data(), st.sampled_from(["{}", "{}。", " {} ", "{}\uff1f"]))
def test_label(menu: list[Choice], data: st.DataObject, form: str) -> None:
    choice = data.draw(st.sampled_from(menu))
    for label in (choice.label, choice.label.upper(), unicodedata.normalize("NFKC", choice.label)):
        if bare(label).casefold() == bare(choice.label).casefold():
            assert resolve(form.format(label), menu) == choice.action


@given(menus())
def test_a_digit_that_is_not_offered_is_nothing(menu: list[Choice]) -> None:
    offered = {number for number, _ in numbered(menu)}
    for number in set("0123456789") - offered:
        assert resolve(number, menu) is None


@given(menus())
def test_person_is_0_back_is_9_and_the_rest_counts_from_1(menu: list[Choice]) -> None:
    numbers = {choice.action: number for number, choice in numbered(menu)}
    assert numbers.pop(PERSON, "0") == "0"
    assert numbers.pop(BACK, "9") == "9"
    assert list(numbers.values()) == [str(n) for n in range(1, len(numbers) + 1)]


@given(st.text(max_size=20), menus())
def test_anything_else_names_only_what_is_offered(text: str, menu: list[Choice]) -> None:
    assert resolve(text, menu) in {None, *(choice.action for choice in menu)}
