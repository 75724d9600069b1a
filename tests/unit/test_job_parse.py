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
        ("年薪十万", None), ("万一有", None), ("以前一个月拿九千，现在五千就行", 5000), ("原来工资七千，降到五千了，想换个七千的", 7000),
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
        ("平安保险的业务员不想干了，找个文员", ("文员",)),
        ("从昆山回来带小孩，找个半天的活", ()),
        ("想找个带小孩的活", ("家政",)),
        ("孩子上幼儿园，想去超市", ("营业员",)),
        ("农活干不动了，看看门还行", ("门卫",)),
        ("保安不干，门卫也不干", ()),
        ("保洁、洗碗这些我不做，收银可以", ("营业员",)),
        ("学会计的，但是不想干会计", ()),
        ("想换个不开车的，以前开车", ()),
        ("看个大门就行", ("门卫",)),
        ("焊工或者数控，学徒也行", ("焊工", "数控机加工")),
        ("nantong siji 8000", ("司机",)),
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
        ("我当兵是在沈阳，退伍回如东开挖机", ("如东",), ()),
        ("厂子搬到滁州了，我没跟去，想找质检", (), ()),
        ("去年在嘉兴做厨师，今年想在家里", (), ()),
        ("本来想去深圳，我妈不让，就近找个文员", (), ()),
        ("我想去苏州但是老婆不同意，还是在如东找个厂", ("如东",), ()),
        ("青岛啤酒的业务员", (), ()),
        ("安康医院的保安", (), ()),
        ("北京西路那家饭店的洗碗工", (), ()),
        ("送货到南通的司机", (), ()),
        ("如东工资太低了，苏州六千以上的", ("苏州",), ()),
        ("去长沙镇要坐车，太远，石桥的保洁", (), (4,)),
        ("我们如东的长沙，缝纫工", (), (7,)),
        ("海门的话叠石桥那边的家纺", ("海门",), ()),
        ("南通以外的不考虑，护士", ("南通",), ()),
        ("除了南京，江苏哪都行", ("江苏",), ()),
        ("杭州南京都投，程序员", ("杭州", "南京"), ()),
        ("太仓港码头开吊机", ("太仓",), ()),
        ("想调到西安去，电工", ("西安",), ()),
        ("刚到昆山，找个保安", ("昆山",), ()),
        ("扬州厨师，会做淮扬菜，想在如东找家酒店", ("如东",), ()),
        ("南通的保安也行，想去苏州", ("南通", "苏州"), ()),
        ("双河湖的保安", (), ()),
        ("准备年后去杭州，现在先找个短期的", (), ()),
        ("你们能介绍去日本或者去深圳的吗", ("深圳",), ()),
    ],
)
def test_no_place_is_wrong(snapshot: Snapshot, text: str, cities: tuple[str, ...], towns: tuple[int, ...]) -> None:
    wish = read(snapshot, text).wish
    assert (wish.cities, wish.townships) == (cities, towns)


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("老婆在杭州上班，想去她那边找个司机的活", ("杭州",)),
        ("嫂子去了青岛，那边有没有文员", ("青岛",)),
        ("战友在南京开公司，想过去干", ("南京",)),
        ("深圳那边战友多，想过去投奔，保安", ("深圳",)),
        ("老婆在杭州上班，我不想过去，找个司机", ()),
        ("妹妹嫁到海安了，那边太冷了，在城东找个收银", ()),
    ],
)
def test_later_words_may_lead_to_a_place_that_was_only_told_of(
    snapshot: Snapshot, text: str, cities: tuple[str, ...]
) -> None:
    assert read(snapshot, text).wish.cities == cities


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("深圳，不对，是东莞，普工", Wish(cities=("东莞",), kinds=("普工",))),
        ("保安，哦不对，是保洁", Wish(kinds=("保洁",))),
        ("四千，写错了，五千，文员", Wish(kinds=("文员",), pay_from=5000)),
        ("司机吧，算了还是仓管", Wish(kinds=("仓库管理员",), words="仓管")),
        ("保安，专业不对口也行", Wish(kinds=("保安",), words="专业不对口")),
    ],
)
def test_what_is_taken_back_is_not_wished(snapshot: Snapshot, text: str, wish: Wish) -> None:
    assert read(snapshot, text).wish == wish


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("四十五六了，普工", 45), ("刚过四十，物业", 40), ("2001年的，退伍，消防", 25), ("刚退伍二十三，保安", 23),
        ("七九年，装空调", 47), ("不满六十，五十八，门卫", 58), ("一个月三四千的保安", None), ("当了15年，保安", None),
    ],
)  # fmt: skip
def test_age_is_read_however_it_is_said(snapshot: Snapshot, text: str, age: int | None) -> None:
    born = read(snapshot, text).wish.birth_year
    assert (born and 2026 - born) == age


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("不接受夜班", "no_night"), ("能不能不上夜班", "no_night"), ("夜班多给钱也不干", "no_night"), ("除开夜班都行", "no_night"),
        ("能不能上夜班", ""), ("要不要上夜班的保安", "night"), ("早班起不来", ""), ("早上八点到下午五点", "day"),
    ],
)  # fmt: skip
def test_hours_are_read_however_they_are_said(snapshot: Snapshot, text: str, shift: str) -> None:
    assert read(snapshot, text).wish.shift == shift


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("别是临时的，文员", "full"), ("兼职也可以，家教", ""), ("全职带娃三年了，文员", ""), ("干到过年，包装", "temporary"),
        ("只能周六周日干的", "part"), ("只能做四个小时", "part"), ("做十二小时的普工", ""), ("不要固定的，代驾", ""), ("签合同的叉车工", "full"),
    ],
)  # fmt: skip
def test_form_is_read_however_it_is_said(snapshot: Snapshot, text: str, form: str) -> None:
    assert read(snapshot, text).wish.form == form


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
