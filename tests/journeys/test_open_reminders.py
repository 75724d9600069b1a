"""What waits of a certification is said on asking and on binding, to the person and to family, without any notice."""

from datetime import UTC, date, datetime

import pytest

from db.campaigns import Certification
from db.engine import Database
from db.people import Person
from db.staff import Staff
from handlers import account_notices, done_already, mine, notice_list, open_reminders, texts
from services import binding_requests, proxies
from services.person_cards import id_tail_key
from services.proxies import Consent
from tests.fakes.clock import SettableClock
from tests.fakes.county import DEADLINE, OPENS, nine
from tests.fakes.sealed import VAULT
from tests.journeys.family import Family

CHOICES = list(texts.CERTIFICATION_CHOICES.values())
WORDS = (
    "我早就办过了", "办好了", "我爸已经办过认证了", "认证过了", "已办理。", "我们家老伴的生存认证昨天办完了",
    "我早就办过了，别再提醒了", "妈妈也认证了", "都弄好了",
)  # fmt: skip


@pytest.fixture
async def family(database: Database, clock: SettableClock) -> Family:
    """Give a county whose campaign runs, and in which nobody was reminded yet."""
    clock.moment = datetime(2027, 2, 1, 2, tzinfo=UTC)
    made = Family(database, clock)
    await made.build()
    await made.county.draft()
    return made


async def _opens(family: Family) -> None:
    await family.county.start()
    family.clock.moment = nine(OPENS)


async def _without_account(family: Family, name: str = "王建国") -> Person:
    async with family.database.transaction() as db:
        return await family.county.person(db, name, None, id_tail_key=id_tail_key(VAULT, "123X"))


async def _again(family: Family, title: str, people: list[Person]) -> None:
    """Start one more campaign of this year."""
    await family.county.draft(title=title)
    async with family.database.transaction() as db:
        db.add_all(Certification(campaign_id=family.county.campaign_id, person_id=one.id) for one in people)


async def test_what_waits_is_shown_though_no_notice_was_sent(family: Family) -> None:
    person, visitor = await family.at_home()
    daughter = await family.relative(person)
    assert (await visitor.says("提醒")).text == notice_list.NONE
    await _opens(family)
    for one, whom in ((visitor, "您"), (daughter, "王同志")):
        said = await one.says("我的提醒")
        assert said.text.startswith(f"{whom}今年的生存认证还没办，6月30日前办好就行。\n")
        assert ("0573-88001234" in said.text, list(said.menu.values())) == (True, CHOICES)
    await daughter.says("1")
    assert (await family.county.listed(person)).status == "claimed"
    for one in (visitor, daughter):
        assert (await one.says("提醒")).text == notice_list.NONE


async def test_several_are_listed_by_whom_and_by_campaign(family: Family) -> None:
    person, visitor = await family.at_home()
    mother = await _without_account(family, "李秀兰")
    await _opens(family)
    await _again(family, "2027年补充认证", [person])
    await _opens(family)
    async with family.database.transaction() as db:
        consent = Consent(["remind"], date(2027, 12, 1), "儿子", "", family.county.lead)
        code = await proxies.offer(db, VAULT, mother.id, consent, family.clock())
    await visitor.says(f"代办 {code}")
    said = await visitor.says("提醒")
    labels = ["您：2027年生存认证", "您：2027年补充认证", "李同志：2027年生存认证"]
    assert (said.text, list(said.menu.values())) == (notice_list.LIST.format(count=3), [*labels, "返回"])
    said = await visitor.says("2")
    assert said.text.startswith("您的“2027年补充认证”还没办，")
    assert list(said.menu.values()) == CHOICES


async def test_an_unbound_account_has_nothing_waiting(family: Family) -> None:
    _, visitor = await family.at_home()
    await family.remind()
    await visitor.says("不是我", "1", "1")
    assert (await visitor.says("提醒")).text == notice_list.NONE


async def test_after_the_deadline_nobody_is_frightened(family: Family) -> None:
    _, visitor = await family.at_home()
    await _opens(family)
    family.clock.moment = nine(DEADLINE.replace(month=7))
    assert "6月30日已经截止，现在办也行。" in (await visitor.says("提醒")).text


