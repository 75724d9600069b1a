"""Family acts for an elder: by consent in the chat or at the counter, within its scope, until its day, and no longer."""

import re
from datetime import date, timedelta

import pytest

from core.errors import Refusal
from db.engine import Database
from db.people import Person
from handlers import account_notices, proxies, proxy_code
from services import deaths
from services import proxies as service
from services.proxies import Consent
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.family import Family
from tests.journeys.world import Visitor


@pytest.fixture
async def family(database: Database, clock: SettableClock) -> Family:
    made = Family(database, clock)
    await made.build()
    return made


async def _code(elder: Visitor, scope: str = "2") -> str:
    """Let an elder take a code, by digits."""
    said = await elder.says("亲属代办", "1", scope)
    found = re.search(r"(\d{6})", said.text)
    assert found, said.text
    return found[1]


async def test_consent_in_the_chat_from_code_to_acting(family: Family) -> None:
    elder_row, elder = await family.at_home()
    daughter = family.visitor("daughter")
    code = await _code(elder)
    said = await daughter.says(f"代办 {code}")
    assert said.menu == dict(zip("123456", service.RELATIONS, strict=True))
    assert [row.status for row in await family.proxies()] == ["offered"]
    assert "您现在可以替王同志办事" in (await daughter.says("1")).text
    (row,) = await family.proxies()
    assert (row.person_id, row.relation, row.scopes) == (elder_row.id, "女儿", ["remind", "book"])
    assert row.ends_on == date(2027, 11, 21)
    assert "您的女儿从现在起可以替您办事" in (await family.notices_to(elder))[0]
    assert (await family.visitor("thief").says(f"代办 {code}")).text == proxy_code.WRONG
    assert code not in " ".join(await family.heard())
    assert "女儿，到2027年11月21日" in (await elder.says("亲属代办")).text


@pytest.mark.parametrize("who", ["elder", "daughter"])
async def test_either_side_ends_it_with_a_word_and_the_other_is_told(family: Family, who: str) -> None:
    person, elder = await family.at_home()
    daughter = await family.relative(person)
    speaker, other = (elder, daughter) if who == "elder" else (daughter, elder)
    assert (await speaker.says("停止代办")).text == proxies.STOPPED
    assert (await speaker.says("停止代办")).text == proxies.NO_PROXY
    assert [row.status for row in await family.proxies()] == ["ended"]
    assert (len(await family.notices_to(other)), await family.notices_to(speaker)) == (1, [])


async def test_of_several_the_right_one_is_stopped_and_never_a_strangers(family: Family) -> None:
    person, elder = await family.at_home()
    await family.relative(person, "女儿")
    son = await family.relative(person, "儿子")
    _, stranger = await family.at_home("赵六")
    daughters, sons = await family.proxies()
    said = await elder.says("停止代办")
    assert said.menu == {"1": "不让女儿替我办", "2": "不让儿子替我办", "9": "返回"}
    await elder.says("2")
    assert (await stranger.presses(f"proxy-stop:{daughters.id}")).text == proxies.NO_PROXY
    assert (await son.presses(f"proxy-stop:{daughters.id}")).text == proxies.NO_PROXY
    assert [(row.id, row.status) for row in await family.proxies()] == [(daughters.id, "active"), (sons.id, "ended")]


async def test_a_code_lapses_after_a_day_and_a_new_one_replaces_it(family: Family) -> None:
    _, elder = await family.at_home()
    old, code = await _code(elder), await _code(elder)
    relative = family.visitor("son")
    assert (await relative.says(f"代办 {old}")).text == proxy_code.WRONG
    family.clock.advance(timedelta(hours=24).total_seconds())
    assert (await relative.says(f"代办 {code}")).text == proxy_code.WRONG
    assert "先停一停" in (await relative.says(*[f"代办 {code}"] * 4)).text
    assert "先停一停" in (await relative.says("绑定 AAAACCCC")).text  # one count for both kinds of code


async def test_not_for_oneself_and_not_without_an_account(family: Family) -> None:
    _, elder = await family.at_home()
    assert (await elder.says(f"代办 {await _code(elder)}")).text == service.OWN_CODE
    stranger = family.visitor("stranger")
    assert proxies.NEEDS_BINDING in (await stranger.says("亲属代办")).text
    assert "000000" not in (await stranger.presses("proxy-scope:2")).text
    assert [row.person_id for row in await family.proxies() if row.status == "active"] == []


