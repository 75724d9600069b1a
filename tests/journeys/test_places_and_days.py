"""Local answers hold for their place only, and ended answers are never given."""

from datetime import date

from db.engine import Database
from handlers import texts
from tests.journeys.world import Shelf, Visitor, snapshot_of

PREFACE = texts.ELSEWHERE.split("{")[0]
LATER = date(2028, 1, 1)


async def test_at_home_the_home_rule(visitor: Visitor) -> None:
    said = await visitor.says("坐公交车要买票吗")
    assert said.result["entry"] == "bus-tongxiang"
    assert texts.SCOPE + "浙江省桐乡市" in said.text
    assert PREFACE not in said.text


async def test_a_place_named_decides(visitor: Visitor) -> None:
    said = await visitor.says("苏州坐公交车要买票吗")
    assert said.result["entry"] == "bus-suzhou"
    assert PREFACE not in said.text


async def test_a_place_without_a_rule_of_its_own_gets_the_nationwide_answer(visitor: Visitor) -> None:
    said = await visitor.says("长沙坐公交车要买票吗")
    assert said.result["entry"] == "bus-free"


async def test_without_a_region_the_nationwide_answer(database: Database) -> None:
    snapshot = snapshot_of(region="青海省")
    visitor = Visitor(database, Shelf(snapshot))
    assert (await visitor.says("坐公交车要买票吗")).result["entry"] == "bus-free"
    assert (await visitor.says("桐乡坐公交车要买票吗")).result["entry"] == "bus-tongxiang"


async def test_region_of_the_settings_goes_before_the_profiles(database: Database) -> None:
    visitor = Visitor(database, Shelf(snapshot_of(region="江苏省苏州市")))
    assert (await visitor.says("坐公交车要买票吗")).result["entry"] == "bus-suzhou"


async def test_another_places_entry_chosen_from_the_guide_says_so(visitor: Visitor) -> None:
    said = await visitor.presses("topic:公交")
    said = await visitor.says(said.digit("苏州坐公交车要买票吗"))
    assert said.text.startswith(PREFACE + "江苏省苏州市的做法")


async def test_an_ended_entry_never_answers(database: Database) -> None:
    now = Visitor(database)
    assert (await now.says("当过兵开小店能少交税吗")).result["entry"] == "tax-shop"
    later = Visitor(database, Shelf(snapshot_of(LATER)), name="laoli")
    said = await later.says("当过兵开小店能少交税吗")
    assert said.result["entry"] != "tax-shop"
    assert "tax-shop" not in {near["entry"] for near in said.result["near"]}
    assert (await later.presses("faq:tax-shop")).text == texts.STALE
    said = await later.presses("topic:税收")
    assert "faq:tax-shop" not in said.actions.values()


async def test_follow_up_on_an_entry_that_has_ended_meanwhile(database: Database) -> None:
    visitor = Visitor(database)
    await visitor.says("当过兵开小店能少交税吗")
    visitor.shelf = Shelf(snapshot_of(LATER))
    assert "税" not in (await visitor.says("那要带什么材料")).text
    assert (await visitor.says("听不懂")).rows


async def test_an_offer_that_has_ended_meanwhile(database: Database) -> None:
    visitor = Visitor(database, Shelf(snapshot_of(LATER)))
    assert "乌镇面馆" not in (await visitor.says("哪里吃饭打折")).text
