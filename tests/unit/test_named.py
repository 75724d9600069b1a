"""Which of several things a text names: in full, by sound, by shared characters, by looks; never a guess between two."""

import pytest

from knowledge.named import alike, contained, ending, shared, sounding

STATIONS = {1: ["南街街道", "南街", "南街服务站"], 2: ["南街村"], 3: ["石桥镇", "石桥"]}
SERVICES = {1: ["优待证申领", "办优待证"], 2: ["优待证补领", "补办优待证"], 3: ["就业咨询"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("去南街街道", (1,)), ("南街村的站", (2,)), ("南街", (1,)), ("南街村和南街街道", (1, 2)), ("南街村还是南街", (1, 2)),
        ("石桥", (3,)), ("城关", ()), ("", ()),
    ],
)  # fmt: skip
def test_a_name_inside_a_longer_one_does_not_count(text: str, found: tuple[int, ...]) -> None:
    assert contained(text, STATIONS) == found


def test_a_longer_name_of_a_service_wins() -> None:
    assert contained("想补办优待证", SERVICES) == (2,)


@pytest.mark.parametrize(("text", "found"), [("南节服务站", (1,)), ("十桥镇", (3,)), ("北街服务站", ())])
def test_a_name_is_known_by_its_sound(text: str, found: tuple[int, ...]) -> None:
    assert sounding(text, STATIONS) == found


@pytest.mark.parametrize(
    ("text", "least", "found"),
    [("去南节", 2, (1,)), ("去南节", 3, ()), ("十桥镇", 3, (3,)), ("南节那边", 2, ()), ("兰街", 2, (1,)), ("", 2, ())],
)
def test_what_a_text_ends_with_is_known_by_its_sound(text: str, least: int, found: tuple[int, ...]) -> None:
    assert ending(text, STATIONS, least) == found


@pytest.mark.parametrize(
    ("text", "found"), [("优待证", (1, 2)), ("就业的事想问问", (3,)), ("咨询一下", ()), ("随便看看", ())]
)
def test_what_shares_as_much_is_not_guessed_between(text: str, found: tuple[int, ...]) -> None:
    assert shared(text, SERVICES, "咨询办理", 1) == found


@pytest.mark.parametrize(("text", "found"), [("石乔镇", (3,)), ("南街道", (1, 2)), ("城关镇", ()), ("石", ())])
def test_looks_alone_make_a_name_likely(text: str, found: tuple[int, ...]) -> None:
    assert tuple(sorted(alike(text, STATIONS))) == found