async def test_the_counter_knows_relation_and_day(family: Family) -> None:
    person = await family.on_file()
    consent = Consent(["remind"], date(2027, 1, 31), "儿子", "王小明", family.county.lead)
    async with family.database.transaction() as db:
        code = await service.offer(db, VAULT, person.id, consent, family.clock())
        for wrong in (
            Consent([], date(2027, 1, 31)), Consent(["remind"], date(2026, 11, 21)), Consent(["pay"], date(2027, 1, 31)),
            Consent(["remind"], date(2035, 1, 1)), Consent(["remind"], date(2027, 1, 31), "邻居"),
        ):  # fmt: skip
            with pytest.raises(Refusal):
                await service.offer(db, VAULT, person.id, wrong, family.clock())
    said = await family.visitor("son").says(
        "代办" + code.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    )
    assert "到2027年1月31日为止" in said.text
    (row,) = await family.proxies()
    assert (row.status, row.consent_by, VAULT.decrypt(row.name or "")) == ("active", family.county.lead, "王小明")


async def test_the_last_day_counts_and_after_it_both_are_told_once(family: Family) -> None:
    person, elder = await family.at_home()
    son = await family.relative(person, "儿子", ends_on=date(2026, 11, 30))

    async def day(number: int) -> int:
        family.clock.moment = family.clock.moment.replace(day=number)
        async with family.database.transaction() as db:
            return (await account_notices.end_run_out(db, VAULT, family.clock())).done

    assert [await day(number) for number in (29, 30)] == [0, 0]
    family.clock.advance(timedelta(days=1).total_seconds())
    async with family.database.transaction() as db:
        assert (await account_notices.end_run_out(db, VAULT, family.clock())).done == 1
        assert (await account_notices.end_run_out(db, VAULT, family.clock())).done == 0
    assert "儿子替您代办已经停了" in (await family.notices_to(elder))[0]
    assert "您替王同志代办已经停了" in (await family.notices_to(son))[0]


async def test_one_chat_for_several_elders_switches_by_digit(family: Family) -> None:
    father, _ = await family.at_home("王建国")
    mother = await family.on_file("李秀兰")
    daughter = await family.relative(father)
    async with family.database.transaction() as db:
        account = (await family.proxies())[0].address_id
        consent = Consent(["remind"], date(2027, 6, 1), "女儿", "", family.county.lead)
        code = await service.offer(db, VAULT, mother.id, consent, family.clock())
    assert account is not None
    assert "您现在可以替李同志办事" in (await daughter.says(f"代办 {code}")).text
    said = await daughter.says("换人")
    assert said.menu == {"1": "王同志", "2": "李同志", "9": "返回"}
    assert "现在办的是王同志的事" in (await daughter.says("1")).text
    assert "只办自己的事" in (await family.visitor("nobody").says("切换")).text


async def test_the_dead_have_no_proxies_but_the_proxys_account_lives(family: Family) -> None:
    person, elder = await family.at_home()
    son = await family.relative(person, "儿子")
    code = await _code(elder)
    async with family.database.transaction() as db:
        await deaths.report(db, VAULT, person.id, family.clock())
        assert await service.for_reminders(db, [person.id], date(2026, 11, 22)) == {}
    assert (await family.visitor("x").says(f"代办 {code}")).text == proxy_code.WRONG
    assert (await son.says("优待证怎么办")).result["journey"] == "faq"
    async with family.database.transaction() as db:
        row = await db.get_one(Person, person.id, with_for_update=True)
        await deaths.undo(db, row, family.clock())
        assert list(await service.for_reminders(db, [person.id], date(2026, 11, 22))) == [person.id]


async def test_who_had_not_said_yet_what_they_are_does_not_begin_by_an_undone_death(family: Family) -> None:
    person, elder = await family.at_home()
    await family.visitor("son").says(f"代办 {await _code(elder)}")
    async with family.database.transaction() as db:
        await deaths.report(db, VAULT, person.id, family.clock())
    async with family.database.transaction() as db:
        await deaths.undo(db, await db.get_one(Person, person.id, with_for_update=True), family.clock())
    assert [row.status for row in await family.proxies()] == ["ended"]


async def test_only_what_is_done_for_the_family_is_offered(family: Family) -> None:
    _, elder = await family.at_home()
    said = await elder.says("亲属代办", "1")
    assert list(said.menu.values()) == ["只替我收提醒", "替我收提醒、预约", "返回"]
    assert "代办 " not in (await elder.presses("proxy-scope:3")).text
