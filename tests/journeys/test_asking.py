"""Question, answer, a related question by digit, back, and the first screen."""

import pytest

from db.people import Conversation
from handlers import faq, texts
from knowledge.normalise import simplify
from tests.journeys.world import Visitor


async def test_an_answer_has_its_parts_in_order_and_its_source(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办")
    marks = [
        "到户口所在地的服务站申请",
        texts.BRING + "身份证、退役证件",
        texts.WHERE,
        texts.HOW_LONG,
        texts.NOTE,
        texts.SOURCE,
    ]
    places = [said.text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "问进度打 0573-88880000" in said.text
    assert "《退役军人优待证管理办法》第五条(退役军人部发〔2021〕1号,2021年12月1日起)" in simplify(said.text)
    assert (said.result["journey"], said.result["outcome"], said.result["entry"]) == ("faq", "answer", "card-apply")
    assert said.result["facts"] == ["card-01"]


@pytest.mark.parametrize(
    "digit", ["1", "\uff11", "一", "第一个", "优待证丢了怎么补", "优待证丢了怎么补。", "选1", " 1 "]
)
async def test_a_related_question_by_digit_or_label(visitor: Visitor, digit: str) -> None:
    said = await visitor.says("优待证怎么办", digit)
    assert said.result["entry"] == "card-lost"


async def test_there_and_back_and_home(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "1")
    assert "挂失" in said.text
    said = await visitor.says("返回")
    assert said.result["entry"] == "card-apply"
    said = await visitor.says("9")
    assert said.text == texts.WELCOME
    said = await visitor.says("优待证怎么办", "首页")
    assert said.text == texts.WELCOME
    choices = (texts.HOT_CHOICE, texts.GOODS_CHOICE, texts.MINE_CHOICE, *texts.STAGE_CHOICES)
    assert said.menu == {str(number): choice.label for number, choice in enumerate(choices, 1)}


async def test_back_from_nothing_is_the_first_screen(visitor: Visitor) -> None:
    assert (await visitor.says("返回")).text == texts.WELCOME
    assert (await visitor.says("9", "9", "9")).text == texts.WELCOME


async def test_pick_by_digit(visitor: Visitor) -> None:
    said = await visitor.says("优待证")
    assert said.result["outcome"] == "pick"
    assert said.text == texts.PICK
    assert 2 <= len(said.result["near"]) <= 4
    assert list(said.menu.values())[-2:] == ["都不是", "找人工"]
    picked = await visitor.says(said.digit("优待证丢了怎么补"))
    assert (picked.result["outcome"], picked.result["entry"]) == ("answer", "card-lost")


async def test_none_of_these_then_rephrase_then_a_person(visitor: Visitor) -> None:
    said = await visitor.says("优待证")
    said = await visitor.says(said.digit("都不是"))
    assert said.text == texts.NO_ANSWER
    said = await visitor.says("呼噜呼噜哗啦啦")
    assert "0573-88880000" in said.text
    assert said.text.startswith(texts.NO_ANSWER_AGAIN[:10])
    assert "0" in said.menu


async def test_two_unknown_questions_lead_to_a_person(visitor: Visitor) -> None:
    assert (await visitor.says("呼噜呼噜哗啦啦")).text == texts.NO_ANSWER
    assert "0573-88880000" in (await visitor.says("叽里咕噜吧嗒嗒")).text
    assert (await visitor.says("稀里糊涂嗡嗡嗡")).text == texts.NO_ANSWER


async def test_an_answer_between_starts_the_count_again(visitor: Visitor) -> None:
    said = await visitor.says("呼噜呼噜哗啦啦", "优待证怎么办", "叽里咕噜吧嗒嗒")
    assert said.text == texts.NO_ANSWER


async def test_never_more_than_two_clarifying_turns(visitor: Visitor) -> None:
    said = await visitor.says("优待证")
    said = await visitor.says(said.digit("都不是"))
    said = await visitor.says("优待证那个")
    assert said.result["outcome"] == "answer" or "0573-88880000" in said.text


async def test_follow_ups_lean_on_the_last_answer(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "那要带什么材料")
    assert said.text.startswith(texts.FOLLOW["bring"][0].format(question="优待证怎么办", value="身份证、退役证件"))
    assert texts.SOURCE in said.text
    assert (said.result["entry"], said.result["outcome"]) == ("card-apply", "answer")
    assert "服务站" in (await visitor.says("在哪办")).text
    assert "两个月" in (await visitor.says("要多久")).text
    said = await visitor.says("我爸呢")
    assert said.text.startswith(texts.FOLLOW_WHO.format(who="退役军人、三属"))
    assert "到户口所在地的服务站申请" in said.text


async def test_a_follow_up_that_no_rule_answers_says_so(visitor: Visitor) -> None:
    said = await visitor.says("第一次领卡收不收钱", "那要带什么材料")
    assert "没有统一写明" in said.text
    assert "0573-88880000" in said.text


async def test_a_follow_up_without_anything_before(visitor: Visitor) -> None:
    said = await visitor.says("那要带什么材料")
    assert said.rows
    assert texts.BRING not in said.text


async def test_follow_up_goes_to_the_answer_picked_by_digit(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "1", "要带什么")
    assert "优待证丢了怎么补" in said.text


async def test_correction_with_the_right_question(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "不是,我问的是光荣牌怎么领")
    assert said.result["entry"] == "plaque-get"


async def test_correction_alone_offers_others_but_not_the_same(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "不对")
    assert said.result["outcome"] == "pick"
    assert "优待证怎么办" not in said.menu.values()
    assert "优待证丢了怎么补" in said.menu.values()


# Fixed with this test: after a choice by digit the digit itself was remembered as the question.
async def test_correction_after_a_choice_by_digit(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "1", "不对")
    assert said.result["outcome"] == "pick"
    assert "优待证丢了怎么补" not in said.menu.values()


async def test_several_questions_in_one_message(visitor: Visitor) -> None:
    said = await visitor.says("优待证丢了怎么补?每年的生存认证怎么做?光荣牌怎么领?")
    heads = [texts.PART.partition("{question}")[0].format(number=number) for number in (1, 2, 3)]
    starts = [texts.SEVERAL.format(count=3), *heads]
    assert all(row.payload["text"].startswith(start) for row, start in zip(said.rows, starts, strict=True))
    assert said.result["facts"] == ["card-02", "live-01", "plaque-01"]
    assert said.result["entry"] == "card-lost"


async def test_a_fourth_question_is_offered(visitor: Visitor) -> None:
    said = await visitor.says("优待证丢了怎么补?每年的生存认证怎么做?光荣牌怎么领?多大年纪能参军?")
    assert len(said.rows) == 4
    assert said.menu["1"] == "多大年纪能参军"
    assert (await visitor.says("1")).result["entry"] == "join-age"


@pytest.mark.parametrize(
    ("text", "journey"),
    [("我想约个时间去办证", "booking")],
)
async def test_a_journey_that_is_not_open_here_says_so(visitor: Visitor, text: str, journey: str) -> None:
    said = await visitor.says(text)
    assert (said.result["journey"], said.result["outcome"]) == (journey, "refuse")
    assert "还没有开通" in said.text
    assert "0" in said.menu


async def test_who_asks_for_reminders_is_led_to_binding(visitor: Visitor) -> None:
    said = await visitor.says("到时候提醒我一声")
    assert (said.result["journey"], said.result["outcome"]) == ("reminders", "answer")
    assert "绑定身份" in said.menu.values()
    said = await visitor.says(said.digit("绑定身份"))
    assert "绑定码" in said.text + "".join(said.menu.values())


async def test_small_talk_and_other_offices(visitor: Visitor) -> None:
    assert (await visitor.says("你好")).text == "您好\uff0c有什么事您说。"
    said = await visitor.says("身份证丢了到哪里补")
    assert "公安派出所" in said.text
    assert said.result["outcome"] == "refuse"
    said = await visitor.says("天气怎么样")
    assert said.text == texts.NOT_OURS


async def test_several_names_for_the_same(visitor: Visitor) -> None:
    for text in (
        "優待證怎麼辦",
        "优待正怎么办",
        "老兵证怎么办",
        "优待证咋整",
        "youdaizheng zenme ban",
        "\u202e优待证怎么办",
    ):
        assert (await visitor.says(text)).result["entry"] == "card-apply", text


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "???", "\u200b\u202e", "。。。", "\u0000\u0001"])
async def test_no_words(visitor: Visitor, text: str) -> None:
    assert (await visitor.says(text)).text == texts.NO_WORDS


