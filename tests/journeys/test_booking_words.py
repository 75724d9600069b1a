"""What words say of a visit, with the bureau's own services and stations at hand: what is certain, and what is to be asked."""

from collections.abc import Awaitable, Callable
from datetime import date, time

import pytest

from core.turn import Inbound
from db.bookings import Service
from db.engine import Database
from db.people import Address
from db.places import Station
from handlers.booking_wanted import wanted
from handlers.booking_words import Said, read
from handlers.turn import Turn
from knowledge.heard import Heard
from tests.fakes.clock import START
from tests.journeys.world import snapshot_of

SERVICES = {
    "优待证申领": ["办优待证", "申请优待证"], "优待证补领": ["补办优待证", "优待证丢了"], "生存认证": ["年审"],
    "政策咨询": ["咨询"], "退役报到": ["报到"],
}  # fmt: skip
STATIONS = ("南街街道退役军人服务站", "北街社区退役军人服务站", "石桥镇退役军人服务站", "旧站村退役军人服务站")

Ask = Callable[[str], Awaitable[tuple[Said, dict[int, str]]]]


@pytest.fixture
def ask(database: Database) -> Ask:
    """Give what reads words on a Saturday morning, and the names of what it found by id."""

    async def said(text: str) -> tuple[Said, dict[int, str]]:
        async with database.transaction() as db:
            services = [
                Service(name=name, words=words, bring="", entry=None, minutes=20, capacity=1)
                for name, words in SERVICES.items()
            ]
            stations = [Station(name=name, level="township") for name in STATIONS]
            stations[-1].closed_on = date(2026, 11, 1)
            address = Address(channel="web", external_id="laozhang", created_at=START)
            db.add_all([*services, *stations, address])
            await db.flush()
            turn: Turn = Turn(
                db, START, Inbound("web", "1", "laozhang", "text", text), Heard(snapshot_of(), text), address.id
            )
            names = {row.id: row.name for row in services} | {-row.id: row.name for row in stations}
            return await read(turn), names

    return said


@pytest.mark.parametrize(
    ("text", "service", "station", "day", "half", "hour"),
    [
        ("下周三上午想去办优待证", "优待证申领", None, date(2026, 11, 25), "am", None),
        ("明天下午两点半去南街服务站补办优待证", "优待证补领", "南街街道", date(2026, 11, 22), "pm", time(14, 30)),
        ("12月5号去石桥镇", None, "石桥镇", date(2026, 12, 5), None, None),
        ("约个年审", "生存认证", None, None, None, None),
        ("南节服务站", None, "南街街道", None, None, None),
        ("北街", None, "北街社区", None, None, None),
        ("我要报到，后天九点", "退役报到", None, date(2026, 11, 23), "am", time(9)),
        ("随便", None, None, None, None, None),
    ],
)
async def test_what_is_certain_is_taken(
    ask: Ask, text: str, service: str | None, station: str | None, day: date | None, half: str | None, hour: time | None
) -> None:
    said, names = await ask(text)
    assert (names[said.service_id] if said.service_id else None) == service
    assert (names[-said.station_id] if said.station_id else "").startswith(station or "")
    assert (said.station_id is None) == (station is None)
    assert (said.day, said.half, said.hour, said.problem) == (day, half, hour, None)
    assert (said.services, said.stations) == ((), ())


async def test_a_name_between_two_services_is_to_be_asked(ask: Ask) -> None:
    said, names = await ask("预约优待证")
    assert said.service_id is None
    assert [names[number] for number in said.services] == ["优待证申领", "优待证补领"]


async def test_a_name_between_two_stations_is_to_be_asked(ask: Ask) -> None:
    said, names = await ask("去南街或者北街都行")
    assert said.station_id is None
    assert [names[-number] for number in said.stations] == list(STATIONS[:2])


async def test_a_likely_station_is_only_asked_about(ask: Ask) -> None:
    said, names = await ask("石板镇服务站")
    assert said.station_id is None
    assert [names[-number] for number in said.stations] == [STATIONS[2]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("8月3号", "8月3日（周一）已经过了，请选后面的日子。"),
        ("13月5号", "“13月5号”，日历上没有这一天，请再看一下。"),
        ("腊月二十三", "“腊月二十三”是农历吧？请说公历几月几号，或者从下面选。"),
        ("月底", "“月底”是哪一天？请说清楚，或者从下面选。"),
        ("12月5号周五", "12月5日（周六），不是周五。请看一下日历，您要的是哪一天？"),
        ("去旧站村", "旧站村退役军人服务站已经不办事了，请换一个服务站。"),
    ],
)
async def test_what_was_wrong_is_said(ask: Ask, text: str, problem: str) -> None:
    said, _ = await ask(text)
    assert said.problem == problem
    assert (said.day, said.station_id) == (None, None)
    assert len(problem) <= 60


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我要去服务站", "book"), ("去服务站办事", "book"), ("我想到窗口办理业务", "book"), ("服务站在哪里", None),
        ("去服务站办事要带什么", None), ("我昨天去服务站办事", None), ("想去服务站上班", None), ("不改了", None),
    ],
)  # fmt: skip
async def test_whoever_says_they_want_to_come_wants_a_visit(database: Database, text: str, kind: str | None) -> None:
    async with database.transaction() as db:
        turn: Turn = Turn(db, START, Inbound("web", "1", "laozhang", "text", text), Heard(snapshot_of(), text), 1)
        assert wanted(turn) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("晚到岗", None), ("工资改到15号发", None), ("发放时间改到月底了吗", None), ("打工去不了了", None), ("换个医院行吗", None), ("我晚点再问", None),
        ("我约了战友吃饭", None), ("优待金的预约改到15号", "move"), ("领补助那个不去了", "drop"),
    ],
)  # fmt: skip
async def test_what_is_heard_as_a_visit_may_still_be_money_or_work(
    database: Database, text: str, kind: str | None
) -> None:
    async with database.transaction() as db:
        heard = Heard(snapshot_of(), text, "booking", "answer")
        assert wanted(Turn(db, START, Inbound("web", "1", "laozhang", "text", text), heard, 1)) == kind


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("给我妈约明天", "family"), ("帮老伴约一个", "family"), ("我爸要去办认证", "family"), ("给我自己约", "self"),
        ("我本人去", "self"), ("约明天", None), ("给我约一个", None),
    ],
)  # fmt: skip
async def test_for_whom_it_is(ask: Ask, text: str, whom: str | None) -> None:
    said, _ = await ask(text)
    assert said.whom == whom