async def test_a_proxy_is_no_stranger(family: Family) -> None:
    person, _ = await family.at_home()
    daughter = await family.relative(person)
    asked = "到时候提醒我一声"
    said = await daughter.says(asked)
    assert mine.BIND_FIRST not in said.text
    assert mine.REMINDED in said.text
    await _opens(family)
    said = await daughter.says(asked)
    assert mine.WAITS.format(count=1) in said.text
    assert "王同志今年的生存认证还没办" in (await daughter.says(said.digit("我的提醒"))).text
    assert mine.BIND_FIRST in (await family.visitor("stranger").says(asked)).text


async def test_binding_says_at_once_what_waits(family: Family) -> None:
    person = await _without_account(family)
    await _opens(family)
    said = await family.visitor("tg1").says(f"绑定 {await family.code(person)}")
    assert ("绑定好了，王同志" in said.text, "您今年的生存认证还没办" in said.text) == (True, True)
    assert list(said.menu.values()) == CHOICES
    await family.visitor("tg1").says("1")
    assert (await family.county.listed(person)).status == "claimed"


async def test_binding_by_staff_says_it_too(family: Family) -> None:
    person = await _without_account(family)
    await _opens(family)
    visitor = family.visitor("tg1")
    await visitor.says("绑定", "2", "王建国", "123X", "1")
    async with family.database.transaction() as db:
        lead = await db.get_one(Staff, family.county.lead)
        (asked,) = await binding_requests.waiting(db, VAULT, lead)
        request = await binding_requests.accept(db, lead, asked.request.id, person.id, family.clock())
        await account_notices.tell_decided(db, VAULT, request, family.clock())
    (notice,) = await family.notices_to(visitor)
    assert "您今年的生存认证还没办" in notice
    family.clock.advance(60)
    await family.county.release()
    assert "记下了" in (await visitor.says("1")).text


@pytest.mark.parametrize(("scopes", "choices"), [(["remind", "book"], CHOICES), (["book"], ["回首页"])])
async def test_a_proxy_hears_of_it_on_beginning(family: Family, scopes: list[str], choices: list[str]) -> None:
    elder = await _without_account(family)
    await _opens(family)
    async with family.database.transaction() as db:
        consent = Consent(scopes, date(2027, 12, 1), "女儿", "", family.county.lead)
        code = await proxies.offer(db, VAULT, elder.id, consent, family.clock())
    said = await family.visitor("daughter").says(f"代办 {code}")
    assert "您现在可以替王同志办事" in said.text
    assert ("王同志今年的生存认证还没办" in said.text, list(said.menu.values())) == (choices == CHOICES, choices)


@pytest.mark.parametrize("words", WORDS)
async def test_done_in_words_is_asked_back_once(family: Family, words: str) -> None:
    person, _ = await family.at_home()
    daughter = await family.relative(person)
    await _opens(family)
    said = await daughter.says(words)
    assert said.text == "您是说王同志今年的生存认证办好了？"
    assert said.menu == {"1": "是的", "2": "还没有"}
    assert list((await daughter.says("2")).menu.values()) == CHOICES
    assert (await family.county.listed(person)).status == "open"
    await daughter.says(words, "1")
    assert (await family.county.listed(person)).status == "claimed"
    assert (await daughter.says(words)).result["journey"] != "reminder"


async def test_done_in_words_of_one_among_several(family: Family) -> None:
    father, visitor = await family.at_home()
    await _opens(family)
    assert (await visitor.says("我认证好了")).text.startswith("您是说您今年")
    assert (await visitor.says("我爸已经办过认证了")).text.startswith("您是说王同志今年")
    await _again(family, "2027年补充认证", [father])
    await _opens(family)
    await visitor.says("我认证好了")
    said = await visitor.says("办好了")
    assert (said.text, list(said.menu.values())) == (
        done_already.WHICH, ["您：2027年生存认证", "您：2027年补充认证", "都还没有"],
    )  # fmt: skip
    assert open_reminders.LIST_CHOICE.action == said.actions["都还没有"]


@pytest.mark.parametrize("words", ["优待证办好了", "认证办好了吗", "办好了？", "认证怎么办", "我要办认证", "没办过"])
async def test_questions_stay_questions(family: Family, words: str) -> None:
    _, visitor = await family.at_home()
    await _opens(family)
    assert "您是说" not in (await visitor.says(words)).text
