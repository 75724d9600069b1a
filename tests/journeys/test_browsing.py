"""The service guide and the catalogue, by digits and by words."""

from sqlalchemy import select

from db.content import OfferReport
from handlers import texts
from tests.journeys.world import Visitor

STAGES = ["入伍", "退役", "就业", "优待"]
"""As the first screen has them: 服役 is found under 入伍."""


async def test_the_stages(visitor: Visitor) -> None:
    labels = [texts.STAGE_LABELS[stage] for stage in STAGES]
    said = await visitor.says("首页")
    assert list(said.menu.values())[3:] == labels
    said = await visitor.presses("guide")
    assert list(said.menu.values()) == [*labels, texts.BACK_CHOICE.label]


async def test_stage_topic_question_answer(visitor: Visitor) -> None:
    said = await visitor.says("首页", "7")
    assert "优待证" in said.menu.values()
    said = await visitor.says(said.digit("优待证"))
    assert list(said.menu.values())[:3] == ["优待证怎么办", "优待证丢了怎么补", "第一次领卡收不收钱"]
    said = await visitor.says("2")
    assert said.result["entry"] == "card-lost"


async def test_from_the_first_screen_to_an_answer_in_three_choices(visitor: Visitor) -> None:
    said = await visitor.says("首页", "7", "1", "1")
    assert said.result["entry"] is not None


async def test_hot_questions_come_first_and_are_two_choices_away(visitor: Visitor) -> None:
    said = await visitor.says("首页", "1")
    assert said.menu["1"] == "优待证怎么办"
    assert (await visitor.says("1")).result["entry"] == "card-apply"


async def test_more_and_back(visitor: Visitor) -> None:
    said = await visitor.says("首页", "1")
    assert said.menu["6"] == texts.MORE
    said = await visitor.says("6")
    assert said.menu == {"1": "优待证丢了怎么补", "9": "返回"}
    said = await visitor.says("9")
    assert said.text == texts.WELCOME


async def test_every_question_is_reached_by_the_guide(visitor: Visitor) -> None:
    reached = set()
    for stage in STAGES:
        topics = await visitor.presses(f"guide:{stage}")
        for topic in [a for a in topics.actions.values() if a.startswith("topic:")]:
            questions = await visitor.presses(topic)
            reached |= {a[4:] for a in questions.actions.values() if a.startswith("faq:")}
    assert reached == set(visitor.shelf.snapshot.entries)


async def test_goods_by_words(visitor: Visitor) -> None:
    said = await visitor.says("哪里吃饭打折")
    assert (said.result["journey"], said.result["outcome"]) == ("goods", "answer")
    assert said.text.startswith("找到 7 项")
    assert "乌镇面馆" in said.text
    assert "老店(已停)" not in said.text
    assert list(said.menu.values())[-2:] == [texts.MORE, "返回"]


async def test_more_offers(visitor: Visitor) -> None:
    said = await visitor.says("哪里吃饭打折", "6")
    assert list(said.menu.values()) == ["石门酒楼", "观前茶楼", "返回"]
    assert (await visitor.says("2")).result["entry"] == "SZ002"
    said = await visitor.says("9")
    assert said.text.startswith("找到 7 项")


async def test_goods_by_digits(visitor: Visitor) -> None:
    said = await visitor.says("首页", "2")
    assert said.menu["1"] == "餐饮"
    said = await visitor.says("1", "1")
    assert said.result["entry"] == "TX001"
    assert texts.OFFER.partition("{sample}\n")[2].partition("{")[0] + "吃面八折" in said.text
    assert texts.OFFER_CHECKED.format(day="2026-10-01") in said.text
    assert texts.OFFER_CODE.format(code="TX001") in said.text
    said = await visitor.says("9")
    assert said.text.startswith("找到 ")
    said = await visitor.says("9")
    assert said.text == texts.CATEGORIES


async def test_an_offer_nobody_confirmed_and_a_sample_say_so(visitor: Visitor) -> None:
    assert texts.NOT_CHECKED in (await visitor.says("TX002")).text
    said = await visitor.says("YH901")
    assert texts.SAMPLE in said.text


async def test_by_code_in_any_writing(visitor: Visitor) -> None:
    for code in ("TX001", "tx001", "\uff34\uff38\uff10\uff10\uff11"):
        assert (await visitor.says(code)).result["entry"] == "TX001"


async def test_an_ended_offer_is_not_shown_by_its_code(visitor: Visitor) -> None:
    said = await visitor.says("TX007")
    assert "全单半价" not in said.text
    said = await visitor.presses("offer:TX008")
    assert "全单六折" not in said.text


async def test_nothing_found_says_so_and_shows_the_categories(visitor: Visitor) -> None:
    said = await visitor.says("长沙哪里吃饭打折")
    assert said.result["outcome"] == "none"
    assert said.text.startswith("目录里暂时没有找到合适的")
    assert "餐饮" in said.menu.values()


async def test_a_refusal_is_recorded_once_a_press(visitor: Visitor) -> None:
    said = await visitor.says("TX001", "1")
    assert "乌镇面馆" in said.text
    async with visitor.database.snapshot() as db:
        reports = list(await db.scalars(select(OfferReport)))
    assert [(r.offer, r.at) for r in reports] == [("TX001", visitor.clock())]


async def test_refused_in_words_right_after_the_offer(visitor: Visitor) -> None:
    await visitor.says("TX001", "报告用不了")
    async with visitor.database.snapshot() as db:
        assert len(list(await db.scalars(select(OfferReport)))) == 1


async def test_my_own_matters_by_digits(visitor: Visitor) -> None:
    said = await visitor.says("首页")
    said = await visitor.says(said.digit(texts.MINE_CHOICE.label))
    for label, expected in (
        ("我的提醒", "提醒"),
        ("体检和疗养", "用不上"),
        ("提醒设置和退订", "提醒设置"),
        ("亲属代办", "绑定"),
    ):
        answer = await visitor.says("我的", said.digit(label))
        assert expected in answer.text + "".join(answer.menu.values()), label
        assert answer.menu, label
