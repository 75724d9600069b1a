"""What is said in the middle of booking, or with its words, and means something else: a death, a number, the net, no time."""

import pytest
from sqlalchemy import select

from db.bookings import Booking
from db.engine import Database
from db.turns import Inbox
from handlers.booking_words import of_death
from services.person_cards import open_sealed
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import MONDAY, add_service, at, book, offer
from tests.journeys.test_booking import booked, opened, rows
from tests.journeys.test_booking_yes import for_family
from tests.journeys.world import Said, Visitor


@pytest.fixture
def visitor(database: Database) -> Visitor:
    """Give one person on the web."""
    return Visitor(database)


async def at_confirmation(visitor: Visitor) -> Said:
    await opened(visitor)
    return await visitor.says("预约", "1", "1")


@pytest.mark.parametrize("words", ["13912345678", "电话 13912345678", "１３９１２３４５６７８"])
async def test_a_number_below_the_confirmation_is_kept_sealed_and_masked(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    await for_family(visitor, "李大山")
    said = await visitor.says(words)
    assert "电话记下了" in said.text
    assert "给李同志预约" in said.text
    await visitor.says(said.digit("确认预约"))
    (row,) = await rows(visitor.database, Booking)
    assert (open_sealed(VAULT, row.name), open_sealed(VAULT, row.phone)) == ("李大山", "13912345678")
    async with visitor.database.snapshot() as db:
        kept = [str(vars(one)) for one in await db.scalars(select(Inbox))]
    assert not [text for text in kept if "13912345678" in text]


async def test_a_number_within_a_word_for_staff_goes_where_numbers_go(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("腿脚不好，13912345678")
    assert "说明：腿脚不好" in said.text
    await visitor.says(said.digit("确认预约"))
    (row,) = await rows(visitor.database, Booking)
    assert (row.purpose, open_sealed(VAULT, row.phone)) == ("腿脚不好", "13912345678")


async def test_a_long_number_is_no_part_of_what_staff_read(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("证号是 330483195001011234 那张")
    assert "330483" not in said.text


async def test_a_death_asks_for_no_name(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("我父亲去世了，抚恤金没人领")
    assert "姓名" not in said.text
    assert "节哀" in said.text


@pytest.mark.parametrize(
    ("text", "died"),
    [
        ("我父亲去世了", True), ("老伴上个月走了", True), ("我妈不在了", True), ("给父亲销户", True), ("累死了，想约明天", False),
        ("我爸去不了", False), ("优待证没了", False), ("病故军人遗属年审", False), ("银行卡销户", False),
    ],
)  # fmt: skip
def test_words_of_a_death(text: str, *, died: bool) -> None:
    assert of_death(text) == died


@pytest.mark.parametrize("words", ["想约人聊聊，心里难受", "想预约看心理医生"])
async def test_a_sore_heart_is_sent_to_no_list_of_services(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert "不用一个人扛着" in said.text
    assert "0" in said.menu


@pytest.mark.parametrize("words", ["先别约了", "别约了"])
async def test_no_more_is_no_word_for_staff(visitor: Visitor, words: str) -> None:
    await at_confirmation(visitor)
    assert "不约了" in (await visitor.says(words)).text
    assert await rows(visitor.database, Booking) == []


@pytest.mark.parametrize("words", ["时间不行", "这个时间不方便", "太早了", "换时间", "周一去不了了", "周一那个不去了"])
async def test_a_time_that_does_not_suit_leads_to_others(visitor: Visitor, words: str) -> None:
    await at_confirmation(visitor)
    assert "哪天来" in (await visitor.says(words)).text


async def test_what_is_booked_is_asked_before_anything_is(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("我约的几点")
    assert "还没有约好" in said.text
    assert "说明：" not in said.text


@pytest.mark.parametrize("words", ["换成社保卡领补助行不行", "我想问抚恤金的事", "几点下班", "要不要带户口本"])
async def test_a_question_is_no_word_for_staff(visitor: Visitor, words: str) -> None:
    await at_confirmation(visitor)
    assert "说明：" not in (await visitor.says(words)).text


async def test_what_may_be_of_something_else_is_asked_about_first(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("我想取消低保")
    said = await visitor.says(said.digit("写给工作人员看，接着约"))
    assert "说明：我想取消低保" in said.text


@pytest.mark.parametrize(
    "words",
    [
        "我预约了优待证为什么还没下来", "优待证申领进度怎么查，预约号是多少", "在小程序上预约了，怎么取消", "优待证预约不了，总说信息不符",
        "预约信息填错了怎么改", "网上预约申领优待证要多久",
    ],
)  # fmt: skip
async def test_the_booking_of_the_net_is_not_ours(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    for sentence in ("现在没有约好的事", "要办什么事", "哪天来", "哪一件"):
        assert sentence not in said.text


@pytest.mark.parametrize(
    "words", ["预约明天办优待证", "网上预约", "预约到服务站办事", "我想在网上预约周三上午办优待证", "约个时间"]
)
async def test_a_booking_is_one_still(visitor: Visitor, words: str) -> None:
    await opened(visitor)
    said = await visitor.says(words)
    assert said.result["journey"] == "booking"
    assert "您想问的是" not in said.text


async def test_the_name_of_a_service_chooses_it_whatever_it_asks_too(visitor: Visitor) -> None:
    house = await opened(visitor)
    async with visitor.database.transaction() as db:
        await offer(db, house.station, await add_service(db, "优待证怎么办", words=[]))
    await visitor.says("预约")
    assert "哪天来" in (await visitor.says("优待证怎么办")).text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("早上九点", "上午 9:00，记下了"), ("两点半", "下午 2:30，记下了"), ("上午", "上午，记下了"), ("晚上八点", "晚上 8:00 约不了"),
        ("随便哪天", "请看一遍"), ("越快越好", "请看一遍"),
    ],
)  # fmt: skip
async def test_an_hour_before_the_day_is_noted(visitor: Visitor, words: str, told: str) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", words)
    assert told in said.text
    assert "绑定" not in said.text


async def test_an_hour_that_was_noted_is_that_of_the_day(visitor: Visitor) -> None:
    await opened(visitor)
    said = await visitor.says("预约", "1", "九点", "周三")
    assert "11月25日（周三）上午 9:00" in said.text
    assert "确认预约" in said.menu.values()


async def test_why_a_time_cannot_be_had_is_true(visitor: Visitor) -> None:
    await opened(visitor)
    assert "没有11月25日（周三）上午 9:10这个时间" in (await visitor.says("预约", "1", "周三上午9点10分")).text


async def test_back_from_what_is_booked_asks_for_nothing_of_it(visitor: Visitor) -> None:
    await opened(visitor)
    await booked(visitor)
    said = await visitor.says("9")
    assert "来？" not in said.text
    assert "哪天" not in said.text


async def test_a_station_of_the_morning_only_is_asked_no_half_and_says_so(visitor: Visitor) -> None:
    house = await opened(visitor, capacity=1, minutes=120, week={str(day): [["09:00", "11:00"]] for day in range(7)})
    assert "下午没有能约的时间" in (await visitor.says("预约", "1", "周三下午")).text
    async with visitor.database.transaction() as db:
        await book(db, house, at(MONDAY, 9), "other")
    said = await visitor.says("预约", "1", "周一")
    assert "约满了" in said.text
    said = await visitor.says(said.digit("排候补"))
    assert "候补第 1 位" in said.text
    assert "上午" in said.text


async def test_hard_of_hearing_is_a_word_for_staff_and_no_reminder(visitor: Visitor) -> None:
    await at_confirmation(visitor)
    said = await visitor.says("听力不好请大声点")
    assert "说明：听力不好请大声点" in said.text
