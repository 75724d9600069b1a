"""What people say around a visit that is booked: late, there, off, several, and once more the code."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from db.bookings import Booking
from db.engine import Database
from db.people import Address
from db.proxies import Proxy
from db.staff import Audit
from handlers import texts
from knowledge.heard import Context, Heard
from knowledge.index import Snapshot
from services import booking_lists, desk_board, tickets
from tests.fakes.clock import START, SettableClock
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, House, add_service, at, offer
from tests.journeys.test_booking import booked, opened, rows
from tests.journeys.world import Said, Shelf, Visitor, snapshot_of
from tests.properties.shown import check_payload

MORNING = at(MONDAY, 7, 50)
"""Ten minutes before the visit that `booked` makes."""


@pytest.fixture
def visitor(database: Database, clock: SettableClock) -> Visitor:
    """Give one person on the web."""
    return Visitor(database, clock=clock)


class Startled:
    """A snapshot that hears danger in all that is said."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def hear(self, said: str, context: Context) -> Heard:
        return replace(self._snapshot.hear(said, context), journey="crisis", outcome="answer", crisis="violence")


async def comes_today(visitor: Visitor) -> House:
    """Let the visitor have one visit, at eight, and be ten minutes before it."""
    house = await opened(visitor)
    await booked(visitor)
    visitor.clock.moment = MORNING
    return house


async def second(visitor: Visitor, house: House, words: str = "周一上午十点预约光荣牌") -> None:
    """Let the visitor have another visit."""
    async with visitor.database.transaction() as db:
        await offer(db, house.station, await add_service(db, "光荣牌", words=["挂光荣牌"]))
    said = await visitor.says(words)
    assert "约好了" in (await visitor.says(said.digit("确认预约"))).text


async def late_of(visitor: Visitor) -> list[int | None]:
    return [row.late_minutes for row in await rows(visitor.database, Booking)]


def check(said: Said) -> None:
    for row in said.rows:
        check_payload(row.payload)
        assert all(len(line) <= 60 for line in row.payload["text"].split("\n"))
    assert said.result["journey"] == "booking"


@pytest.mark.parametrize(
    ("words", "minutes", "told"),
    [
        ("我会晚到十分钟", 10, "您大约晚到 10 分钟"),
        ("路上堵车，晚到半小时行不", 30, "您大约晚到 30 分钟"),
        ("完到二十分钟", 20, "您大约晚到 20 分钟"),
        ("得九点半才能到", 90, "您大约晚到 1 个半小时"),
        ("还要半小时才能到", 20, "您大约晚到 20 分钟"),
        ("路上堵车晚点到", 0, "您会晚一会儿到"),
    ],
)
async def test_the_desk_is_told_who_will_be_late(visitor: Visitor, words: str, minutes: int, told: str) -> None:
    house = await comes_today(visitor)
    said = await visitor.says(words)
    check(said)
    assert told in said.text
    assert "已经告诉服务站" in said.text
    assert "照样取号" in said.text
    assert await late_of(visitor) == [minutes]
    async with visitor.database.snapshot() as db:
        board = await desk_board.read(db, VAULT, house.station, visitor.clock())
    assert [line.said_late for line in board.to_come] == [minutes]


async def test_who_did_not_say_how_late_is_asked_and_answers_in_words_or_figures(visitor: Visitor) -> None:
    await comes_today(visitor)
    for answer, minutes in (("1", 10), ("大概二十五分钟", 25), ("40", 40)):
        said = await visitor.says("要迟到了", answer)
        check(said)
        assert await late_of(visitor) == [minutes]


async def test_a_question_is_answered_and_the_desk_is_told_only_on_a_tap(visitor: Visitor) -> None:
    await comes_today(visitor)
    said = await visitor.says("晚到半小时行不行")
    check(said)
    assert "晚一会儿不要紧" in said.text
    assert await late_of(visitor) == [None]
    said = await visitor.says(said.digit("告诉服务站：我会晚到"))
    assert "已经告诉服务站" in said.text
    assert await late_of(visitor) == [30]


async def test_who_is_in_time_is_told_not_to_hurry(visitor: Visitor) -> None:
    await comes_today(visitor)
    said = await visitor.says("五分钟后到")
    check(said)
    assert "来得及" in said.text
    assert await late_of(visitor) == [None]


async def test_so_late_that_nobody_is_there_any_more_is_said(visitor: Visitor) -> None:
    await comes_today(visitor)
    said = await visitor.says("车坏了，要晚到五个小时")
    check(said)
    assert "下午 1:00 到，那时服务站不办公" in said.text
    assert "改期" in said.menu.values()


async def test_who_is_late_for_one_of_several_is_asked_which(visitor: Visitor) -> None:
    house = await opened(visitor)
    await booked(visitor)
    await second(visitor, house)
    visitor.clock.moment = MORNING
    said = await visitor.says("我会晚到十分钟")
    check(said)
    assert await late_of(visitor) == [None, None]
    label = next(label for label in said.menu.values() if "光荣牌" in label)
    said = await visitor.says(said.digit(label))
    assert "已经告诉服务站" in said.text
    assert await late_of(visitor) == [None, 10]


