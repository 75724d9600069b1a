"""The catalogue finds offers by words, category, place and identity, and hides what does not hold."""

from datetime import date

import pytest

from knowledge.goods import Catalogue, read_offers
from knowledge.normalise import Words
from knowledge.place import Place
from knowledge.problem import Problem
from tests.journeys.world import TODAY, VILLAGE, snapshot_of, village

HOME = Place.parse("浙江省桐乡市")


def found(text: str, *, region: Place | None = HOME, today: date = TODAY, samples: bool = True) -> list[str]:
    snapshot = snapshot_of(samples=samples)
    wish = snapshot.catalogue.wish(text, snapshot.places.find(text))
    return [offer.code for offer in snapshot.catalogue.search(wish, region, today)]


def test_by_category_word() -> None:
    assert set(found("哪里吃饭打折")[:5]) == {"TX001", "TX002", "TX003", "TX004", "TX005"}


def test_by_name() -> None:
    assert found("乌镇面馆")[0] == "TX001"
    assert found("观前茶楼早茶") == ["SZ002"]


def test_home_comes_before_elsewhere() -> None:
    codes = found("吃饭")
    assert codes.index("SZ002") > codes.index("TX006")


def test_a_named_place_is_binding() -> None:
    assert found("苏州吃饭") == ["SZ002"]
    assert found("苏州坐车") == ["SZ001"]
    assert found("长沙吃饭") == []


def test_nationwide_holds_everywhere() -> None:
    assert "QG001" in found("银行", region=None)
    assert found("苏州银行") == ["QG001"]


@pytest.mark.parametrize("word", ["三属", "烈属"])
def test_by_identity(word: str) -> None:
    assert found(f"{word}吃饭") == ["TX002"]


def test_identity_place_and_category_together() -> None:
    assert found("桐乡三属吃饭") == ["TX002"]
    assert found("苏州三属吃饭") == []


def test_expired_and_future_offers_are_hidden() -> None:
    assert not {"TX007", "TX008"} & set(found("吃饭"))
    assert "TX008" in found("吃饭", today=date(2027, 7, 1))
    assert "TX007" in found("吃饭", today=date(2025, 12, 31))
    assert "TX007" not in found("吃饭", today=date(2026, 1, 1))


def test_samples_are_hidden_in_production() -> None:
    assert found("理发") == ["YH901"]
    assert found("理发", samples=False) == []
    assert "生活服务" not in snapshot_of(samples=False).catalogue.categories(TODAY)


def test_nothing_alike() -> None:
    assert found("火箭发射") == []


def test_no_offers_at_all() -> None:
    empty = Catalogue([], {}, Words({}), samples=True)
    assert empty.search(empty.wish("吃饭", None), None, TODAY) == []
    assert empty.categories(TODAY) == []


@pytest.mark.parametrize("code", ["TX001", "tx001", " Tx001 ", "\uff34\uff38\uff10\uff10\uff11", "tx\u200b001"])
def test_code_in_any_width_and_case(code: str) -> None:
    offer = snapshot_of().catalogue.find(code)
    assert offer is not None
    assert offer.code == "TX001"


@pytest.mark.parametrize("code", ["TX999", "", "TX", "001", "TX001和TX002"])
def test_what_is_no_code(code: str) -> None:
    assert snapshot_of().catalogue.find(code) is None


def test_categories_the_fullest_first() -> None:
    assert snapshot_of().catalogue.categories(TODAY)[0] == "餐饮"


def test_every_shipped_code_is_unique_and_every_category_has_words() -> None:
    problems: list[Problem] = []
    offers = read_offers([VILLAGE / "offers.yaml"], problems)
    assert not problems
    assert {o.category for o in offers.values()} <= set(village().lexicon.categories)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("{code: tx1, name: 店, category: 餐饮, offer: 折, who: 人, place: 全国}", "code"),
        ("{code: TX1, category: 餐饮, offer: 折, who: 人, place: 全国}", "name"),
        ("{code: TX1, name: 店, category: 餐饮, offer: 折, who: 人, place: 全国, valid_to: 明年}", "valid_to"),
        ("{code: TX1, name: 店, category: 餐饮, offer: 折, who: 人, place: 全国, prize: 大}", "prize"),
        ("{code: TX1, name: 5, category: 餐饮, offer: 折, who: 人, place: 全国}", "name"),
    ],
)
def test_a_bad_offer_names_its_field(tmp_path: object, row: str, field: str) -> None:
    path = tmp_path / "bad.yaml"  # type: ignore[operator]
    path.write_text(f"offers:\n- {row}\n", encoding="utf-8")
    problems: list[Problem] = []
    assert read_offers([path], problems) == {}
    assert [(p.file, p.field) for p in problems] == [("bad.yaml", field)]


def test_a_code_twice_in_one_file(tmp_path: object) -> None:
    row = "- {code: TX1, name: 店, category: 餐饮, offer: 折, who: 人, place: 全国}\n"
    path = tmp_path / "twice.yaml"  # type: ignore[operator]
    path.write_text("offers:\n" + row * 2, encoding="utf-8")
    problems: list[Problem] = []
    read_offers([path], problems)
    assert [(p.entry, p.field) for p in problems] == [("TX1", "code")]
