"""Words and digits that are understood in every state, and choices that no longer fit."""

import pytest

from handlers import texts
from tests.journeys.world import Visitor

STATES = {
    "fresh": (),
    "first screen": ("首页",),
    "after an answer": ("优待证怎么办",),
    "while picking": ("优待证",),
    "nothing found": ("呼噜呼噜哗啦啦",),
    "in a stage": ("首页", "7"),
    "in a topic": ("首页", "7", "1"),
    "in the catalogue": ("首页", "2"),
    "at an offer": ("TX001",),
    "after a crisis": ("我不想活了",),
    "after leaving": ("优待证怎么办", "退出"),
    "after several": ("优待证丢了怎么补?光荣牌怎么领?",),
    "after not yet": ("有没有招聘会",),
}  # fmt: skip
every_state = pytest.mark.parametrize("before", STATES.values(), ids=STATES.keys())


@every_state
async def test_a_person(visitor: Visitor, before: tuple[str, ...]) -> None:
    for word in ("0", "人工", "\uff10", "转人工", "零"):
        said = await visitor.says(*before, word)
        assert (said.result["journey"], said.result["outcome"]) == ("handoff", "answer")
        assert "0573-88880000" in said.text


@every_state
async def test_back(visitor: Visitor, before: tuple[str, ...]) -> None:
    for word in ("9", "返回", "九"):
        said = await visitor.says(*before, word)
        assert said.rows
        assert texts.STALE not in said.text
        assert said.result["outcome"] == "answer"


@every_state
async def test_the_way_back_ends_at_the_first_screen(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before, *["9"] * 9)
    assert said.text == texts.WELCOME


@every_state
async def test_say_it_again(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before) if before else None
    again = await visitor.says("重说")
    if said is None:
        assert again.text == texts.NOTHING_TO_REPEAT
    else:
        assert again.text == said.rows[-1].payload["text"]
        assert again.menu == said.menu


@every_state
async def test_not_understood(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before, "听不懂")
    assert said.rows
    assert said.result["outcome"] == "answer"
    if before == ("优待证怎么办",):
        assert said.text.startswith(texts.SIMPLER.partition("{")[0] + "到户口所在地的服务站申请")
        assert texts.SOURCE not in said.text


@every_state
async def test_leaving(visitor: Visitor, before: tuple[str, ...]) -> None:
    for word in ("退出", "结束", "不问了"):
        said = await visitor.says(*before, word)
        assert said.text == texts.FAREWELL
    assert (await visitor.says("那要带什么材料")).result["entry"] is None


@every_state
async def test_home(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before, "首页")
    assert said.text == texts.WELCOME


@every_state
async def test_a_stale_digit_gets_the_present_choices(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before) if before else None
    stale = await visitor.says("8")
    assert stale.text == texts.NO_SUCH.format(number=8)
    assert stale.menu == (said.menu if said and said.menu else (await visitor.says("首页")).menu)


@every_state
async def test_a_stale_button_gets_the_present_choices(visitor: Visitor, before: tuple[str, ...]) -> None:
    said = await visitor.says(*before) if before else None
    stale = await visitor.presses("slot:17")
    assert stale.text == texts.STALE
    assert stale.menu == (said.menu if said and said.menu else (await visitor.says("首页")).menu)


@pytest.mark.parametrize(
    "action", ["faq:gone", "faq:", "offer:GONE", "refused:GONE", "topic:没有", "kind:没有", "guide:没有"]
)
async def test_a_button_for_what_is_gone(visitor: Visitor, action: str) -> None:
    said = await visitor.presses(action)
    assert said.rows
    assert said.menu


@pytest.mark.parametrize(
    "action", ["goods:999", "hot:999", "hot:x", "kind:餐饮:999", "guide:优待:999", "topic:优待证:999", "found:999", "goods:\u0663", "", ":", "::"]
)  # fmt: skip
async def test_a_page_that_is_not_there(visitor: Visitor, action: str) -> None:
    said = await visitor.presses(action)
    assert said.rows
    assert said.menu


async def test_an_older_button_still_works(visitor: Visitor) -> None:
    await visitor.says("优待证怎么办", "光荣牌怎么领")
    assert (await visitor.presses("faq:card-lost")).result["entry"] == "card-lost"


@pytest.mark.parametrize(
    "before", [(), ("优待证",), ("首页", "2"), ("首页", "3"), ("呼噜呼噜哗啦啦",), ("优待证怎么办",)]
)
@pytest.mark.parametrize(
    ("text", "kind", "number"), [("我不想活了", "self_harm", "12356"), ("我要砍死他", "violence", "110"), ("我爸晕倒了叫不醒", "medical", "120")]
)  # fmt: skip
async def test_danger_comes_before_everything(
    visitor: Visitor, before: tuple[str, ...], text: str, kind: str, number: str
) -> None:
    said = await visitor.says(*before, text)
    assert (said.result["journey"], said.result["entry"]) == ("crisis", kind)
    assert number in said.text.split("\n")[1]
    assert "0573-88880000" in said.text


async def test_danger_hidden_in_a_long_message(visitor: Visitor) -> None:
    said = await visitor.says("我想问一下这个事情。" * 200 + "我不想活了")
    assert said.result["journey"] == "crisis"


async def test_everything_said_has_choices_that_digits_reach(visitor: Visitor) -> None:
    for text in ("首页", "优待证怎么办", "优待证", "TX001", "呼噜呼噜哗啦啦", "有没有招聘会"):
        menu = (await visitor.says(text)).menu
        assert 1 <= len(menu) <= 7
        assert len(set(menu)) == len(menu)
