"""The line that says why a post was found."""

from dataclasses import replace
from datetime import date

from knowledge.job_why import why
from knowledge.job_wish import Post, Wish

POST = Post(
    id=1, group=1, title="小区夜间值守", employer="城东物业", employer_id=1, verified=True, kind="保安", city="如东", township=None,
    pay_from=4000, pay_to=6000, form="full", shift=None, age_from=18, age_to=60, veterans=False,
    closes_on=date(2026, 12, 1), about="包住，交社保",
)  # fmt: skip
TOWNS = {3: "大杨镇", 5: "双河镇"}


def test_it_names_what_was_asked_for_and_what_is_left_open() -> None:
    wish = Wish(cities=("如东",), kinds=("保安",), shift="no_night")
    assert why(wish, POST, TOWNS) == "如东 · 保安 · 4000–6000 元 · 没写上不上夜班"


def test_a_township_next_door_is_told_as_near() -> None:
    beside = replace(POST, township=5, pay_from=None, pay_to=None)
    assert why(Wish(townships=(3,)), beside, TOWNS) == "双河镇（附近） · 工资面议"
    assert why(Wish(townships=(3,)), replace(beside, township=3), TOWNS) == "大杨镇 · 工资面议"
    assert why(Wish(cities=("如东",), townships=(3,)), beside, TOWNS).startswith("双河镇（附近）")


def test_it_never_grows_wider_than_a_line() -> None:
    wish = Wish(kinds=("保安",), shift="day", form="full", birth_year=1970, perks=("包住", "交社保"))
    line = why(wish, replace(POST, city="伊犁哈萨克自治州霍尔果斯", veterans=True, shift="rotating"), TOWNS)
    assert len(line) <= 60
    assert "倒班" in line
