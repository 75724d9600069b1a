"""Asking to be visited at home by digits: staff near them get the errand, what identifies is sealed, and nothing is asked twice."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.bookings import Service
from db.cases import CaseEvent, SupportCase
from db.engine import Database
from db.people import Address
from db.proxies import Proxy
from db.staff import Audit, Staff
from db.turns import Inbox, Outbox
from handlers import texts
from knowledge.index import Snapshot
from services import home_visits
from services.home_visits import Host
from services.scope import visible_cases
from tests.fakes.clock import START, SettableClock
from tests.fakes.county import County
from tests.fakes.sealed import VAULT
from tests.journeys.world import Said, Shelf, Visitor

SERVICES = ("优待证申领", "生存认证", "政策咨询")


@pytest.fixture(params=["web", "telegram"])
def writer(request: pytest.FixtureRequest, database: Database, clock: SettableClock) -> Visitor:
    """Give somebody on either channel."""
    return Visitor(database, channel=request.param, clock=clock)


async def opened(database: Database, clock: SettableClock) -> County:
    """Build a county with a few services."""
    county = County(database, clock)
    await county.build()
    async with database.transaction() as db:
        db.add_all(Service(name=name, words=[], bring="", minutes=20, capacity=2) for name in SERVICES)
    return county


async def known(visitor: Visitor, county: County, name: str = "王建国", **values: Any) -> int:
    """Bind the visitor's account to somebody on file."""
    async with visitor.database.transaction() as db:
        person = await county.person(db, name, None, phone=VAULT.encrypt("13812345678"), **values)
        db.add(Address(person_id=person.id, channel=visitor.channel, external_id=visitor.name, created_at=START))
    return person.id


async def one_case(database: Database) -> tuple[SupportCase, Host]:
    async with database.snapshot() as db:
        (case,) = await db.scalars(select(SupportCase))
        (host,) = await home_visits.of_case(db, VAULT, case.id)
    return case, host


async def asks_for_mother(visitor: Visitor) -> Said:
    """Ask up to the last look, for a mother who is not on file."""
    who = await visitor.says("请你们上门")
    contact = await visitor.says(who.digit("家里别的人"), "李秀英，13987654321")
    assert "李**" in contact.text
    await visitor.says("3", "1", "东风村三组李家老屋 12 号")
    return await visitor.says("2")


async def test_a_handful_of_digits_for_somebody_on_file(writer: Visitor) -> None:
    county = await opened(writer.database, writer.clock)
    await known(writer, county)
    said = await writer.says("上门", "1", "1", "2")
    assert "城关镇东风村" in said.text
    said = await writer.says("1", "1")
    assert said.menu["1"] == "确认，请上门"
    facts = ("给您上门办：生存认证", "原因：残疾", "姓名：王**", "电话：138****5678", "时间：11月23日（周一）上午")
    for fact in facts:
        assert fact in said.text
    said = await writer.says("1")
    case, host = await one_case(writer.database)
    assert (case.kind, case.station_id, case.code in said.text) == ("errand", county.station_id, True)
    assert host == Host("王建国", "13812345678", "城关镇东风村")
    assert case.question.startswith("申请上门：生存认证。本人，残疾。\n11月23日（周一）上午。")
    assert "城关镇服务站" in said.text


async def test_the_grid_worker_sees_it(visitor: Visitor, clock: SettableClock) -> None:
    county = await opened(visitor.database, clock)
    await asks_for_mother(visitor)
    await visitor.says("1")
    async with visitor.database.snapshot() as db:
        worker = await db.get_one(Staff, county.worker)
        (case,) = await db.scalars(select(SupportCase).where(visible_cases(worker)))
        assert (await home_visits.of_case(db, VAULT, case.id))[0].place == "东风村三组李家老屋 12 号"


