"""A visit to a station from the first screen to the code, by digits or in words, on the web and on Telegram."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Service, Slot, Waiting
from db.engine import Database
from db.people import Address, Conversation
from db.places import Station
from db.proxies import Proxy
from db.staff import Audit
from db.turns import Inbox
from handlers import texts
from services import bookings, tickets, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from services.bookings import Who
from services.person_cards import open_sealed
from tests.fakes.clock import START, SettableClock
from tests.fakes.examroom import add_batch, add_person
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import (
    MONDAY,
    House,
    add_service,
    add_station,
    at,
    book,
    check_slots,
    close_day,
    offer,
    open_house,
)
from tests.journeys.family import Family
from tests.journeys.world import Said, Visitor
from tests.properties.shown import check_payload

CHANNELS = {"sqlite": "telegram", "postgresql": "web"}


@pytest.fixture
def visitor(database: Database, database_url: str, clock: SettableClock) -> Visitor:
    """Give one person, on one channel with one database and on another with the other."""
    return Visitor(database, channel=CHANNELS[database_url.partition("+")[0]], clock=clock)


async def opened(visitor: Visitor, **columns: Any) -> House:
    async with visitor.database.transaction() as db:
        return await open_house(db, **columns)


async def known(visitor: Visitor, name: str = "王建国", **columns: Any) -> int:
    async with visitor.database.transaction() as db:
        return (await add_person(db, name, account=(visitor.channel, visitor.name), **columns)).id


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    async with database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions).order_by(*table.__table__.primary_key)))


async def taken(visitor: Visitor) -> list[int]:
    async with visitor.database.snapshot() as db:
        return [count for count in (await check_slots(db)).values() if count]


async def booked(visitor: Visitor) -> Said:
    """Let the visitor book the first time there is: three digits."""
    said = await visitor.says("预约")
    said = await visitor.says(said.digit("优待证申领"), "1")
    assert said.menu["1"] == "确认预约"
    return await visitor.says("1")


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_an_old_man_reaches_his_visit_from_the_first_screen_with_six_digits(
    visitor: Visitor, channel: str
) -> None:
    visitor.channel = channel
    await opened(visitor)
    said = await visitor.says("首页")
    count = 0
    for label in (texts.MINE_CHOICE.label, "预约到服务站办事", "优待证申领", None, "确认预约"):
        said = await visitor.says(said.digit(label) if label else "1")
        count += 1
        for row in said.rows:
            check_payload(row.payload)
            assert all(len(line) <= 60 for line in row.payload["text"].split("\n"))
    assert count == 5
    (row,) = await rows(visitor.database, Booking)
    assert (row.status, row.made_by, row.person_id, row.name) == ("booked", "本人", None, None)
    told = said.text.replace("\n", "")
    for fact in (
        row.code, "约好了", "优待证申领", "11月23日（周一）上午 8:00", "南街服务站", "南街12号", "0573-88001234", "身份证", "两寸照片", "再提醒",
    ):  # fmt: skip
        assert fact in told, fact
    assert await taken(visitor) == [1]


async def test_the_confirmation_carries_the_calendar_file_and_the_code_to_be_scanned(visitor: Visitor) -> None:
    await opened(visitor)
    said = await booked(visitor)
    (row,) = await rows(visitor.database, Booking)
    payload = said.rows[-1].payload
    assert payload["qr"] == row.code
    assert f"{row.code}@yizhan" in payload["document"]["text"]
    assert "METHOD:PUBLISH" in payload["document"]["text"]


async def test_day_half_and_time_by_digits(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1")
    label = next(label for label in said.menu.values() if label.startswith("11月24日（周二）"))
    said = await visitor.says(said.digit(label))
    assert "上午来还是下午来" in said.text
    said = await visitor.says("2")
    assert list(said.menu.values())[:2] == ["下午 2:00", "下午 2:30"]
    said = await visitor.says(said.digit("更多"))
    said = await visitor.says(said.digit("下午 5:00"))
    assert "11月24日（周二）下午 5:00" in said.text
    await visitor.says("1")
    (slot,) = await rows(visitor.database, Slot, Slot.taken > 0)
    assert slot.starts_at == at(MONDAY + timedelta(days=1), 17)


async def test_what_was_said_is_not_asked_again(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("下周三上午想去办优待证")
    assert "优待证申领，11月25日（周三）上午，到南街服务站" in said.text
    assert said.menu["1"] == "上午 8:00"
    said = await visitor.says("九点半")
    assert "11月25日（周三）上午 9:30" in said.text
    said = await visitor.says("1")
    assert "约好了" in said.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("周二", "11月24日（周二）"),
        ("周二下午", "11月24日（周二）下午"),
        ("明天", "明天（周日）南街服务站不上班"),
        ("11月20号", "11月20日（周五）已经过了"),
        ("13月5号", "日历上没有这一天"),
        ("2月30号", "日历上没有这一天"),
        ("下个月28号", "现在最多能约到12月5日"),
    ],
)
async def test_words_answer_the_step_that_asks_for_the_day(visitor: Visitor, words: str, expected: str) -> None:
    await opened(visitor)
    await visitor.says("预约", "1")
    said = await visitor.says(words)
    assert said.result["journey"] == "booking"
    assert expected in said.text
    assert said.menu


async def test_tomorrow_one_minute_before_midnight_is_the_next_day(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor)
    clock.moment = at(MONDAY, 23, 59)
    said = await visitor.says("预约办优待证明天上午九点")
    assert "11月24日（周二）上午 9:00" in said.text


async def test_a_question_in_the_middle_is_answered_and_one_goes_back_to_the_step(visitor: Visitor) -> None:
    await opened(visitor)
    await visitor.says("预约", "1")
    said = await visitor.says("优待证怎么办")
    assert said.result["journey"] == "faq"
    said = await visitor.says("返回")
    assert "哪天来" in said.text
    said = await visitor.says("周二上午")
    assert "11月24日（周二）上午" in said.text


async def test_digits_beyond_the_list_and_buttons_of_old_messages(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1")
    menu = said.menu
    for number in ("8", "88", "77"):
        said = await visitor.says(number)
        assert said.text.startswith(f"没有 {number} 这个选项")
        assert said.menu == menu
    for action in ("book:999.1.0.0.0.0", "book:1.999.0.0.20261124.am", "book:x", "book:1.1.0.0.20261399.am", "book-take:1.1.o.0.20261124.0",
                   "book-take:1.1.o.99.20261124.0900", "book-show:99", "book-drop:x", "wait-yes:7", "book-line:9.9.0.0.0.0"):  # fmt: skip
        said = await visitor.presses(action)
        assert said.text, action
        assert said.menu, action
    assert await rows(visitor.database, Booking) == []


async def test_two_taps_on_confirm_are_one_visit(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1")
    action = said.actions["确认预约"]
    first, second = await visitor.presses(action), await visitor.presses(action)
    assert first.text == second.text
    assert await taken(visitor) == [1]


async def test_a_second_visit_for_the_same_matter_is_offered_as_a_move(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("周三上午九点预约办优待证", "1")
    assert "一件事一次约一个" in said.text
    said = await visitor.says(said.digit("改到新的时间"))
    assert "改好了" in said.text
    (row,) = await rows(visitor.database, Booking)
    assert row.sequence == 1
    (slot,) = await rows(visitor.database, Slot, Slot.taken > 0)
    assert slot.starts_at == at(MONDAY + timedelta(days=2), 9)


async def test_moving_keeps_the_code_and_the_old_time_until_the_new_one_is_won(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    (before,) = await rows(visitor.database, Booking)
    said = await visitor.says("改期")
    assert "先留着" in said.text
    assert await taken(visitor) == [1]
    said = await visitor.says("周四下午三点")
    assert said.menu["1"] == "确认改期"
    said = await visitor.says("1")
    assert "改好了" in said.text
    (row,) = await rows(visitor.database, Booking)
    assert (row.code, row.sequence, row.changed_by) == (before.code, 1, "本人")
    assert "SEQUENCE:1" in said.rows[-1].payload["document"]["text"]
    assert await taken(visitor) == [1]


async def test_words_say_where_it_is_moved_to(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("把预约改到周五下午")
    assert "11月27日（周五）下午" in said.text


async def test_cancelling_asks_why_and_gives_the_place_back(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("取消预约")
    assert list(said.menu.values())[:5] == [
        "不取消，留着",
        "改个时间",
        "取消：有事去不了",
        "取消：已经办好了",
        "取消：别的原因",
    ]
    assert "您：" not in said.text
    said = await visitor.says("1")
    assert [row.status for row in await rows(visitor.database, Booking)] == ["booked"]
    said = await visitor.says("取消预约", "3")
    assert said.text.startswith("取消好了：11月23日（周一）上午 8:00 优待证申领\n原因：有事去不了")
    assert said.menu["1"] == "重新预约"
    assert "METHOD:CANCEL" in said.rows[-1].payload["document"]["text"]
    (row,) = await rows(visitor.database, Booking)
    assert (row.status, row.changed_by, row.reason, row.remind_at) == ("cancelled", "本人", "有事去不了", None)
    assert await taken(visitor) == []
    said = await visitor.says("我的预约")
    assert "没有约好的事" in said.text


async def test_my_visits_and_the_reminder_s_answers(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    (row,) = await rows(visitor.database, Booking)
    said = await visitor.says("我的预约")
    assert row.code in said.text
    said = await visitor.presses(f"book-go:{row.id}")
    assert "等您来" in said.text
    said = await visitor.presses(f"book-move:{row.id}")
    assert "改到哪天" in said.text
    said = await visitor.presses(f"book-drop:{row.id}")
    assert "要取消吗" in said.text


async def test_a_time_that_went_meanwhile_leads_to_the_nearest_ones(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1)
    await visitor.says("预约", "1", "1")
    async with visitor.database.transaction() as db:
        await book(db, house, at(MONDAY, 8), "other")
    said = await visitor.says("1")
    assert "刚刚约满了" in said.text
    assert said.menu["1"] == "11月23日（周一）上午 8:30"
    assert "排候补" in said.menu.values()
    said = await visitor.says("1", "1")
    assert "约好了" in said.text
    assert await taken(visitor) == [1, 1]


async def fill_day(visitor: Visitor, house: House, day: date) -> list[int]:
    """Book every time of a day for others; return their ids."""
    made = []
    async with visitor.database.transaction() as db:
        for number, hour in enumerate((8, 10, 14, 16)):
            made.append((await book(db, house, at(day, hour), f"other{number}")).booking.id)
    return made


async def test_a_full_day_can_be_waited_for_and_the_place_taken(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=120)
    others = await fill_day(visitor, house, MONDAY)
    said = await visitor.says("周一上午想预约办优待证")
    assert "11月23日（周一）约满了" in said.text
    said = await visitor.says(said.digit("排候补"))
    assert "候补第 1 位" in said.text
    (row,) = await rows(visitor.database, Waiting)
    assert (row.status, row.day, row.half) == ("waiting", MONDAY, "am")
    async with visitor.database.transaction() as db:
        await bookings.cancel(db, RULES, others[0], "本人", START)
    said = await visitor.says("候补")
    said = await visitor.presses(f"wait-show:{row.id}")
    assert "空出来了" in said.text
    action = said.actions["我要这个号"]
    said = await visitor.presses(action)
    assert "约上了" in said.text
    again = await visitor.presses(action)
    assert again.text == said.text
    assert await taken(visitor) == [1, 1, 1, 1]


async def test_a_place_that_is_not_wanted_goes_to_the_next(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=120)
    others = await fill_day(visitor, house, MONDAY)
    said = await visitor.says("周一想预约办优待证")
    said = await visitor.says(said.digit("排候补"))
    assert "上午还是下午能来" in said.text
    await visitor.says(said.digit("都可以"))
    (row,) = await rows(visitor.database, Waiting)
    assert row.half == "any"
    async with visitor.database.transaction() as db:
        await bookings.cancel(db, RULES, others[2], "本人", START)
    said = await visitor.presses(f"wait-no:{row.id}")
    assert "让给后面的人" in said.text
    assert await taken(visitor) == [1, 1, 1]


async def test_leaving_the_waiting_list(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=120)
    await fill_day(visitor, house, MONDAY)
    said = await visitor.says("周一上午想预约办优待证")
    said = await visitor.says(said.digit("排候补"))
    said = await visitor.says(said.digit("不排了"))
    assert "不排了" in said.text
    (row,) = await rows(visitor.database, Waiting)
    assert row.status == "left"


async def test_an_account_of_a_stranger_acts_on_nobody_else_s(visitor: Visitor, database: Database) -> None:
    house = await opened(visitor, capacity=1, minutes=120)
    others = await fill_day(visitor, house, MONDAY)
    for action in ("book-show", "book-move", "book-drop", "book-go"):
        said = await visitor.presses(f"{action}:{others[0]}")
        assert texts.STALE in said.text
    said = await visitor.presses(f"book-gone:{others[0]}.0")
    said = await visitor.presses(f"book-take:{house.service.id}.{house.station.id}.o.{others[0]}.20261124.0800")
    assert len(await rows(database, Booking, Booking.status == "booked")) == 4


async def test_family_without_an_account_by_name_and_number(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1")
    said = await visitor.says(said.digit("给家人约"))
    said = await visitor.says(said.digit("别的家人"))
    said = await visitor.says("王秀英 13812345678")
    assert "给王同志预约" in said.text
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert (VAULT.decrypt(row.name), VAULT.decrypt(row.phone), row.made_by) == ("王秀英", "13812345678", "家人")
    assert "王秀英" not in "".join(one.text for one in await rows(visitor.database, Inbox))
    assert "王秀英" not in str([one.data for one in await rows(visitor.database, Conversation)])
    said = await booked(visitor)
    assert "约好了" in said.text
    assert len(await rows(visitor.database, Booking)) == 2
    said = await visitor.says("我的预约")
    assert any("王同志" in label for label in said.menu.values())


async def test_family_by_digits_alone(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("给我妈预约办优待证", "1")
    assert "这位家人的姓名" in said.text
    said = await visitor.says("1")
    assert "给您家人预约" in said.text
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert row.made_by == "家人"


async def test_family_without_a_name_who_waits_is_not_taken_for_another(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1)
    await visitor.says("首页")
    async with visitor.database.transaction() as db:
        account = (await db.scalars(select(Address.id))).one()
        await fill_morning(db, house)
        father = Who(account, made_by="家人")
        await waits.join(db, VAULT, RULES, house.station.id, house.service.id, MONDAY, "am", father, "", START)
    said = await visitor.says("给我妈预约办优待证", "1", "不写")
    assert "约过，或排了候补。" in said.text
    assert "确认预约" not in said.menu.values()
    said = await visitor.says("王秀英")
    assert said.menu["1"] == "确认预约"
    await visitor.says("1")
    (row,) = await rows(visitor.database, Waiting)
    (visit,) = await rows(visitor.database, Booking, Booking.made_by == "家人")
    assert (row.status, row.who_key == visit.who_key) == ("waiting", False)


async def fill_morning(db: AsyncSession, house: House) -> None:
    """Let others have every half hour of a morning."""
    for number in range(8):
        await book(db, house, at(MONDAY, 8) + number * timedelta(minutes=30), f"other{number}")


@pytest.mark.parametrize(("words", "name"), [("我妈叫王秀英", "王秀英"), ("王秀英", "王秀英"), ("不写", "")])
async def test_a_name_as_people_give_it(visitor: Visitor, words: str, name: str) -> None:
    await opened(visitor)
    said = await visitor.says("给我妈预约办优待证", "1", words)
    assert said.menu["1"] == "确认预约"
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert open_sealed(VAULT, row.name) == name
    assert "王秀英" not in "".join(one.text for one in await rows(visitor.database, Inbox))


async def test_a_name_may_be_left_beforehand(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1")
    said = await visitor.says(said.digit("留姓名电话"), "王建国 13812345678")
    assert said.menu["1"] == "确认预约"
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert (VAULT.decrypt(row.name), row.made_by) == ("王建国", "本人")


async def test_words_before_the_confirmation_go_to_staff(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "1", "耳朵不好，说话请大声点")
    assert "耳朵不好，说话请大声点" in said.text
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert row.purpose == "耳朵不好，说话请大声点"


async def test_who_is_on_file_goes_to_their_own_station(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        north = await add_station(db, "北街服务站")
        await offer(db, north, house.service)
    person = await known(visitor, station_id=north.id)
    said = await visitor.says("预约", "1")
    assert "到北街服务站" in said.text
    while "换个服务站" not in said.menu.values():
        said = await visitor.says(said.digit("更多"))
    said = await visitor.says(said.digit("换个服务站"))
    assert list(said.menu.values())[:2] == ["南街服务站", "北街服务站"]
    said = await visitor.says("1", "1", "1")
    (row,) = await rows(visitor.database, Booking)
    assert (row.person_id, row.who_key) == (person, f"p:{person}")
    said = await visitor.says("取消预约", "1", "预约", "1")
    assert "到南街服务站" in said.text  # remembered


async def test_a_station_by_name_and_one_that_does_not_offer_it(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        north = await add_station(db, "北街服务站")
        await offer(db, north, house.service)
        await offer(db, north, await add_service(db, "光荣牌", words=[]))
    said = await visitor.says("预约", "1")
    assert "到哪个服务站办优待证申领" in said.text
    said = await visitor.says("北街")
    assert "到北街服务站" in said.text
    said = await visitor.says("预约光荣牌，到南街服务站")
    assert "南街服务站不办光荣牌" in said.text
    assert "北街服务站" in said.menu.values()


async def test_a_closed_day_and_a_closed_station_are_said_so(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        await close_day(db, house.station, MONDAY)
    said = await visitor.says("预约", "1", "周一")
    assert "停电检修" in said.text
    async with visitor.database.transaction() as db:
        (await db.get_one(type(house.station), house.station.id)).closed_on = MONDAY
    said = await visitor.presses(f"book:{house.service.id}.{house.station.id}.0.0.20261124.0900")
    assert "约不了" in said.text
    said = await visitor.presses(f"book-take:{house.service.id}.{house.station.id}.o.0.20261124.0900")
    assert await rows(visitor.database, Booking) == []
    assert said.menu


async def test_who_stayed_away_twice_is_asked_once_more_without_blame(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor)
    for _ in range(2):
        await booked(visitor)
        (row,) = await rows(visitor.database, Booking, Booking.status == "booked")
        clock.advance(timedelta(days=3).total_seconds())
        async with visitor.database.transaction() as db:
            await bookings.mark(db, row.id, "no_show", clock())
    said = await visitor.says("预约", "1", "1", "1")
    assert "您能来吗" in said.text
    assert "没能来" not in said.text
    assert list(said.menu.values())[:2] == ["能来", "换个时间"]
    assert await rows(visitor.database, Booking, Booking.status == "booked") == []
    said = await visitor.says("1")
    assert "约好了" in said.text


async def test_how_many_are_before_me(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor)
    await booked(visitor)
    (row,) = await rows(visitor.database, Booking)
    assert "取到号" in (await visitor.says("前面还有几位")).text
    clock.moment = at(MONDAY, 7, 55)
    async with visitor.database.transaction() as db:
        await tickets.arrive(db, row.id, clock())
    said = await visitor.says("前面还有几位")
    assert "下一位就是您" in said.text


async def test_nothing_open_yet_says_how_to_get_it_done(visitor: Visitor) -> None:
    for words in ("预约", "我想约个时间去办证"):
        said = await visitor.says(words)
        assert (said.result["journey"], said.result["outcome"]) == ("booking", "refuse")
        assert "还没有开通" in said.text
        assert "0" in said.menu


async def test_words_mean_nothing_to_somebody_without_a_visit(visitor: Visitor) -> None:
    await opened(visitor)
    for word in ("取消", "改期", "不去了"):
        said = await visitor.says(word)
        assert said.result["journey"] != "booking"
        assert said.text


async def test_never_mind(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "不约了")
    assert "不约了" in said.text
    assert await rows(visitor.database, Booking) == []


async def test_the_limit_of_a_day_and_a_free_day_are_sentences(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        for name in ("光荣牌", "评残申请"):
            await offer(db, house.station, await add_service(db, name, words=[]))
    for name, hour in (("优待证申领", "九"), ("光荣牌", "十")):
        await visitor.says(f"周一上午{hour}点预约{name}", "1")
    said = await visitor.says("周一下午三点预约评残申请", "1")
    assert "2" in said.text
    assert "换个时间" in said.menu.values()
    assert len(await rows(visitor.database, Booking)) == 2


async def test_a_daughter_books_for_her_father_and_it_is_on_record(visitor: Visitor) -> None:
    await opened(visitor)
    await known(visitor, "李秀英")
    async with visitor.database.transaction() as db:
        father = (await add_person(db, "王建国")).id
        account = (await db.scalars(select(Address.id).where(Address.external_id == visitor.name))).one()
        proxy = Proxy(
            person_id=father, address_id=account, relation="女儿", scopes=["remind", "book"], status="active",
            ends_on=date(2027, 11, 1), created_at=START,
        )  # fmt: skip
        db.add(proxy)
    said = await visitor.says("预约", "1", "1")
    assert "给谁约" in said.text
    said = await visitor.says(said.digit("王同志"))
    assert "给王同志预约" in said.text
    said = await visitor.says("1")
    assert said.text.startswith("王同志的预约约好了")
    (row,) = await rows(visitor.database, Booking)
    assert (row.person_id, row.who_key, row.made_by) == (father, f"p:{father}", "女儿")
    (audited,) = await rows(visitor.database, Audit, Audit.action == "proxy_acted")
    assert audited.detail["what"] == "预约"
    async with visitor.database.transaction() as db:
        (await db.get_one(Proxy, proxy.id)).status = "ended"
    for action in ("book-show", "book-drop", "book-move"):
        assert texts.STALE in (await visitor.presses(f"{action}:{row.id}")).text
    assert "没有约好的事" in (await visitor.says("我的预约")).text


async def test_coming_for_the_certification_is_booked_where_the_station_takes_bookings_for_it(
    database: Database, clock: SettableClock
) -> None:
    clock.moment = datetime(2027, 2, 1, 2, tzinfo=UTC)
    family = Family(database, clock)
    await family.build()
    await family.county.draft()
    person, visitor = await family.at_home()
    async with database.transaction() as db:
        station = await db.get_one(Station, family.county.station_id)
        await offer(db, station, await add_service(db, "生存认证", words=["年审"], bring=""))
    await family.remind()
    said = await visitor.says("3")
    assert "生存认证，到城关镇服务站" in said.text
    said = await visitor.says("1", "1")
    assert "约好了" in said.text
    (row,) = await rows(database, Booking)
    assert row.person_id == person.id


async def test_what_is_booked_can_be_cancelled_within_another_booking(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    await visitor.says("预约")
    said = await visitor.says("我想取消预约")
    assert "要取消吗" in said.text


@pytest.mark.parametrize("ask_first", [False, True], ids=["sent", "asked"])
async def test_a_sent_place_puts_the_nearest_station_first(visitor: Visitor, *, ask_first: bool) -> None:
    house = await opened(visitor, latitude=30.60, longitude=120.50)
    async with visitor.database.transaction() as db:
        north = await add_station(db, "北街服务站", latitude=30.70, longitude=120.50)
        await offer(db, north, house.service)
    await visitor.says("预约", "1")
    if ask_first:
        assert "现在的位置" in (await visitor.says("离我最近的服务站")).text
    said = await visitor.send("event", "location", place={"latitude": 30.69, "longitude": 120.5})
    assert said.menu["1"].startswith("北街服务站（约 1.1 公里")
    said = await visitor.says("1")
    assert "到北街服务站" in said.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("你们预约是几点上班", "开门"),
        ("预约了晚点到行不行", "晚一会儿不要紧"),
        ("不预约直接去行吗", "没有预约也能来"),
        ("明天上午九点预约", "明天（周日）上午 9:00，记下了"),
        ("预约想改到周五", "没有约好的事"),
        ("坐火车预约", "到服务站办的事"),
    ],
)
async def test_what_else_people_say_of_visits(visitor: Visitor, words: str, expected: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert expected in said.text
    assert said.menu


async def test_words_of_examinations_stay_theirs(visitor: Visitor) -> None:
    await opened(visitor)
    await known(visitor)
    async with visitor.database.transaction() as db:
        await add_batch(db, (date(2026, 12, 1), "am", 2))
    assert (await visitor.says("预约体检")).result["journey"] == "exams"
    await visitor.says("1", "1")
    assert (await visitor.says("改期")).result["journey"] == "exams"


async def test_every_page_of_every_list_has_at_most_seven_options(visitor: Visitor) -> None:
    house = await opened(visitor, minutes=20)
    async with visitor.database.transaction() as db:
        for number in range(8):
            await offer(db, house.station, await add_service(db, f"第{number}项", words=[]))
        for number in range(9):
            await offer(db, await add_station(db, f"第{number}服务站"), house.service)
    waiting, seen, screens = ["book"], {"book"}, 0
    while waiting and screens < 60:
        said = await visitor.presses(waiting.pop(0))
        screens += 1
        for row in said.rows:
            check_payload(row.payload)
            assert all(len(line) <= 60 for line in row.payload["text"].split("\n"))
        ours = [
            action
            for action in said.actions.values()
            if action.startswith("book") and not action.startswith("book-take")
        ]
        waiting += [action for action in ours if action not in seen]
        seen |= set(ours)
    assert any(action.startswith("book-where") for action in seen)
    assert await rows(visitor.database, Booking) == []


async def test_days_that_are_too_near_are_not_called_full(visitor: Visitor) -> None:
    await opened(visitor, notice_minutes=4 * 24 * 60)
    said = await visitor.says("预约", "1")
    assert said.menu["1"].startswith("最早：11月25日")
    assert "排候补" not in said.menu.values()
    said = await visitor.says("周一")
    assert "要提前约" in said.text


async def test_what_was_left_undone_says_nothing_of_the_next_visit(visitor: Visitor) -> None:
    house = await opened(visitor)
    said = await visitor.says("预约", "1", "1", "耳朵不好，说话请大声点")
    assert "耳朵不好" in said.text
    said = await visitor.says("首页")
    said = await visitor.presses(f"book:0.{house.station.id}.0.0.0.0")
    said = await visitor.says("1", "1")
    assert "耳朵不好" not in said.text


@pytest.mark.parametrize(
    "words",
    [
        "我想去服务站办事",
        "去服务站办事",
        "到站办事",
        "想去你们那办点事",
        "去窗口办事",
        "明天想去服务站办事",
    ],
)
async def test_the_plainest_wish_to_come_begins_a_booking(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert "要办什么事" in said.text
    assert said.menu["1"] == "优待证申领"


@pytest.mark.parametrize("words", ["服务站在哪里", "服务站能帮我办什么事", "去服务站办事要带什么"])
async def test_a_question_about_stations_stays_a_question(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert "要办什么事" not in said.text


@pytest.mark.parametrize("words", ["取消", "不改了", "还按原来的"])
async def test_to_stop_moving_keeps_the_visit_and_shows_it(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    await booked(visitor)
    await visitor.says("改期", "周四下午三点")
    said = await visitor.says(words)
    assert "还是原来的时间" in said.text
    assert "11月23日（周一）上午 8:00" in said.text
    await visitor.says("1")
    (row,) = await rows(visitor.database, Booking)
    assert (row.status, row.sequence) == ("booked", 0)


async def test_the_confirmation_of_a_move_shows_both_times_and_a_way_out(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("改期", "周四下午三点")
    lines = said.text.split("\n")
    assert lines[2:4] == ["原来：11月23日（周一）上午 8:00", "改到：11月26日（周四）下午 3:00"]
    said = await visitor.says(said.digit("不改了，还按原来的"))
    assert "11月23日（周一）上午 8:00" in said.text


async def test_what_to_bring_is_a_thing_a_line(visitor: Visitor) -> None:
    """As staff wrote them: “if there is one” still speaks of both that it stood behind; a long one is cut in no word."""
    house = await opened(visitor)
    papers = "残疾军人证、立功证书（有的话）"
    long = [
        "因战、因公致残的档案记载或者当时部队医院开的原始医疗证明、",
        "近三个月内二级以上医院的诊断书和检查报告的复印件",
    ]
    async with visitor.database.transaction() as db:
        (await db.get_one(Service, house.service.id)).bring = "\n".join(["身份证原件", papers, "".join(long)])
    said = await visitor.says("预约", "1", "1")
    lines = said.text.split("\n")
    first = lines.index("要带：") + 1
    assert lines[first : first + 5] == ["· 身份证原件", f"· {papers}", f"· {long[0]}", long[1], ""]


async def test_the_screen_of_days_says_each_day_once_and_other_ways_take_no_day_s_place(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1")
    assert list(said.menu.values()) == [
        "最早：11月23日（周一）上午 8:00", "11月23日（周一）别的时间，还有 30 个空位", "11月24日（周二），还有 32 个空位",
        "11月25日（周三），还有 32 个空位", "11月26日（周四），还有 32 个空位", "更多", "返回",
    ]  # fmt: skip
    seen = await visitor.says(said.digit("更多"))
    while "换个服务站" not in seen.menu.values():
        seen = await visitor.says(seen.digit("更多"))
    assert len(seen.menu) <= 7


async def test_other_ways_stand_behind_the_services(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        for number in range(6):
            await offer(db, house.station, await add_service(db, f"第{number}项", words=[]))
    said = await visitor.says("预约")
    assert list(said.menu.values())[-2:] == ["更多", "返回"]
    assert "请人上门办" not in said.menu.values()
    said = await visitor.says(said.digit("更多"))
    assert "请人上门办" in said.menu.values()
