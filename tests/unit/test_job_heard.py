"""A wish for work is searched for, a question about work is answered, and danger comes before both."""

import pytest

from knowledge.heard import Context
from knowledge.index import Snapshot


@pytest.mark.parametrize(
    "text",
    [
        "焊工，八千，外地也行", "叉车 5k+", "程序员，一万五以上", "导购，服装店的，三四千", "月嫂，万把块", "保安，四千五以上，白班",
        "绿化工，男的60岁要不", "钳工，四十，三班倒不行", "找如东县5000以上的保安或司机，不上夜班",
        "保安，如东，班次不限", "焊工，六千以上，三班倒不行，别的都可以",
    ],
)  # fmt: skip
def test_a_wish_is_heard_as_one(snapshot: Snapshot, text: str) -> None:
    heard = snapshot.hear(text, Context())
    assert (heard.journey, heard.outcome) == ("jobs", "answer")


@pytest.mark.parametrize(
    "text",
    [
         "自主就业退役士兵一次性补助怎么领", "残疾军人坐公交还要不要钱", "消防员退伍兵年龄放宽到几岁",
        "在外打工党员关系能转到那边社区吗", "优待证怎么办", "汽修厂哪家给咱退伍的少算工时费，有优惠吗",
    ],
)  # fmt: skip
def test_a_question_about_rules_is_not(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).journey != "jobs"


@pytest.mark.parametrize(
    "text",
    [
        "没工作没收入想死",
        "保安干不下去了，我不想活了", "工地老板欠我五千，我要杀了他", "想找如东的司机工作，家里揭不开锅，我真的熬不住了",
        "给我找5000以上的司机活，不然我跟你们拼命", "找个保安5000以上的活，撑不下去了",
    ],
)  # fmt: skip
def test_danger_comes_first(snapshot: Snapshot, text: str) -> None:
    assert snapshot.hear(text, Context()).journey == "crisis"
