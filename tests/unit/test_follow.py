"""Words that lean on the last answer are told from those that stand by themselves."""

import pytest

from knowledge.follow import FollowUp, follow_up


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("那要带什么材料", "bring"), ("要准备哪些证件", "bring"), ("需要什么手续", "bring"), ("要带什么", "bring"),
        ("材料有哪些", "bring"), ("还要交什么东西吗?", "bring"),
        ("在哪办", "where"), ("去哪里办", "where"), ("找谁", "where"), ("那我去哪个部门办理呢", "where"), ("地址在哪", "where"),
        ("要多久", "how_long"), ("多长时间能办好", "how_long"), ("几天下来", "how_long"), ("大概什么时候能拿到啊", "how_long"),
        ("我爸呢", "who"), ("那我老伴行吗", "who"), ("如果是我战友呢?", "elliptic"), ("我儿子可以吗", "who"),
    ],
)  # fmt: skip
def test_follow_ups(text: str, field: str) -> None:
    found = follow_up(text)
    assert found is not None
    assert field in (found.field, found.kind)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不是,我问的是光荣牌怎么领", "光荣牌怎么领"), ("错了", ""), ("不是这个", ""),
        ("你弄错了,我想问优待证丢了", "优待证丢了"), ("答非所问", ""), ("不是。我的意思是公交", "公交"),
        ("不对,我是问体检", "体检"), ("不是我说的是体检", "体检"), ("不对不对,体检", "体检"), ("不是的", ""), ("不对啊", ""),
        ("不是,不是,我要问公交", "公交"), ("我问的不是这个", ""), ("不是这个意思", ""),
    ],
)  # fmt: skip
def test_corrections(text: str, rest: str) -> None:
    found = follow_up(text)
    assert found is not None
    assert (found.kind, found.rest) == ("correction", rest)


@pytest.mark.parametrize("text", ["那外地户口呢", "如果丢了", "残疾的呢", "换成农村户口"])
def test_half_sentences(text: str) -> None:
    found = follow_up(text)
    assert found is not None
    assert found.kind == "elliptic"


@pytest.mark.parametrize(
    "text",
    [
        "优待证怎么办", "优待证要带什么材料", "光荣牌在哪领", "体检多久一次", "我爸是残疾军人能领多少钱", "你好", "",
        "优待证丢了", "那个优待证办下来到底要跑几个地方盖几个章才算完事情啊你说说看",
    ],
)  # fmt: skip
def test_what_stands_by_itself(text: str) -> None:
    assert follow_up(text) is None


@pytest.mark.parametrize(
    "text",
    ["不是本地户口能办优待证吗", "不是党员能不能参加", "不是党员可以参加吗", "不是独生子女能当兵吗", "不是我本人去能办吗",
     "不是这个地方的人能办吗", "不是的话怎么办", "不对口的专业能报吗", "错过了认证怎么办"],
)  # fmt: skip
def test_a_question_that_begins_with_not_is_no_correction(text: str) -> None:
    assert follow_up(text) is None


@pytest.mark.parametrize("text", ["去哪补", "去哪里报名", "在哪换"])
def test_where_with_another_verb(text: str) -> None:
    assert follow_up(text) == FollowUp("field", "where")


@pytest.mark.parametrize("text", ["要交多少钱", "收费吗", "浙江的"])
def test_words_that_need_the_last_question(text: str) -> None:
    found = follow_up(text)
    assert found is not None
    assert found.kind == "elliptic"
