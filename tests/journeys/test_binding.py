"""An account is bound with a code or by staff; guessing is slow, and nothing tells who is on file."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.errors import Refusal
from db.engine import Database
from db.proxies import BindingRequest
from db.staff import Staff
from handlers import account_notices, binding, binding_request
from services import binding_requests, bindings, guesses
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.family import Family


@pytest.fixture
async def family(database: Database, clock: SettableClock) -> Family:
    made = Family(database, clock)
    await made.build()
    return made


@pytest.mark.parametrize("shape", ["绑定{0}", "绑定 {1}", "绑定:{2}", "绑定 {3}。"])
async def test_a_code_binds_however_it_is_typed(family: Family, shape: str) -> None:
    person = await family.on_file()
    code = await family.code(person)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    spoken = code.translate(str.maketrans("346789", "三四六七八九"))
    visitor = family.visitor("tg1")
    said = await visitor.says(shape.format(code, bindings.shown(code).lower(), wide, spoken))
    assert "绑定好了，王同志" in said.text
    assert await family.person_of(visitor) == person.id
    assert code not in json.dumps(await family.heard(), ensure_ascii=False).upper()


async def test_by_digits_then_the_code_alone(family: Family) -> None:
    person = await family.on_file()
    code = await family.code(person)
    visitor = family.visitor("tg1")
    said = await visitor.says("绑定")
    assert said.menu == {"1": "我有绑定码", "2": "我没有绑定码", "9": "返回"}
    await visitor.says("1")
    assert binding.NOT_EIGHT in (await visitor.says("ACD234")).text
    assert "绑定好了" in (await visitor.says(bindings.shown(code))).text
    assert "已经绑定了" in (await visitor.says("绑定")).text


async def test_a_code_works_once_and_for_thirty_days_and_the_newest_only(family: Family) -> None:
    person, other = await family.on_file(), await family.on_file("李二", "0001")
    old = await family.code(person)
    code = await family.code(person)
    first, second = family.visitor("tg1"), family.visitor("tg2")
    wrong = (await first.says(f"绑定 {old}")).text
    assert wrong == binding.WRONG
    assert "绑定好了" in (await first.says(f"绑定 {code}")).text
    assert (await second.says(f"绑定 {code}")).text == binding.WRONG
    late = await family.code(other)
    family.clock.advance(timedelta(days=30).total_seconds())
    assert (await second.says(f"绑定 {late}")).text == binding.WRONG
    assert await family.person_of(second) is None
    async with family.database.snapshot() as db:
        stored = str((await db.execute(text("SELECT * FROM binding_code"))).all())
    assert [one for one in (old, code, late) if one in stored] == []


async def test_guessing_is_locked_for_longer_and_longer(family: Family) -> None:
    code = await family.code(await family.on_file())
    visitor = family.visitor("tg1")
    for hours in (1, 2, 4):
        for _ in range(guesses.PER_ROUND):
            assert (await visitor.says("绑定 AAAACCCC")).text == binding.WRONG
        assert "先停一停" in (await visitor.says(f"绑定 {code}")).text
        family.clock.advance(hours * 3600 - 1)
        assert "先停一停" in (await visitor.says(f"绑定 {code}")).text
        family.clock.advance(1)
    assert "绑定好了" in (await visitor.says(f"绑定 {code}")).text


async def test_many_accounts_guessing_brake_the_whole_bureau(family: Family) -> None:
    code = await family.code(await family.on_file())
    for number in range(guesses.PER_HOUR // 3):
        guesser = family.visitor(f"guesser{number}")
        await guesser.says(*["绑定 AAAACCCC"] * 3)
    newcomer = family.visitor("newcomer")
    assert "先停一停" in (await newcomer.says(f"绑定 {code}")).text
    family.clock.advance(3601)
    assert "绑定好了" in (await newcomer.says(f"绑定 {code}")).text


async def _ask(family: Family, account: str, name: str, tail: str) -> str:
    visitor = family.visitor(account)
    await visitor.says("绑定", "2", name)
    said = await visitor.says(tail)
    assert said.menu["1"] == "城关镇服务站"
    return (await visitor.says("1")).text


async def test_without_a_code_staff_compare_and_the_person_is_told(family: Family) -> None:
    person = await family.on_file()
    visitor = family.visitor("tg1")
    on_file = await _ask(family, "tg1", "姓名：王建国", "最后四位是一二三X")
    unknown = await _ask(family, "tg2", "赵不在", "9999")
    assert on_file == unknown == binding_request.ASKED
    heard = json.dumps(await family.heard(), ensure_ascii=False)
    assert [part for part in ("建国", "123X", "三X", "不在", "9999") if part in heard] == []
    async with family.database.transaction() as db:
        raw = str((await db.execute(text("SELECT * FROM binding_request"))).all()) + str(
            (await db.execute(text("SELECT data FROM conversation"))).all()
        )
        assert [part for part in ("建国", "123X", "9999") if part in raw] == []
        lead = await db.get_one(Staff, family.county.lead)
        first, second = await binding_requests.waiting(db, VAULT, lead)
        assert [card.id for card in first.same] == [person.id]
        assert (first.name, first.station, [*second.same, *second.unproven]) == ("王**", "城关镇服务站", [])
        with pytest.raises(Refusal):
            await binding_requests.accept(db, lead, second.request.id, person.id, family.clock())
    async with family.database.transaction() as db:
        for one, yes in ((first, True), (second, False)):
            if yes:
                request = await binding_requests.accept(db, lead, one.request.id, person.id, family.clock())
            else:
                request = await binding_requests.refuse(db, lead, one.request.id, family.clock())
            await account_notices.tell_decided(db, VAULT, request, family.clock())
    assert await family.person_of(visitor) == person.id
    assert "核对好了，王同志" in (await family.notices_to(visitor))[0]
    assert await family.notices_to(family.visitor("tg2")) == [account_notices.NOT_BOUND]
    async with family.database.transaction() as db:
        with pytest.raises(Refusal, match="已经有人处理过"):
            await binding_requests.accept(db, lead, first.request.id, person.id, family.clock())


async def test_a_record_without_an_id_number_is_shown_as_unproven(family: Family) -> None:
    person = await family.on_file(tail=None)
    await _ask(family, "tg1", "王建国", "1234")
    async with family.database.snapshot() as db:
        found = (await binding_requests.waiting(db, VAULT, await db.get_one(Staff, family.county.lead)))[0]
    assert ([card.id for card in found.unproven], found.same) == ([person.id], [])


async def test_asking_again_replaces_and_is_limited(family: Family) -> None:
    for tail in ("1111", "2222", "3333"):
        assert await _ask(family, "tg1", "王建国", tail) == binding_request.ASKED
    assert "今天已经申请过几次" in await _ask(family, "tg1", "王建国", "4444")
    async with family.database.snapshot() as db:
        rows = await db.scalars(select(BindingRequest.status).order_by(BindingRequest.id))
        assert list(rows) == ["refused", "refused", "waiting"]


async def test_a_question_in_between_is_answered(family: Family) -> None:
    visitor = family.visitor("tg1")
    await visitor.says("绑定", "2")
    assert (await visitor.says("优待证怎么办")).result["journey"] == "faq"
    assert "只写姓名" in (await visitor.says("我就是想问一下这个到底有什么用呢")).text


async def test_the_dead_are_not_bound_and_old_accounts_hear_of_new_ones(family: Family) -> None:
    dead = await family.on_file(deceased_at=family.clock())
    assert (await family.visitor("tg1").says(f"绑定 {await family.code(dead)}")).text == binding.WRONG
    person, old = await family.at_home("李四")
    await family.visitor("tg2").says(f"绑定 {await family.code(person)}")
    assert await family.notices_to(old) == [account_notices.ALSO_BOUND]