async def test_nothing_that_identifies_is_kept_in_the_open(writer: Visitor) -> None:
    await opened(writer.database, writer.clock)
    said = await asks_for_mother(writer)
    assert "东风村三组李***" in said.text
    await writer.says("1")
    case, host = await one_case(writer.database)
    assert host == Host("李秀英", "13987654321", "东风村三组李家老屋 12 号")
    async with writer.database.snapshot() as db:
        kept = [case.question, *await db.scalars(select(Inbox.text))]
        kept += [str(payload) for payload in await db.scalars(select(Outbox.payload))]
        kept += [str(detail) for detail in await db.scalars(select(CaseEvent.detail))]
        kept += [str(detail) for detail in await db.scalars(select(Audit.detail))]
    for secret in ("秀英", "13987654321", "老屋"):
        assert not any(secret in text for text in kept)


async def test_two_taps_ask_once(writer: Visitor) -> None:
    await opened(writer.database, writer.clock)
    yes = (await asks_for_mother(writer)).actions["确认，请上门"]
    first, second = await writer.presses(yes), await writer.presses(yes)
    assert first.text == second.text
    case, _ = await one_case(writer.database)
    async with writer.database.snapshot() as db:
        assert len(list(await db.scalars(select(CaseEvent).where(CaseEvent.kind == "home_visit")))) == 1
    assert case.code in second.text


@pytest.mark.parametrize(("digit", "reason"), [("1", "残疾"), ("4", "别的原因")])
async def test_everybody_is_told_that_staff_decide(
    visitor: Visitor, clock: SettableClock, digit: str, reason: str
) -> None:
    county = await opened(visitor.database, clock)
    await known(visitor, county)
    said = await visitor.says("上门", "1", digit, "1", "1", "1", "1")
    assert "能不能上门，工作人员看了再定，会给您回话。" in said.text
    assert "费用" not in said.text
    case, _ = await one_case(visitor.database)
    assert reason in case.question


@pytest.mark.parametrize(
    ("columns", "reason"), [({"birth_year": 1940}, "80岁以上"), ({"categories": ["伤残军人"]}, "残疾")]
)
async def test_what_is_on_file_is_not_asked_for(
    visitor: Visitor, clock: SettableClock, columns: dict[str, Any], reason: str
) -> None:
    county = await opened(visitor.database, clock)
    await known(visitor, county, **columns)
    said = await visitor.says("上门", "1", "1", "1", "1")
    assert f"原因：{reason}" in said.text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("请你们上门来一趟", None),
        ("老父亲瘫在床上，能派人来吗", "卧床或住院"),
        ("老父亲瘫在床上，能派人上家里来吗", "卧床或住院"),
        ("我妈九十了下不来楼，约个上门", "80岁以上"),
        ("我住院呢，能到医院来办不", "卧床或住院"),
        ("请你们来一趟", None),
        ("我来不了，给我派个人来，约明天", None),
        ("请你们到我家来办，约周三", None),
        ("我父亲瘫在床上，能请你们上门来办生存认证吗", "卧床或住院"),
    ],
)
async def test_words_say_it_too(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, words: str, reason: str
) -> None:
    await opened(visitor.database, clock)
    visitor.shelf = Shelf(snapshot)
    said = await visitor.says(words)
    assert said.text.startswith("请工作人员上门")
    said = await visitor.says(said.digit("家里别的人"), "李秀英 13987654321")
    assert said.text.startswith("上门办什么事" if reason else "李**不方便出门")


@pytest.mark.parametrize(
    "words",
    [
        "我住院了，取消预约",
        "我想来一趟，预约办优待证",
        "预约到医院体检",
        "约好了要住院，改到下周",
        "我从乡下来一趟不容易",
        "你们让我来一趟，约什么时间",
        "我自己上门办理，预约明天",
        "我派人来办可以吗，约一个时间",
        "我大老远到家了，明天去预约",
        "老父亲瘫在床上，我来替他预约",
        "出不了门，能上门办优待证吗",
        "医生让住院，那天的安排先作废",
    ],
)
async def test_other_words_are_not_taken_for_it(visitor: Visitor, snapshot: Snapshot, words: str) -> None:
    await opened(visitor.database, visitor.clock)
    visitor.shelf = Shelf(snapshot)
    said = await visitor.says(words)
    assert not said.text.startswith("请工作人员上门")


