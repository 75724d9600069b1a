"""What is said at the confirmation: yes and no in words, figures that are no choice, and buttons that are pressed twice."""

import pytest

from db.bookings import Booking, Waiting
from db.engine import Database
from handlers import texts
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, at, book
from tests.journeys.test_booking import booked, opened, rows, taken
from tests.journeys.world import Said, Visitor


@pytest.fixture
def visitor(database: Database) -> Visitor:
    """Give one person on the web."""
    return Visitor(database)


async def for_family(visitor: Visitor, contact: str) -> Said:
    """Let the visitor come to the confirmation of a visit for somebody who is only named."""
    said = await visitor.says("预约")
    said = await visitor.says(said.digit("优待证申领"), "1")
    said = await visitor.says(said.digit("给家人约"))
    said = await visitor.says(said.digit("别的家人"))
    return await visitor.says(contact)


@pytest.mark.parametrize("words", ["对", "好的", "可以", "是的", "确认", "没错。"])
async def test_yes_in_words_books(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1", words)
    assert "约好了" in said.text
    (row,) = await rows(visitor.database, Booking)
    assert row.purpose == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [("不对", "请看一遍"), ("错了", "请看一遍"), ("12", "没有 12 这个选项"), ("不是我，是我爸", "这次给谁约")],
)
async def test_no_and_figures_are_no_words_for_staff(visitor: Visitor, words: str, expected: str) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1", words)
    assert expected in said.text
    said = await visitor.presses((await visitor.says("预约", "1", "1")).actions["确认预约"])
    (row,) = await rows(visitor.database, Booking)
    assert row.purpose == ""


async def test_yes_to_something_else_that_was_said_meanwhile_books_nothing(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1", "优待证怎么办")
    assert said.result["journey"] == "faq"
    await visitor.says("好的")
    assert await rows(visitor.database, Booking) == []


async def test_yes_after_having_stayed_away_and_to_a_move(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    await visitor.says("周三上午九点预约办优待证")
    said = await visitor.says("对")
    assert "一件事一次约一个" in said.text
    said = await visitor.says("好的")
    assert "改好了" in said.text
    assert await taken(visitor) == [1]


async def test_two_taps_for_family_who_are_only_named_are_one_visit(visitor: Visitor) -> None:
    await opened(visitor)
    said = await for_family(visitor, "王秀英 13812345678")
    action = said.actions["确认预约"]
    assert len(action) <= 64
    first, second = await visitor.presses(action), await visitor.presses(action)
    assert "约好了" in first.text
    assert first.text == second.text
    assert await taken(visitor) == [1]


async def test_the_button_of_one_of_the_family_books_no_other(visitor: Visitor) -> None:
    await opened(visitor)
    first = await for_family(visitor, "王秀英 13812345678")
    second = await for_family(visitor, "李建国 13912345678")
    said = await visitor.presses(first.actions["确认预约"])
    assert texts.STALE in said.text
    assert await rows(visitor.database, Booking) == []
    said = await visitor.presses(second.actions["确认预约"])
    assert "李同志的预约约好了" in said.text


async def test_waiting_twice_for_family_is_waiting_once(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=240)
    async with visitor.database.transaction() as db:
        for hour in (8, 14):
            await book(db, house, at(MONDAY, hour), f"other{hour}")
    await visitor.presses(f"book-line:{house.service.id}.{house.station.id}.f.0.20261123.any")
    said = await visitor.says("王秀英 13812345678")
    assert "王同志排在" in said.text
    assert len(await rows(visitor.database, Waiting)) == 1


async def test_two_taps_to_wait_for_family_who_are_named(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=240)
    action = (await for_family(visitor, "王秀英 13812345678")).actions["确认预约"]
    async with visitor.database.transaction() as db:
        for hour in (8, 14):
            await book(db, house, at(MONDAY, hour), f"other{hour}")
    said = await visitor.presses(action)
    line = said.actions["排候补"]
    first, second = await visitor.presses(line), await visitor.presses(line)
    assert "王同志排在" in first.text
    assert first.text == second.text


async def test_family_without_a_name_has_none_and_the_next_is_asked_for_one(visitor: Visitor) -> None:
    await opened(visitor)
    said = await for_family(visitor, "1")
    assert "给您家人预约" in said.text
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert (row.name, row.who_key, row.made_by) == (None, f"a:{row.address_id}:family", "家人")
    said = await for_family(visitor, "1")
    assert "这一位请写姓名" in said.text
    said = await visitor.says("王秀英")
    assert "给王同志预约" in said.text
    await visitor.says("1")
    first, second = await rows(visitor.database, Booking)
    assert (first.name, VAULT.decrypt(second.name)) == (None, "王秀英")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("13月5号想去办优待证", "日历上没有这一天"),
        ("2月30号去办优待证", "日历上没有这一天"),
        ("昨天想去办优待证", "已经过了"),
    ],
)
async def test_a_wish_to_come_on_a_day_that_cannot_be_says_so(visitor: Visitor, words: str, expected: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert said.result["journey"] == "booking"
    assert expected in said.text


@pytest.mark.parametrize("words", ["晚点到行吗", "我到了"])
async def test_who_is_late_or_there_sees_the_visit(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    before = await visitor.says(words)
    assert before.result["journey"] != "booking"
    await booked(visitor)
    (row,) = await rows(visitor.database, Booking)
    await visitor.says("改期", "周三下午两点")
    said = await visitor.says(words)
    assert row.code in said.text
    assert "不是今天" in said.text
    visitor.clock.moment = at(MONDAY, 7, 50)
    said = await visitor.says(words)
    assert "把预约码给工作人员看" in said.text
    assert "0573-88001234" in said.text