async def test_ten_thousand_characters(visitor: Visitor) -> None:
    said = await visitor.says("我想问一下这个事情。" * 1000)
    assert said.text == texts.TOO_LONG
    assert "0" in said.menu


async def test_what_was_said_is_kept_word_for_word(visitor: Visitor) -> None:
    await visitor.says("優待證怎麼辦 ")
    async with visitor.database.snapshot() as db:
        conversation = await db.get_one(Conversation, 1)
    assert conversation.data["question"] == "優待證怎麼辦"
    assert conversation.data["entry"] == "card-apply"


async def test_a_follow_up_is_answered_from_the_entries_around_the_last_one(visitor: Visitor) -> None:
    said = await visitor.says("优待证怎么办", "收费吗")
    assert said.result["entry"] == "card-fee"


async def test_another_place_gets_its_own_answer_or_hears_that_there_is_none(visitor: Visitor) -> None:
    said = await visitor.says("坐公交车要买票吗", "苏州的呢")
    assert said.result["entry"] == "bus-suzhou"
    said = await visitor.says("优待证怎么办", "苏州的呢")
    assert said.text.startswith(faq.THERE.format(place="江苏苏州"))
    assert "到户口所在地的服务站申请" in said.text
    assert "优待证丢了怎么补" in said.menu.values()


async def test_whose_death_it_was_is_asked_before_the_answer(visitor: Visitor) -> None:
    said = await visitor.says("我爸走了丧葬费怎么领")
    assert said.result["outcome"] == "pick"
    assert said.text == "请回复数字"
    assert list(said.menu.values())[:2] == ["残疾军人", "别的老兵"]
    assert (await visitor.says("2")).result["entry"] == "live-check"
