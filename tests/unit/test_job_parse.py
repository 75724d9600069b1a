"""A wish for work said in one's own words: what is understood, and what is shown as not understood."""

import pytest

from knowledge.index import Snapshot
from knowledge.job_parse import JobPlaces, Understood, understand
from knowledge.job_wish import Wish

TOWNS = {
    "城东街道": 1,
    "大杨镇": 3,
    "石桥镇": 4,
    "双河镇": 5,
    "长沙镇": 7,
    "东风乡": 11,
    "三里乡": 12,
    "沿海经济开发区": 14,
}


def read(snapshot: Snapshot, text: str) -> Understood:
    places = JobPlaces("如东", TOWNS, snapshot.places, 2026)
    return understand(text, snapshot.content.jobs, places)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (
            "找如东县5000以上的保安或司机,不上夜班",
            Wish(cities=("如东",), kinds=("保安", "司机"), pay_from=5000, shift="no_night"),
        ),
        (
            "大杨镇的普工，四五千，双休，52岁",
            Wish(townships=(3,), kinds=("普工",), pay_from=4000, perks=("双休",), birth_year=1974),
        ),
        ("想去长沙当保安", Wish(cities=("长沙",), kinds=("保安",))),
        ("长沙镇的保安", Wish(townships=(7,), kinds=("保安",))),
        ("除了保安别的都行，只要白班，不要兼职", Wish(not_kinds=("保安",), shift="day", form="full")),
        ("物业保安，一万二左右，七五年的", Wish(kinds=("保安",), pay_from=12000, birth_year=1951 + 24, words="物业")),
        ("司机，夜班也行", Wish(kinds=("司机",))),
        ("我找保按，不上夜斑", Wish(kinds=("保安",), shift="no_night")),
        ("zhao baoan gongzuo", Wish(kinds=("保安",))),
    ],
)
def test_criteria_are_read(snapshot: Snapshot, text: str, wish: Wish) -> None:
    assert read(snapshot, text).wish == wish


@pytest.mark.parametrize(
    ("said", "pay"),
    [
        ("5000以上", 5000), ("五千", 5000), ("5k", 5000), ("四五千", 4000), ("6000-8000", 6000), ("一万左右", 10000), ("五千五", 5500),
        ("1.2万", 12000), ("五六千", 5000), ("5到6千", 5000), ("月薪过万", 10000), ("少于五千不谈", 5000), ("七千八千的", 7000),
        ("六千蚊以上", 6000), ("不超过八千", None), ("两千以下", None), ("一天200", None), ("时薪22", None), ("一天三百块", None),
        ("年薪十万", None), ("万一有", None),
    ],
)  # fmt: skip
def test_pay_is_read_and_never_made_up(snapshot: Snapshot, said: str, pay: int | None) -> None:
    assert read(snapshot, f"保安，{said}").wish.pay_from == pay


def test_pay_by_the_day_is_shown_as_not_understood(snapshot: Snapshot) -> None:
    assert read(snapshot, "瓦工，一天三百").unparsed == ("一天三百",)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("以前干保安，现在想找司机", ("司机",)),
        ("当过炊事员，有活吗", ("厨师",)),
        ("超市里当保安", ("保安",)),
        ("电子厂或者当保安都行", ("普工", "保安")),
        ("晚上我要照顾老人，食堂帮厨", ("帮厨",)),
        ("要不要保安", ("保安",)),
        ("有如东县5000以上的保安或司机就告诉我", ("保安", "司机")),
        ("保安公司的司机", ("司机",)),
        ("shui dian gong 5000", ("水电维修",)),
        ("外卖不送，开货车可以", ("司机",)),
    ],
)
def test_what_somebody_did_and_where_is_no_wish(snapshot: Snapshot, text: str, kinds: tuple[str, ...]) -> None:
    assert set(read(snapshot, text).wish.kinds) == set(kinds)


@pytest.mark.parametrize(
    ("text", "cities", "towns"),
    [
        ("我从深圳回来的，在县城找个保安", ("如东",), ()),
        ("在南京当了五年兵，想在石桥找活", (), (4,)),
        ("不去上海，南通市区可以", ("南通",), ()),
        ("江苏南通那边", ("南通",), ()),
        ("苏州上海都可以", ("苏州", "上海"), ()),
        ("开东风货车的司机", (), ()),
        ("离家三里路的厂", (), ()),
        ("石乔那边的厂", (), (4,)),
        ("沿海开发区的电工", (), (14,)),
        ("离石桥镇近的普工", (), (4,)),
        ("想去宝安打工", (), ()),
        ("延长时间也行，平安一点的保安", (), ()),
        ("我安徽的，在这边找个厂", (), ()),
        ("我是四川人，找个保安", (), ()),
        ("在上海打工十几年，今年想回来找个厂", (), ()),
        ("以前在苏州上过班现在想在如东找个电子厂", ("如东",), ()),
        ("苏州的战友说你们有保安招", (), ()),
        ("苏州无锡都不考虑，常州可以，焊工", ("常州",), ()),
        ("听说苏州工资高，有没有机修", (), ()),
        ("像上海那样八千的保安有吗", (), ()),
        ("儿子在昆山厂里，昆山有门卫吗", ("昆山",), ()),
        ("兰州拉面馆要不要洗碗的", (), ()),
        ("能不能在南通找个保安", ("南通",), ()),
        ("从南京退伍回来，南京有工作也可以", ("南京",), ()),
        ("招聘火星镇的保安", (), ()),
    ],
)
def test_no_place_is_wrong(snapshot: Snapshot, text: str, cities: tuple[str, ...], towns: tuple[int, ...]) -> None:
    wish = read(snapshot, text).wish
    assert (wish.cities, wish.townships) == (cities, towns)


def test_an_unknown_township_is_told_with_the_names_near_it(snapshot: Snapshot) -> None:
    assert read(snapshot, "招聘火星镇的保安").unknown_place == "火星镇"
    understood = read(snapshot, "三河镇有招保安的吗")
    assert understood.unknown_place == "三河镇"
    assert "双河镇" in understood.near_names
    assert understood.wish == Wish(kinds=("保安",))


def test_wanting_to_be_told_later_is_heard(snapshot: Snapshot) -> None:
    assert read(snapshot, "有保安的岗位就告诉我").subscribes
    assert not read(snapshot, "有没有保安的岗位").subscribes


def test_what_is_not_understood_is_shown_in_the_words_it_was_said_in(snapshot: Snapshot) -> None:
    understood = read(snapshot, "找保安，别太远，钱多事少")
    assert understood.unparsed == ("别太远", "钱多事少")
    assert read(snapshot, "我想找个保安的工作，有没有").unparsed == ()


@pytest.mark.parametrize("text", ["", "？？？", "0", "啊" * 900, "保安" * 300, "五" * 500, "（）" * 200])
def test_any_text_is_read(snapshot: Snapshot, text: str) -> None:
    assert read(snapshot, text).unknown_place is None