async def test_a_daughter_asks_for_her_father_and_it_is_audited(visitor: Visitor, clock: SettableClock) -> None:
    county = await opened(visitor.database, clock)
    await visitor.says("你好")
    async with visitor.database.transaction() as db:
        father = await county.person(db, "王建国", None, phone=VAULT.encrypt("13812345678"))
        own = (await db.scalars(select(Address).where(Address.external_id == visitor.name))).one()
        proxy = Proxy(
            person_id=father.id, address_id=own.id, relation="女儿", scopes=["book"], status="active",
            ends_on=date(2028, 1, 1), created_at=START,
        )  # fmt: skip
        db.add(proxy)
    said = await visitor.says("上门")
    assert list(said.menu.values())[:3] == ["我自己", "王同志", "家里别的人"]
    said = await visitor.says("2", "3", "1", "1", "1")
    assert "给王同志上门办：优待证申领" in said.text
    async with visitor.database.transaction() as db:
        (await db.get_one(Proxy, proxy.id)).status = "ended"
    refused = await visitor.says("1")
    assert refused.text.startswith(texts.STALE)
    async with visitor.database.transaction() as db:
        (await db.get_one(Proxy, proxy.id)).status = "active"
    await visitor.says("上门", "2", "3", "1", "1", "1", "1")
    case, host = await one_case(visitor.database)
    assert case.question.startswith("申请上门：优待证申领。女儿 代 王某，")
    assert host.name == "王建国"
    async with visitor.database.snapshot() as db:
        (line,) = await db.scalars(select(Audit).where(Audit.action == "proxy_acted"))
    assert line.detail == {"what": "上门", "who": "女儿 代 王某"}


async def test_back_goes_one_step_back(visitor: Visitor, clock: SettableClock) -> None:
    county = await opened(visitor.database, clock)
    await known(visitor, county)
    said = await visitor.says("上门", "1", "3")
    assert said.text.startswith("上门办什么事")
    said = await visitor.says("9")
    assert said.text.startswith("您不方便出门")
    said = await visitor.says("1", "2", "1", "9")
    assert said.text.startswith("登记的地方是城关镇东风村")


async def test_bad_answers_are_asked_again_and_kept_nowhere(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor.database, clock)
    said = await visitor.says("上门", "2", "13987")
    assert said.text.startswith("没有看明白")
    said = await visitor.says("13987654321")
    assert said.text.startswith("电话记下了")
    said = await visitor.says("李秀英 13987654321", "7")
    assert said.text.startswith(texts.NO_SUCH.format(number=7))
    said = await visitor.says("1", "1", "村")
    assert said.text.startswith("请把地址写清楚")
    said = await visitor.says("东风村 3 组", "8")
    assert said.text.startswith(texts.NO_SUCH.format(number=8))
    said = await visitor.says("1")
    assert "确认，请上门" in said.menu.values()


async def test_a_day_that_is_over_is_asked_for_again(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor.database, clock)
    await asks_for_mother(visitor)
    clock.advance(3 * 86400)
    said = await visitor.says("1")
    assert said.text.startswith("原来选的日子不能上门了")
    said = await visitor.says("1", "1")
    assert "求助单号" in said.text


async def test_old_buttons_change_nothing(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor.database, clock)
    for action in (
        "home-why:1",
        "home-who:0",
        "home-day:20261123.am",
        "home-send",
        "home-step:who",
        "home-here",
        "home-service:1",
    ):
        said = await visitor.presses(action)
        assert said.text.startswith(texts.STALE)
    said = await visitor.says("上门")
    for action in ("home-why:77", "home-day:20250101.am", "home-day:nonsense", "home-step:nothing", "home-send"):
        again = await visitor.presses(action)
        assert again.text == said.text
    for action in ("home-who:999", "home-who:-1", "home-who:x"):
        assert (await visitor.presses(action)).text.startswith(texts.STALE)


