"""What the law may forbid in a post is put before staff; what it allows is left alone."""

from datetime import date

import pytest

from services.job_law import LABELS, flags
from services.job_sheet import JobSheet


def _sheet(about: str = "", **changes: object) -> JobSheet:
    values: dict[str, object] = {
        "employer": "安泰公司", "title": "操作工", "kind": "普工", "kind_guessed": False, "hazard": False, "city": "如东",
        "township_id": None, "place": None, "pay_from": 4000, "pay_to": 5000, "form": "full", "shift": None,
        "age_from": None, "age_to": None, "places": 1, "veterans_quota": None, "closes_on": date(2026, 12, 31),
        "contact": None, "phone": None, "about": about,
    }  # fmt: skip
    return JobSheet(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "flag"),
    [
        ("限男性", "men"), ("男性优先", "men"), ("性别：男", "men"), ("只招男工", "men"), ("不招女", "men"),
        ("限女性", "women"), ("性别：女，40岁以下", "women"), ("女士优先", "women"),
        ("已婚已育优先", "family"), ("未婚", "family"), ("入职不得怀孕", "family"), ("入职孕检", "family"),
        ("限汉族", "origin"), ("不招少数民族", "origin"), ("无宗教信仰", "faith"), ("不招残疾人", "disabled"),
        ("无乙肝", "carrier"), ("体检两对半", "carrier"), ("无传染病", "carrier"), ("交押金200元", "money"),
        ("入职须缴纳服装费", "money"), ("扣押身份证", "money"), ("35岁以下", "age_limit"), ("年龄不超过30周岁", "age_limit"),
        ("男，45岁以下", "men"), ("男 18-45", "men"), ("男士，身体健康", "men"), ("男生优先", "men"), ("招男工", "men"),
        ("招聘男性保安", "men"), ("形象好，女生优先", "women"), ("招聘女工", "women"), ("急招女服务员", "women"),
        ("15岁以上即可", "child"), ("暑假工，年满15周岁", "child"), ("年龄18-35周岁", "age_limit"),
        ("35周岁及以下", "age_limit"), ("35岁（含）以下", "age_limit"), ("不需要经验交押金200元", "money"), ("15-60岁", "child"),
    ],
)  # fmt: skip
def test_flagged(about: str, flag: str) -> None:
    assert flag in flags(_sheet(about))


@pytest.mark.parametrize(
    "about",
    [
        "", "男女不限", "性别不限，包吃住", "男女均可", "不收押金", "免押金，无任何费用", "欢迎残疾人应聘", "各民族均可",
        "45岁以下", "工龄 3 年以下也可", "退役军人优先", "缴纳五险，扣除个人部分", "负责缴费窗口", "有子女的优先安排长白班",
        "无需交纳任何押金", "不用交服装费、培训费", "负责男女宿舍管理", "男装导购", "男、女均可", "打扫男厕、女厕",
        "有15年以上经验的优先", "禁止使用童工", "工作地点在女子医院", "招聘男女普工",
        "招聘男装导购", "不得收取押金", "辅导10-15岁学生",
    ],
)  # fmt: skip
def test_left_alone(about: str) -> None:
    assert flags(_sheet(about)) == []


@pytest.mark.parametrize(
    ("title", "flag"),
    [("保安（男）", "men"), ("男保安", "men"), ("保洁（女）", "women"), ("女服务员", "women"), ("保安 男", "men")],
)
def test_a_title_for_one_sex_is_flagged(title: str, flag: str) -> None:
    assert flags(_sheet(title=title)) == [flag]


@pytest.mark.parametrize("title", ["男厕保洁", "女鞋店员", "男装导购", "男女普工", "女装店长", "美甲师"])
def test_a_title_for_both_is_left_alone(title: str) -> None:
    assert flags(_sheet(title=title)) == []


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"age_from": 16, "hazard": True}, "young_hazard"),
        ({"age_from": 17, "shift": "night"}, "young_night"),
        ({"age_from": 16, "about": "两班倒班"}, "young_night"),
        ({"age_from": 16, "employer": "金色年华KTV"}, "young_place"),
        ({"age_from": 16, "kind": "保安"}, "guard_age"),
        ({"age_to": 35}, "age_limit"),
    ],
)
def test_flagged_by_age(changes: dict[str, object], flag: str) -> None:
    assert flags(_sheet(**changes)) == [flag]  # type: ignore[arg-type]


def test_from_eighteen_the_work_may_be_any() -> None:
    assert flags(_sheet("夜班", age_from=18, age_to=50, hazard=True, shift="night", kind="保安")) == []
    assert flags(_sheet(age_from=16, age_to=40)) == []


def test_men_underground_are_not_flagged() -> None:
    assert flags(_sheet("煤矿井下作业，限男性")) == []


def test_what_no_law_forbids_says_so() -> None:
    assert LABELS["age_limit"].law == ""
    assert "没有写明禁止" in LABELS["age_limit"].sentence
    assert all(label.law for name, label in LABELS.items() if name != "age_limit")
