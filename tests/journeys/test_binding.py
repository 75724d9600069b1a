"""An account is bound with a code or by staff; guessing is slow, and nothing tells who is on file."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.errors import Refusal
from db.engine import Database
from db.proxies import BindingRequest
from db.staff import Staff
from db.turns import Inbox, InboxVersion, Outbox
from handlers import account_notices, binding, binding_request, proxy_code
from services import binding_requests, bindings, guesses, proxies
from services.amend import Amendment, amend
from services.proxies import Consent
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.family import Family


@pytest.fixture
async def family(database: Database, clock: SettableClock) -> Family:
    made = Family(database, clock)
    await made.build()
    return made


@pytest.mark.parametrize("shape", ["绑定{0}", "绑定 {1}", "绑定:{2}", "绑定 {3}。", "{1}"])
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


async def test_many_accounts_guessing_brake_the_short_codes_of_the_whole_bureau(family: Family) -> None:
    person, _ = await family.at_home()
    code = await family.code(await family.on_file("李四"))
    async with family.database.transaction() as db:
        consent = Consent(["remind"], proxies.in_a_year(family.clock()), "女儿")
        short = await proxies.offer(db, VAULT, person.id, consent, family.clock())
    for number in range(guesses.PER_HOUR // 3):
        guesser = family.visitor(f"guesser{number}")
        await guesser.says(*["绑定 AAAACCCC"] * 3)
    newcomer = family.visitor("newcomer")
    assert "先停一停" in (await newcomer.says(f"代办 {short}")).text
    assert "绑定好了" in (await newcomer.says(f"绑定 {code}")).text  # too long to be found by many together
    family.clock.advance(3601)
    assert "您现在可以替王同志办事" in (await newcomer.says(f"代办 {short}")).text


async def test_a_right_code_does_not_make_room_for_more_guesses(family: Family) -> None:
    visitor, code = family.visitor("tg1"), await family.code(await family.on_file())
    await visitor.says(*["绑定 AAAACCCC"] * (guesses.PER_ROUND - 1))
    assert "绑定好了" in (await visitor.says(f"绑定 {code}")).text
    assert (await visitor.says("代办 000000")).text == proxy_code.WRONG
    assert "先停一停" in (await visitor.says("代办 000000")).text


async def test_a_short_code_of_ones_own_does_not_either_however_long_one_waits(family: Family) -> None:
    person, _ = await family.at_home()
    guesser = family.visitor("guesser")
    for times in (2, 2):
        async with family.database.transaction() as db:
            consent = Consent(["remind"], proxies.in_a_year(family.clock()), "女儿")
            code = await proxies.offer(db, VAULT, person.id, consent, family.clock())
        await guesser.says(*["代办 " + ("000000" if code != "000000" else "000001")] * times)
        family.clock.advance(7200)
        assert "您现在可以替王同志办事" in (await guesser.says(f"代办 {code}")).text
    assert (await guesser.says("代办 000000")).text == proxy_code.WRONG
    assert "先停一停" in (await guesser.says("代办 000000")).text


@pytest.mark.parametrize(
    "steps",
    [
        ("绑定", "2", "王建国 330421195001011234"), ("绑定", "2", "330421195001011234"),
        ("绑定", "2", "王建国", "是330421195001011234号"), ("绑定", "1", "330421195001011234"),
    ],
)  # fmt: skip
async def test_what_was_not_understood_is_hidden_too(family: Family, steps: tuple[str, ...]) -> None:
    await family.visitor("tg1").says(*steps)
    heard = " ".join(await family.heard())
    assert [part for part in ("3304", "建国", "1234") if part in heard] == []


async def _edits(family: Family, old: str, new: str) -> list[str]:
    """Edit the message that the transcript keeps as `old`; return what it keeps then, of all versions."""
    async with family.database.transaction() as db:
        row = (await db.scalars(select(Inbox).where(Inbox.text == old))).one()
        row.message_id = "m5"
        await db.flush()
        await amend(db, Amendment("telegram", f"edit-{old}", "tg1", "m5", new), family.clock())
    async with family.database.snapshot() as db:
        posted = [row.payload.get("text", "") for row in await db.scalars(select(Outbox))]
        return [*await family.heard(), *await db.scalars(select(InboxVersion.text)), *posted]


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        (("绑定", "2", "王建国"), "王**"), (("绑定", "2", "王建国", "1234"), "****"), (("绑定", "2", "王建国好"), "王**"),
        (("绑定 AAAACCCC",), "绑定 ********"), (("代办 123456",), "代办 ******"), (("绑定",), "绑定"),
    ],
)  # fmt: skip
async def test_an_edit_brings_nothing_masked_back(family: Family, steps: tuple[str, ...], kept: str) -> None:
    await family.visitor("tg1").says(*steps)
    for new in ("绑定 ACDE2346", "代办码是 654321"):
        assert [text for text in await _edits(family, kept, new) if "2346" in text or "654321" in text] == []
        if kept == "绑定":
            break
    if kept != "绑定":
        assert [text for text in await _edits(family, kept, "王建国 330421195001011234") if "3304" in text] == []


async def test_words_after_a_binding_can_still_be_edited(family: Family) -> None:
    await family.visitor("tg1").says("我住在城东村")
    assert "绑定账号怎么弄，我住城西村" in await _edits(family, "我住在城东村", "绑定账号怎么弄，我住城西村")


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


async def test_an_account_is_not_taken_away_from_whom_it_was_bound_to_meanwhile(family: Family) -> None:
    person, other = await family.on_file(), await family.on_file("李卫国", "2222")
    visitor = family.visitor("tg1")
    await _ask(family, "tg1", "李卫国", "2222")
    async with family.database.transaction() as db:
        lead = await db.get_one(Staff, family.county.lead)
        account = (await db.scalars(select(BindingRequest.address_id))).one()
        await bindings.bind(db, account, person.id)
    async with family.database.transaction() as db:
        (asked,) = await binding_requests.waiting(db, VAULT, lead)
        with pytest.raises(Refusal, match="另一份档案"):
            await binding_requests.accept(db, lead, asked.request.id, other.id, family.clock())
    assert await family.person_of(visitor) == person.id


async def test_a_code_ends_what_was_asked_without_one(family: Family) -> None:
    person = await family.on_file()
    await _ask(family, "tg1", "王建国", "123X")
    await family.visitor("tg1").says(f"绑定 {await family.code(person)}")
    async with family.database.snapshot() as db:
        assert await binding_requests.waiting(db, VAULT, await db.get_one(Staff, family.county.lead)) == []


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
