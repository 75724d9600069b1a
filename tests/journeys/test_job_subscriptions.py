"""Subscribing to posts in at most five digits or one sentence; changing, pausing, stopping, keeping."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.engine import Database
from db.jobs import JobSubscription
from db.people import NoticeStop
from handlers import job_subscribe, job_subscriptions
from knowledge.job_wish import Wish
from services import notice_stops, subscriptions
from tests.journeys.job_market import market, seeker
from tests.journeys.world import Said, Visitor


@pytest.fixture
async def one(database: Database) -> Visitor:
    """Give somebody who looks for work where five posts are open."""
    await market(database)
    return seeker(database)


async def subscribed(one: Visitor) -> list[JobSubscription]:
    async with one.database.snapshot() as db:
        return list(await db.scalars(select(JobSubscription).order_by(JobSubscription.id)))


async def walk(one: Visitor, *labels: str) -> Said:
    """Choose labels one after the other, each by its digit."""
    said = await one.says("订阅")
    for label in labels:
        said = await one.says(said.digit(label))
    return said


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_five_digits_to_a_subscription(one: Visitor, channel: str) -> None:
    one.channel = channel
    said = await walk(one, "保安", "城东街道", "4000 元以上", "不上夜班", "每天晚上7点")
    assert "订好了。有合适的，每天晚上7点告诉您" in said.text
    for fact in ("工种：保安", "城东街道", "4000 元以上", "不上夜班"):
        assert fact in said.text
    (kept,) = await subscribed(one)
    wish = Wish.from_json(kept.wish)
    assert (wish.kinds, wish.pay_from, wish.shift, len(wish.townships)) == (("保安",), 4000, "no_night", 1)
    assert (kept.cadence, kept.hour, kept.status) == ("daily", 19, "active")
    assert kept.next_at == subscriptions.first_due("daily", 19, None, one.clock())


async def test_a_sentence_is_shown_back_and_put_right_by_digit(one: Visitor) -> None:
    said = await one.says("找如东县5000以上的保安或司机，不上夜班，有了告诉我")
    assert "您看对不对" in said.text
    for fact in ("工种：保安、司机", "地方：如东", "5000 元以上", "不上夜班"):
        assert fact in said.text
    assert await subscribed(one) == []
    assert list(said.menu.values()) == ["对，就这样", "改工种", "改地方", "改工资", "改班次", "改多久告诉一次", "返回"]
    said = await one.says("4")
    said = await one.says(said.digit("4000 元以上"))
    assert "4000 元以上" in said.text
    said = await one.says("6")
    said = await one.says("每周五下午三点")
    assert "每周五下午3点" in said.text
    said = await one.says("1")
    assert "订好了" in said.text
    (kept,) = await subscribed(one)
    assert Wish.from_json(kept.wish).pay_from == 4000
    assert (kept.cadence, kept.hour, kept.weekday) == ("weekly", 15, 5)


async def test_every_step_may_be_answered_in_words(one: Visitor) -> None:
    await one.says("订阅", "保安和司机", "大杨镇", "四千五", "不要夜班")
    said = await one.says("每天早上九点")
    assert "订好了" in said.text
    (kept,) = await subscribed(one)
    wish = Wish.from_json(kept.wish)
    assert (set(wish.kinds), wish.pay_from, wish.shift) == ({"保安", "司机"}, 4500, "no_night")
    assert (kept.cadence, kept.hour) == ("daily", 9)


async def test_what_was_said_at_once_is_not_asked_again(one: Visitor) -> None:
    said = await one.says("订阅", "如东的保安，5000以上，不上夜班")
    assert "多久告诉您一次" in said.text


async def test_it_does_not_matter_in_words(one: Visitor) -> None:
    said = await one.says("订阅", "随便", "哪里都行", "无所谓", "都行", "有了马上说")
    assert "有合适的，马上告诉您" in said.text
    (kept,) = await subscribed(one)
    assert Wish.from_json(kept.wish) == Wish()


async def test_a_day_and_an_hour_of_ones_own_by_digits(one: Visitor) -> None:
    said = await walk(one, "保安", "哪里都行", "多少都行", "什么班都行", "别的时间", "每周三", "下午3点")
    assert "每周三下午3点告诉您" in said.text


async def test_words_that_are_no_answer_leave_politely(one: Visitor) -> None:
    said = await one.says("订阅", "优待证怎么办")
    assert said.result["journey"] == "faq"
    said = await one.says("订阅", "呜呜呜呜")
    assert "没看明白" in said.text
    said = await one.says("呜呜呜呜")
    assert "没看明白" not in said.text
    said = await one.says("返回")
    assert said.menu


async def test_a_search_becomes_a_subscription(one: Visitor) -> None:
    said = await one.says("招聘货车司机，6000以上")
    said = await one.says(said.digit("有新的告诉我"), "1")
    assert "订好了。有合适的，每天早上8点告诉您" in said.text
    said = await one.says(said.digit("现在就看看有没有"))
    assert "货车司机" in said.text


async def test_the_same_wish_again_is_no_second_one(one: Visitor) -> None:
    for often in ("每天早上8点", "每周一早上8点"):
        said = await walk(one, "保安", "哪里都行", "多少都行", "什么班都行", often)
    assert "您订过了，现在改成每周一早上8点告诉您" in said.text
    (kept,) = await subscribed(one)
    assert kept.cadence == "weekly"


async def test_a_sixth_is_refused(one: Visitor) -> None:
    for kind in ("保安", "司机", "普工", "门卫"):
        await walk(one, kind, "哪里都行", "多少都行", "什么班都行", "每天早上8点")
    await walk(one, "什么工作都行", "哪里都行", "多少都行", "什么班都行", "每天早上8点")
    said = await one.says("我的订阅")
    assert len(said.menu) == 7
    assert "再订一样" not in said.menu.values()
    said = await one.says("订阅", "电工", "随便", "随便", "随便", "每天")
    assert said.text == subscriptions.TOO_MANY
    assert len(await subscribed(one)) == 5


async def test_paused_resumed_changed_and_stopped(one: Visitor) -> None:
    await walk(one, "保安", "哪里都行", "多少都行", "什么班都行", "每天早上8点")
    said = await one.says("我的订阅", "1")
    said = await one.says(said.digit("先停一停"))
    assert said.text == job_subscriptions.PAUSED_NOW
    assert [each.status for each in await subscribed(one)] == ["paused"]
    said = await one.says("我的订阅")
    assert "先停着" in said.text
    said = await one.says("1")
    said = await one.says(said.digit("接着发"))
    assert "每天早上8点" in said.text
    said = await one.says("我的订阅", "1")
    said = await one.says(said.digit("改一改"), "2")
    said = await one.says(said.digit("司机"), "1")
    assert "改好了" in said.text
    (kept,) = await subscribed(one)
    assert Wish.from_json(kept.wish).kinds == ("司机",)
    said = await one.says("我的订阅", "1")
    said = await one.says(said.digit("不要了"))
    assert said.text == job_subscriptions.STOPPED
    assert [each.status for each in await subscribed(one)] == ["ended"]


async def test_kept_for_another_year_and_not_by_anybody_else(one: Visitor) -> None:
    await walk(one, "保安", "哪里都行", "多少都行", "什么班都行", "每周一早上8点")
    (before,) = await subscribed(one)
    one.clock.advance(timedelta(days=366).total_seconds())
    other = seeker(one.database, name="laoli", clock=one.clock)
    await other.presses(f"sub-stop:{before.id}")
    assert [each.status for each in await subscribed(one)] == ["active"]
    said = await one.presses(f"sub-keep:{before.id}")
    assert "接着给您留意" in said.text
    (after,) = await subscribed(one)
    assert after.renewed_at == one.clock()
    said = await one.presses(f"sub-stop:{before.id}")
    assert said.text == job_subscriptions.STOPPED
    assert [each.status for each in await subscribed(one)] == ["ended"]


async def test_subscribing_brings_back_what_had_been_stopped(one: Visitor) -> None:
    said = await walk(one, "保安", "哪里都行", "多少都行", "什么班都行", "每天早上8点")
    address_id = said.taken.address_id
    assert address_id is not None
    async with one.database.transaction() as db:
        await notice_stops.stop(db, address_id, [job_subscribe.KIND, "news"], one.clock())
    assert job_subscriptions.STOPPED_KIND in (await one.says("我的订阅")).text
    await walk(one, "司机", "哪里都行", "多少都行", "什么班都行", "每天早上8点")
    async with one.database.snapshot() as db:
        assert list(await db.scalars(select(NoticeStop.kind))) == ["news"]
