"""Which station is nearest, where one is, and whether it is open: from a sent place, a name, or a township."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import select

from db.bookings import Service, StationClosure, StationService
from db.calendar import CalendarDay
from db.engine import Database
from db.places import Station, Township, Village
from tests.fakes.clock import START
from tests.journeys.world import Said, Visitor

HERE = {"latitude": 30.6301, "longitude": 120.5602}
BY_STREET = {"latitude": 30.6391, "longitude": 120.5602}
"""One kilometre north of HERE."""
BY_BRIDGE = {"latitude": 30.6301, "longitude": 120.8202}
"""25 kilometres east."""
FULL = {"0": [["08:30", "12:00"], ["14:00", "17:30"]], "5": [["09:00", "11:00"]]}

Build = Callable[[], Awaitable[dict[str, int]]]


@pytest.fixture
def county(database: Database) -> Build:
    """Give what builds a county of four stations, one of them gone."""

    async def build() -> dict[str, int]:
        async with database.transaction() as db:
            towns = {name: Township(name=name) for name in ("南街街道", "石桥镇", "东湖乡")}
            db.add_all(towns.values())
            await db.flush()
            stations = [
                Station(name="示例县退役军人服务中心", level="county", address="振兴路1号", phone="0573-88000000"),
                Station(
                    name="南街街道退役军人服务站", level="township", township_id=towns["南街街道"].id, stars=3,
                    address="南街12号", phone="0573-88001111", week=FULL, **BY_STREET,
                ),
                Station(name="石桥镇退役军人服务站", level="township", township_id=towns["石桥镇"].id, phone="0573-88002222", **BY_BRIDGE),
                Station(name="北塘村退役军人服务站", level="village", closed_on=date(2026, 11, 1), **HERE),
            ]  # fmt: skip
            db.add_all(stations)
            service = Service(name="优待证申领", words=[], bring="", entry=None, minutes=20, capacity=1)
            db.add(service)
            await db.flush()
            db.add(Village(township_id=towns["石桥镇"].id, name="青龙村", station_id=stations[2].id))
            db.add(StationService(station_id=stations[1].id, service_id=service.id))
            return {station.name[:2]: station.id for station in stations}

    return build


async def sends_place(visitor: Visitor, **place: float) -> Said:
    return await visitor.send("event", "location", place=place or HERE)


async def test_a_sent_place_shows_the_nearest_with_hours_and_telephone(visitor: Visitor, county: Build) -> None:
    await county()
    said = await sends_place(visitor)
    assert said.text.split("\n\n")[1:3] == [
        "南街街道退役军人服务站（约 1.0 公里）\n今天（周六）开门：9:00-11:00\n电话：0573-88001111",
        "石桥镇退役军人服务站（约 25 公里）\n今天（周六）不开门\n电话：0573-88002222",
    ]
    assert list(said.menu.values())[:2] == [
        "南街街道退役军人服务站（约 1.0 公里）",
        "石桥镇退役军人服务站（约 25 公里）",
    ]
    assert "北塘" not in said.text
    assert max(map(len, said.text.split("\n"))) <= 60
    said = await visitor.says("1")
    for fact in ("3星级", "地址：南街12号", "离您：约 1.0 公里", "能预约办：优待证申领"):
        assert fact in said.text
    assert list(said.menu.values()) == ["预约去办事", "看别的服务站", "找人工", "返回"]


async def test_from_a_station_to_its_booking_in_one_digit(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("南街服务站电话多少", "1")
    assert "优待证申领" in "".join(said.menu.values()) + said.text
    assert "南街街道退役军人服务站" in said.text


@pytest.mark.parametrize("words", ["离我最近的服务站", "最近的服务站在哪", "附近有没有服务站", "服务站"])
async def test_who_asks_for_the_nearest_is_asked_where_they_are(visitor: Visitor, county: Build, words: str) -> None:
    await county()
    said = await visitor.says(words)
    assert said.text.startswith("请发一下您现在的位置")
    assert list(said.menu.values()) == ["看全部服务站", "找人工", "返回"]
    said = await visitor.says("青龙村")
    assert said.text.startswith("石桥镇退役军人服务站\n")
    await sends_place(visitor)
    assert "约 1.0 公里" in (await visitor.says(words)).text


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("南街服务站在哪", "南街街道退役军人服务站"),
        ("去石桥镇服务站怎么走", "石桥镇退役军人服务站"),
        ("县服务中心几点上班", "示例县退役军人服务中心"),
        ("青龙村的服务站电话", "石桥镇退役军人服务站"),
        ("南节服务站开门吗", "南街街道退役军人服务站"),
        ("南街几点开门", "南街街道退役军人服务站"),
    ],
)
async def test_a_station_by_its_name_its_village_or_its_sound(
    visitor: Visitor, county: Build, words: str, name: str
) -> None:
    await county()
    said = await visitor.says(words)
    assert said.text.split("\n")[0].startswith(name)
    assert said.result["journey"] == "stations"


async def test_whether_a_station_is_open_on_a_day(visitor: Visitor, county: Build) -> None:
    stations = await county()
    assert "今天（周六）开门：9:00-11:00" in (await visitor.says("南街服务站周六开门吗")).text
    assert "今天（周六）不开门\n下次开门：11月23日（周一）8:00-12:00 14:00-18:00" in (
        await visitor.says("石桥服务站今天开门吗")
    ).text.replace("） 8", "）8")
    said = await visitor.says("南街服务站明天上班吗")
    assert "明天（周日）不开门\n下次开门：11月23日（周一） 8:30-12:00 14:00-17:30" in said.text
    async with visitor.database.transaction() as db:
        db.add(StationClosure(station_id=stations["南街"], day=date(2026, 11, 23), reason="停电检修", at=START))
        db.add(CalendarDay(day=date(2026, 11, 30), working=False, note="全县停电"))
    assert "11月23日（周一）不开门：停电检修" in (await visitor.says("南街服务站下周一开门吗")).text
    assert "11月30日（周一）不开门：全县停电" in (await visitor.says("南街服务站11月30号开门吗")).text


async def test_a_year_beyond_the_calendar_is_said_to_be_unsure(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("南街服务站2027年3月1号开门吗")
    assert "放假安排还没有公布" in said.text


async def test_a_station_that_is_gone_is_said_to_be_gone(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("北塘村服务站在哪")
    assert said.text == "北塘村退役军人服务站已经不办事了，请看别的服务站。"
    said = await visitor.says("1")
    assert "北塘" not in "".join(said.menu.values())


async def test_without_a_name_the_stations_are_offered_for_the_day_asked(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("服务站下周一几点上班")
    assert next(iter(said.menu.values())) == "示例县退役军人服务中心"
    said = await visitor.says(said.digit("南街街道退役军人服务站"))
    assert "11月23日（周一）开门：8:30-12:00 14:00-17:30" in said.text


async def test_a_name_between_two_is_asked_back(visitor: Visitor, county: Build) -> None:
    await county()
    async with visitor.database.transaction() as db:
        db.add(Station(name="南街村退役军人服务站", level="village"))
    said = await visitor.says("南街服务站在哪")
    assert said.text.startswith("您说的是哪个服务站")
    assert list(said.menu.values())[:2] == ["南街街道退役军人服务站", "南街村退役军人服务站"]
    assert "南街村退役军人服务站" in (await visitor.says("南街村服务站在哪")).text.split("\n")[0]


async def test_a_place_that_is_not_known_leads_to_the_list(visitor: Visitor, county: Build) -> None:
    await county()
    await visitor.says("离我最近的服务站")
    said = await visitor.says("乌有村")
    assert said.text.startswith("没有找到这个地方的服务站")
    assert len(said.menu) == 4
    assert (await visitor.says("石桥镇")).text.startswith("石桥镇退役军人服务站")


async def test_a_question_is_answered_though_a_place_was_asked_for(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("离我最近的服务站", "优待证怎么办")
    assert said.result["journey"] == "faq"


async def test_a_question_that_only_mentions_a_place_is_answered(visitor: Visitor, county: Build) -> None:
    await county()
    said = await visitor.says("我是南街的，优待证丢了在哪里补办")
    assert said.result["journey"] == "faq"


async def test_a_name_that_every_station_has_names_none(visitor: Visitor, county: Build) -> None:
    await county()
    async with visitor.database.transaction() as db:
        db.add_all([Station(name="中心社区服务站", level="village"), Station(name="县服务中心", level="village")])
    assert (await visitor.says("退役军人服务中心在哪")).text.startswith("示例县退役军人服务中心")
    assert (await visitor.says("退役军人服务站在哪里")).text.startswith("您问的是哪个服务站")


async def test_a_bureau_without_stations_answers_as_before(visitor: Visitor) -> None:
    said = await visitor.says("最近的服务站在哪")
    assert said.result["journey"] != "stations"
    said = await sends_place(visitor)
    assert said.text.startswith("收到位置了，不过服务站的位置还没有登记")
    assert list(said.menu.values()) == ["返回"]


@pytest.mark.parametrize("place", [None, {"latitude": 91.0, "longitude": 0.0}])
async def test_a_location_without_a_place_gets_an_honest_answer(visitor: Visitor, county: Build, place: object) -> None:
    await county()
    said = await visitor.send("event", "location", place=place)
    assert said.text.startswith("收到")
    assert set(said.menu.values()) == {"找人工", "回首页"}


async def test_a_case_takes_the_place(visitor: Visitor, county: Build) -> None:
    await county()
    await visitor.says("转人工")
    said = await sends_place(visitor)
    assert "已放进求助单" in said.text


async def test_what_was_never_offered_is_answered_with_what_is(visitor: Visitor, county: Build) -> None:
    await county()
    for action in (
        "station:999999.0",
        "station:x",
        "station:1.99999999x",
        "station:1.99991231",
        "station:",
        "stations-list:x:y",
    ):
        said = await visitor.presses(action)
        assert said.text


async def test_a_place_sent_while_booking_puts_the_nearest_station_first(visitor: Visitor, county: Build) -> None:
    stations = await county()
    async with visitor.database.transaction() as db:
        service = (await db.scalars(select(Service))).one()
        db.add(StationService(station_id=stations["石桥"], service_id=service.id))
    said = await visitor.says("预约办优待证申领")
    assert list(said.menu.values())[:2] == ["南街街道退役军人服务站", "石桥镇退役军人服务站"]
    said = await sends_place(visitor, **BY_BRIDGE)
    assert list(said.menu.values())[:2] == ["石桥镇退役军人服务站（约 100 米）", "南街街道退役军人服务站（约 25 公里）"]
    said = await visitor.says("1")
    assert "优待证申领，到石桥镇退役军人服务站" in said.text