async def at_the_address(visitor: Visitor, clock: SettableClock) -> Said:
    """Ask up to the question where to come, for a mother who is not on file."""
    await opened(visitor.database, clock)
    return await visitor.says("上门", "2", "李秀英 13987654321", "3", "1")


async def everything_kept(database: Database) -> list[str]:
    async with database.snapshot() as db:
        kept = [*await db.scalars(select(Inbox.text)), *await db.scalars(select(SupportCase.question))]
        kept += [str(payload) for payload in await db.scalars(select(Outbox.payload))]
        return kept + [str(detail) for detail in await db.scalars(select(CaseEvent.detail))]


@pytest.mark.parametrize("words", ["几点上班", "我的预约", "优待证怎么办", "我要找工作"])
async def test_words_of_another_matter_are_no_address_and_are_answered(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, words: str
) -> None:
    visitor.shelf = Shelf(snapshot)
    await at_the_address(visitor, clock)
    said = await visitor.says(words)
    assert not said.text.startswith(("哪天在家方便", "请把地址写清楚"))
    assert said.result["journey"] != "none"
    back = await visitor.says("返回")
    assert back.text.startswith("到哪里上门")
    assert (await visitor.says("东风村三组 12 号")).text.startswith("哪天在家方便")


async def test_an_address_is_taken_also_right_after_a_question(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock
) -> None:
    visitor.shelf = Shelf(snapshot)
    await at_the_address(visitor, clock)
    said = await visitor.says("优待证怎么办", "东风村三组 12 号")
    assert said.text.startswith("哪天在家方便")


@pytest.mark.parametrize(
    "place",
    [
        "东风村 3 组 12 号", "县光荣院 2 号楼 305", "城关镇服务站对面", "人民医院住院部 6 楼 12 床", "幸福小区三栋二单元",
        "李家湾", "东门大桥边老王家", "东风村三组，到了打电话行吗", "建设路 8-2-301",
    ],
)  # fmt: skip
async def test_an_address_however_it_is_written_is_one(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, place: str
) -> None:
    visitor.shelf = Shelf(snapshot)
    await at_the_address(visitor, clock)
    said = await visitor.says(place)
    assert said.text.startswith("哪天在家方便")
    await visitor.says("1", "1")
    _, host = await one_case(visitor.database)
    assert host.place == place


async def test_what_looks_like_no_address_is_asked_for_once_more_and_then_taken_as_written(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock
) -> None:
    visitor.shelf = Shelf(snapshot)
    await at_the_address(visitor, clock)
    said = await visitor.says("上回来过的那个老地方")
    assert said.text.startswith("请把地址写清楚")
    said = await visitor.says("上回来过的那个老地方")
    assert said.text.startswith("哪天在家方便")
    said = await visitor.says("1")
    assert "地址：上回来过的***" in said.text
    await visitor.says("1")
    _, host = await one_case(visitor.database)
    assert host.place == "上回来过的那个老地方"
    assert not any("那个老地方" in kept for kept in await everything_kept(visitor.database))


async def test_danger_comes_before_an_address(visitor: Visitor, snapshot: Snapshot, clock: SettableClock) -> None:
    visitor.shelf = Shelf(snapshot)
    await at_the_address(visitor, clock)
    said = await visitor.says("我不想活了")
    assert said.result["journey"] == "crisis"


@pytest.mark.parametrize("steps", [("上门", "2"), ("上门", "2", "李秀英 13987654321"), ()])
async def test_cancelling_leaves_it_and_one_can_come_back(
    visitor: Visitor, clock: SettableClock, steps: tuple[str, ...]
) -> None:
    if steps:
        await opened(visitor.database, clock)
        asked = await visitor.says(*steps)
    else:
        asked = await at_the_address(visitor, clock)
    said = await visitor.says("取消")
    assert said.text.startswith("好的，先不申请上门")
    async with visitor.database.snapshot() as db:
        assert not list(await db.scalars(select(SupportCase)))
    assert (await visitor.says("1")).text == asked.text