async def test_being_late_on_another_day_shows_the_visit(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("我会晚到十分钟")
    check(said)
    (row,) = await rows(visitor.database, Booking)
    assert "您约的不是今天" in said.text
    assert row.code in said.text
    assert row.late_minutes is None


async def test_who_has_no_visit_is_told_so_and_shown_where_to_look(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("我会晚到十分钟")
    check(said)
    assert "没有查到" in said.text
    assert {"我的预约", "预约时间"} <= set(said.menu.values())
    assert (await visitor.says("堵车")).result["journey"] != "booking"


async def test_a_visit_that_is_moved_is_late_no_more_and_old_buttons_are_stale(visitor: Visitor) -> None:
    await comes_today(visitor)
    await visitor.says("我会晚到十分钟")
    (row,) = await rows(visitor.database, Booking)
    said = await visitor.says("改期", "周四下午三点")
    await visitor.says(said.digit("确认改期"))
    assert await late_of(visitor) == [None]
    for action in (
        f"book-late:{row.id}.10",
        "book-late:999.10",
        "book-late:x",
        f"book-late:{row.id}.9999999999999999999",
    ):
        assert texts.STALE in (await visitor.presses(action)).text
    assert await late_of(visitor) == [None]


async def test_who_said_so_is_noted_as_not_come_only_after_that_time(visitor: Visitor) -> None:
    house = await comes_today(visitor)
    await visitor.says("要晚到四十五分钟")
    for minutes, late in ((35, False), (46, True)):
        async with visitor.database.snapshot() as db:
            board = await desk_board.read(db, VAULT, house.station, at(MONDAY, 8) + timedelta(minutes=minutes))
        assert [line.late for line in board.to_come] == [late]


async def test_the_open_desk_sees_it_by_itself(visitor: Visitor) -> None:
    house = await comes_today(visitor)
    async with visitor.database.snapshot() as db:
        before = await booking_lists.mark_of_day(db, house.station.id, MONDAY)
    await visitor.says("我会晚到十分钟")
    async with visitor.database.snapshot() as db:
        assert await booking_lists.mark_of_day(db, house.station.id, MONDAY) != before


async def test_a_daughter_says_it_for_her_father_and_it_is_on_record(visitor: Visitor) -> None:
    await opened(visitor)
    await visitor.says("你好")
    async with visitor.database.transaction() as db:
        father = (await add_person(db, "王建国")).id
        (address,) = await rows(visitor.database, Address, Address.external_id == visitor.name)
        proxy = Proxy(
            person_id=father, address_id=address.id, relation="女儿", scopes=["remind", "book"], status="active",
            ends_on=date(2027, 11, 1), created_at=START,
        )  # fmt: skip
        db.add(proxy)
    await visitor.says("预约", "1", "1", "1")
    visitor.clock.moment = MORNING
    said = await visitor.says("路上堵车，晚到二十分钟")
    assert "王同志大约晚到" in said.text
    assert "说会晚到" in [
        row.detail["what"] for row in await rows(visitor.database, Audit, Audit.action == "proxy_acted")
    ]


@pytest.mark.parametrize("words", ["我到了", "我来了，取号", "到服务站了", "我在服务站门口了，找谁"])
async def test_who_is_there_hears_what_to_do_and_nothing_is_marked(visitor: Visitor, words: str) -> None:
    await comes_today(visitor)
    said = await visitor.says(words)
    check(said)
    (row,) = await rows(visitor.database, Booking)
    assert "把预约码给工作人员看" in said.text
    assert said.rows[-1].payload["qr"] == row.code
    assert row.status == "booked"


async def test_who_is_at_the_door_for_a_visit_is_no_danger_and_anybody_else_may_be(visitor: Visitor) -> None:
    """The shipped words take 我在服务站门口了 for a threat; the hearing is set here as it is there."""
    await comes_today(visitor)
    stranger = Visitor(visitor.database, clock=visitor.clock, name="nobody")
    for who in (visitor, stranger):
        who.shelf = Shelf(Startled(snapshot_of()))  # type: ignore[arg-type]
    said = await visitor.says("我在服务站门口了")
    check(said)
    assert "把预约码给工作人员看" in said.text
    assert (await visitor.says("我在服务站门口了，今天都别想走")).result["journey"] == "crisis"
    assert (await stranger.says("我在服务站门口了")).result["journey"] == "crisis"


async def test_who_is_there_late_is_still_expected_and_then_hears_of_the_line(visitor: Visitor) -> None:
    await comes_today(visitor)
    visitor.clock.moment = at(MONDAY, 9, 15)
    (row,) = await rows(visitor.database, Booking)
    assert row.code in (await visitor.says("我到了")).text
    async with visitor.database.transaction() as db:
        await tickets.arrive(db, row.id, visitor.clock())
    assert "下一位就是您" in (await visitor.says("我到了")).text


async def test_who_is_there_without_a_visit_takes_a_number(visitor: Visitor) -> None:
    await opened(visitor)
    assert "没有预约也能来" in (await visitor.says("到服务站了")).text
    assert (await visitor.says("我到了")).result["journey"] != "booking"


async def test_who_is_there_with_two_visits_chooses_the_code(visitor: Visitor) -> None:
    house = await opened(visitor)
    await booked(visitor)
    await second(visitor, house)
    visitor.clock.moment = MORNING
    said = await visitor.says("我到了")
    check(said)
    said = await visitor.says("2")
    assert "光荣牌" in said.text
    assert "预约码" in said.text


@pytest.mark.parametrize("words", ["我们三个人一起来", "两个人能一起约吗", "能不能指定王姐办", "我要找上次那个小李"])
async def test_a_rule_in_the_middle_of_booking_leaves_it_where_it_was(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    before = await visitor.says("预约", "1")
    said = await visitor.says(words)
    check(said)
    assert "按号叫" in said.text or "一个号给一个人" in said.text
    assert "0" in said.menu
    said = await visitor.says(said.digit("接着约"))
    assert said.menu == before.menu


async def test_several_who_come_each_have_a_number(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("我和老伴一起去行吗")
    check(said)
    said = await visitor.says(said.digit("给家人约"))
    assert "给谁约" in said.text
    said = await visitor.says(said.digit("别的家人"), "李秀英")
    said = await visitor.says("1")
    assert "约好了" in (await visitor.says("1", "1")).text
    assert len(await rows(visitor.database, Booking)) == 2


@pytest.mark.parametrize("words", ["约完了吗", "约好了没", "是不是约上了吗"])
async def test_whether_it_is_booked_now(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    before = await visitor.says("预约", "1", "1")
    said = await visitor.says(words)
    check(said)
    assert "还没有约好" in said.text
    assert said.menu == before.menu
    await visitor.says("1")
    said = await visitor.says(words)
    check(said)
    (row,) = await rows(visitor.database, Booking)
    assert row.code in said.text


@pytest.mark.parametrize("words", ["我约的是几点", "我的预约码是多少", "在哪儿办", "要带什么来着", "玉约码再发我一遍"])
async def test_what_was_booked_is_shown_once_more(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says(words)
    check(said)
    (row,) = await rows(visitor.database, Booking)
    for fact in (row.code, "上午 8:00", "南街12号", "身份证"):
        assert fact in said.text


async def test_where_after_an_answer_is_asked_of_the_answer(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    await visitor.says("优待证怎么办")
    said = await visitor.says("在哪儿办")
    assert said.result["journey"] == "faq"


@pytest.mark.parametrize("words", ["周一那个不去了", "那天我去不了了，家里有事", "下雨，不来了", "把周一那个号退了吧"])
async def test_it_is_off_in_passing_asks_as_usual(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    assert (await visitor.says(words)).result["journey"] != "booking"
    await booked(visitor)
    said = await visitor.says(words)
    check(said)
    assert "要取消吗" in said.text
    (row,) = await rows(visitor.database, Booking)
    assert row.status == "booked"


async def test_the_day_says_which_of_two_is_off_or_moved(visitor: Visitor) -> None:
    house = await opened(visitor)
    await booked(visitor)
    await second(visitor, house, "周三上午九点预约光荣牌")
    said = await visitor.says("周三那个不去了")
    assert "要取消吗" in said.text
    assert "光荣牌" in said.text
    said = await visitor.says("把周一的改到周四下午三点")
    assert "改时间" in said.text
    assert "优待证申领" in said.text
    assert "11月26日（周四）下午 3:00" in said.text
    said = await visitor.says("首页", "去不了了")
    assert "回复数字看看" in said.text


@pytest.mark.parametrize("words", ["帮我改到周四下午", "能不能改到周四下午", "有事，换到周四下午吧"])
async def test_moving_without_naming_the_visit(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    assert (await visitor.says(words)).result["journey"] != "booking"
    await booked(visitor)
    said = await visitor.says(words)
    check(said)
    assert "11月26日（周四）下午" in said.text


@pytest.mark.parametrize(
    "words", ["补助晚到了", "晚到账", "晚到岗", "体检不去了", "工资改到15号发", "优待证在哪儿办", "找战友李建国", "取消优待证", "钱到了吗"]
)  # fmt: skip
async def test_what_asks_for_something_else_is_answered_as_ever(visitor: Visitor, words: str) -> None:
    await comes_today(visitor)
    said = await visitor.says(words)
    assert "预约码" not in said.text
    assert "要取消吗" not in said.text
    assert await late_of(visitor) == [None]


@pytest.mark.parametrize("action", ["bind-name", "bind-code", "book-name:1.1.f.0.20261126.1500"])
@pytest.mark.parametrize("words", ["我会晚到十分钟", "我到了"])
async def test_a_question_for_a_name_or_a_code_gets_its_answer(visitor: Visitor, words: str, action: str) -> None:
    await comes_today(visitor)
    await visitor.presses(action)
    said = await visitor.says(words)
    assert "告诉服务站" not in said.text
    assert "YY-" not in said.text
    assert await late_of(visitor) == [None]
