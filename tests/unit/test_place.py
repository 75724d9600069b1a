"""A place in a question decides which local rules may answer, so it must be the right one."""

import pytest

from knowledge.index import Snapshot
from knowledge.place import Gazetteer, Place

GAZETTEER = Gazetteer(
    {"浙江": ["杭州", "嘉兴"], "河北": ["保定", "张家口"], "吉林": ["长春"], "湖南": ["张家界"], "上海": ["宝山区"]},
    ["浙江省嘉兴市桐乡市", "江苏省苏州市"],
    {"乌镇": "浙江省嘉兴市桐乡市", "寒山寺": "江苏省苏州市"},
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("浙江省桐乡市", ("浙江", "桐乡")), ("浙江省嘉兴市桐乡市", ("浙江", "嘉兴", "桐乡")), ("桐乡", ("桐乡",)),
        ("内蒙古自治区呼和浩特市", ("内蒙古", "呼和浩特")), ("新疆维吾尔自治区", ("新疆",)), ("广西壮族自治区", ("广西",)),
        ("上海市宝山区", ("上海", "宝山")), ("四川省凉山州德昌县", ("四川", "凉山", "德昌")), ("广州市", ("广州",)),
        ("苏州市", ("苏州",)), ("徐州", ("徐州",)), ("锡林郭勒盟", ("锡林郭勒",)), ("上海市长宁区仙霞新村街道", ("上海", "长宁", "仙霞新村街道")),
        ("", ()),
    ],
)  # fmt: skip
def test_parse(name: str, parts: tuple[str, ...]) -> None:
    assert Place.parse(name).parts == parts


@pytest.mark.parametrize(
    ("inner", "outer", "lies"),
    [
        ("浙江省桐乡市", "浙江省", True), ("浙江省桐乡市", "浙江省桐乡市", True), ("浙江省", "浙江省桐乡市", False),
        ("浙江省嘉兴市桐乡市", "浙江省嘉兴市", True), ("浙江省桐乡市", "浙江省嘉兴市桐乡市", True),
        ("江苏省苏州市", "浙江省", False), ("", "浙江省", False), ("浙江省", "", False),
    ],
)  # fmt: skip
def test_within(inner: str, outer: str, *, lies: bool) -> None:
    assert Place.parse(inner).within(Place.parse(outer)) is lies


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("桐乡坐公交要钱吗", "浙江嘉兴桐乡"), ("我在浙江", "浙江"), ("苏州的公交", "江苏苏州"), ("浙江省桐乡市的政策", "浙江嘉兴桐乡"),
        ("乌镇门票", "浙江嘉兴桐乡"), ("寒山寺免票不", "江苏苏州"), ("在上海宝山区看病", "上海宝山"), ("公交要钱吗", ""), ("", ""),
    ],
)  # fmt: skip
def test_find(text: str, place: str) -> None:
    assert str(GAZETTEER.find(text) or "") == place


@pytest.mark.parametrize(("text", "place"), [("张家口的公交", "河北张家口"), ("张家界的公交", "湖南张家界")])
def test_the_longest_name_wins(text: str, place: str) -> None:
    assert str(GAZETTEER.find(text)) == place


def test_the_narrowest_of_two_wins() -> None:
    assert str(GAZETTEER.find("我是浙江人,现在在桐乡")) == "浙江嘉兴桐乡"


@pytest.mark.parametrize("text", ["医保定点医院有哪些", "医保定点药店打折吗", "医保 定点"])
def test_a_name_inside_a_word_is_no_place(text: str) -> None:
    assert GAZETTEER.find(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("苏州地铁要钱吗", "苏州"), ("去濮阳", "濮阳"), ("在东莞厂里", "东莞"), ("四川巴中的", "巴中"), ("石首", "石首"), ("石首市怎么办", "石首"),
        ("泰山门票", "泰安"), ("魔都坐车", "上海"), ("湖南岳阳", "岳阳"), ("山西太原的", "太原"), ("上海浦东", "浦东"),
        ("吉林省长春市", "长春"), ("我在 苏州 打工", "苏州"), ("国家大庆典", None),
    ],
)  # fmt: skip
def test_shipped_places_are_found_however_words_are_cut(snapshot: Snapshot, text: str, name: str | None) -> None:
    found = snapshot.places.find(text)
    assert (found.parts[-1] if found else None) == name


def test_every_city_is_found_behind_its_province(snapshot: Snapshot) -> None:
    missed = []
    for province, cities in snapshot.content.provinces.items():
        for city in cities:
            for text in (f"{province}{city}", f"{province}省{city}市", f"{province}{city}的"):
                found = snapshot.places.find(text)
                if found is None or found.parts[-1] != Place.parse(city).parts[-1]:
                    missed.append(text)
    assert missed == []