@pytest.mark.parametrize("words", ["我的预约", "几点上班"])
async def test_words_of_another_matter_are_no_name(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, words: str
) -> None:
    await opened(visitor.database, clock)
    visitor.shelf = Shelf(snapshot)
    said = await visitor.says("上门", "2", words)
    assert not said.text.startswith("没有看明白")
    said = await visitor.says("返回", "李秀英 13987654321")
    assert said.text.startswith("李**不方便出门")


@pytest.mark.parametrize("place", ["东风村", "东风村三组", "五福里 8 号"])
async def test_a_short_address_is_not_shown_whole_either(visitor: Visitor, clock: SettableClock, place: str) -> None:
    await at_the_address(visitor, clock)
    said = await visitor.says(place, "1")
    assert f"地址：{place}" not in said.text
    assert "***" in said.text
    await visitor.says("1")
    kept = [text for text in await everything_kept(visitor.database) if "例" not in text and "比如" not in text]
    assert not any(place in text for text in kept)
    assert (await one_case(visitor.database))[1].place == place


@pytest.mark.parametrize(
    "words",
    [
        "我爸瘫在床上来不了，能上门办吗",
        "能不能到家里来办",
        "老人起不来床，请你们来家里办认证",
        "出不了门，能上门办优待证吗",
        "申请上门办事",
    ],
)
async def test_who_asks_about_our_coming_can_ask_us_to_come(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, words: str
) -> None:
    await opened(visitor.database, clock)
    visitor.shelf = Shelf(snapshot)
    said = await visitor.says(words)
    if not said.text.startswith("请工作人员上门"):
        assert said.digit("请人上门办") == "1"
        assert len(said.menu) <= 8
        said = await visitor.says("1")
    assert said.text.startswith("请工作人员上门")


@pytest.mark.parametrize("words", ["上门推销优待证的是骗子吗", "我自己上门办优待证可以吗"])
async def test_who_asks_of_other_comings_is_not_offered_it(
    visitor: Visitor, snapshot: Snapshot, clock: SettableClock, words: str
) -> None:
    await opened(visitor.database, clock)
    visitor.shelf = Shelf(snapshot)
    assert "请人上门办" not in (await visitor.says(words)).menu.values()


async def test_who_cannot_write_an_address_is_rung_up(writer: Visitor) -> None:
    asked = await at_the_address(writer, writer.clock)
    assert asked.menu["1"] == "让工作人员打电话问我"
    said = await writer.says("1")
    assert "没有填的，工作人员打电话问您。" in said.text
    case, host = await one_case(writer.database)
    assert host == Host("李秀英", "13987654321", "")
    assert case.question.startswith("申请上门：优待证申领。家人李某，卧床或住院。")
    assert case.code in said.text


async def test_a_number_alone_is_enough_to_be_rung_up(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor.database, clock)
    said = await visitor.says("上门", "1", "13987654321")
    assert said.text.startswith("电话记下了")
    assert said.menu["1"] == "让工作人员打电话问我"
    said = await visitor.says("1")
    case, host = await one_case(visitor.database)
    assert host == Host("", "13987654321", "")
    assert case.code in said.text
    assert not any("13987654321" in kept for kept in await everything_kept(visitor.database))


async def test_who_gives_nothing_is_asked_in_the_chat(visitor: Visitor, clock: SettableClock) -> None:
    await opened(visitor.database, clock)
    said = await visitor.says("上门", "1", "1")
    assert "我们还没有您的电话" in said.text
    case, host = await one_case(visitor.database)
    assert host == Host("", "", "")
    assert "请在聊天里问" in case.question


async def test_two_taps_on_being_rung_up_ask_once(writer: Visitor) -> None:
    yes = (await at_the_address(writer, writer.clock)).actions["让工作人员打电话问我"]
    first, second = await writer.presses(yes), await writer.presses(yes)
    assert first.text == second.text
    await one_case(writer.database)
