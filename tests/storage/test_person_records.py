"""Records of people: sealed in the table, made from an account once, found whole, seen by their stations only."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.errors import Refusal
from db.engine import Database
from db.people import Address, Person
from db.staff import Staff
from services import person_cards, person_file, person_records, person_search, strangers
from services.person_records import Sheet
from services.person_search import Wanted
from services.vault import Vault
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_case, add_staff, add_station

VAULT = Vault(b"k" * 32)
WANG = Sheet("王建国", "138-0000-1234", "青石镇 红旗村", ["三属", "退役军人"])


@pytest.fixture
async def admin(database: Database, clock: SettableClock) -> Staff:
    async with database.transaction() as db:
        return await add_staff(db, clock(), "admin")


async def _make(database: Database, staff: Staff, clock: SettableClock, sheet: Sheet = WANG, **case: object) -> Person:
    async with database.transaction() as db:
        opened = await add_case(db, clock(), **case)  # type: ignore[arg-type]
        return await person_records.create(db, VAULT, staff, opened.address_id, sheet, clock())


async def test_what_identifies_is_sealed_and_the_card_is_masked(
    database: Database, admin: Staff, clock: SettableClock
) -> None:
    person = await _make(database, admin, clock)
    async with database.snapshot() as db:
        raw = str((await db.execute(text("SELECT * FROM person"))).all())
        card = await person_cards.card(db, VAULT, person)
        assert person_cards.opened(VAULT, person) == ("王建国", "13800001234")
    assert not [part for part in ("王", "建国", "13800001234", "1234") if part in raw]
    assert (card.name, card.phone, card.channels) == ("王**", "138****1234", ("telegram",))
    assert card.categories == ("退役军人", "三属")
    assert person_cards.called(VAULT, person) == "王同志"
    assert person_cards.called(VAULT, None) == ""


async def test_with_another_key_nothing_breaks_and_nothing_shows(
    database: Database, admin: Staff, clock: SettableClock
) -> None:
    person = await _make(database, admin, clock)
    other = Vault(b"x" * 32)
    async with database.snapshot() as db:
        card = await person_cards.card(db, other, person)
    assert (card.name, card.phone, person_cards.called(other, person)) == ("（读不出）", "（读不出）", "")


async def test_found_by_whole_name_or_phone_only(database: Database, admin: Staff, clock: SettableClock) -> None:
    person = await _make(database, admin, clock)

    async def found(words: str) -> list[int]:
        async with database.snapshot() as db:
            return [card.id for card in await person_search.find(db, VAULT, admin, words)]

    assert await found("王建国") == await found(" 王 建国 ") == await found("+86 13800001234") == [person.id]
    assert await found("王建") == await found("李建国") == await found("13800001235") == []
    for words in ("", "  ", "1380000"):
        with pytest.raises(Refusal):
            await found(words)


async def test_the_list_is_narrowed_and_paged(database: Database, admin: Staff, clock: SettableClock) -> None:
    person = await _make(database, admin, clock)
    await _make(database, admin, clock, Sheet("钱二", "", "白云镇", ["军休人员"]), channel="web")
    async with database.transaction() as db:
        db.add_all(Person(created_at=clock(), categories=[]) for _ in range(person_search.PAGE))

    async def page(before: int | None = None, **wanted: str) -> tuple[list[int], int | None]:
        async with database.snapshot() as db:
            cards, more = await person_search.page(db, VAULT, admin, Wanted(**wanted), before)  # type: ignore[arg-type]
            return [card.id for card in cards], more

    assert await page(region="红旗") == await page(category="三属") == ([person.id], None)
    assert (await page(region="%"))[0] == (await page(region="_"))[0] == []
    assert [len(ids) for ids in ((await page(channel="web"))[0], (await page(category="军"))[0])] == [1, 50]
    first, more = await page()
    rest, end = await page(more)
    assert (len(first), len(rest), end) == (50, 2, None)
    assert min(first) > max(rest)


async def test_stations_see_their_own_and_whoever_has_a_case_with_them(
    database: Database, admin: Staff, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        centre = await add_station(db, "县中心")
        north, south = await add_station(db, "北站", centre), await add_station(db, "南站", centre)
        agent = await add_staff(db, clock(), "agent", north)
        lead = await add_staff(db, clock(), "lead", centre)
        editor = await add_staff(db, clock(), "editor")
    at_north = await _make(database, admin, clock, Sheet("甲", "", station_id=north.id), station=south)
    at_south = await _make(database, admin, clock, Sheet("乙", "", station_id=south.id), station=south)
    helped = await _make(database, admin, clock, Sheet("丙", "", station_id=south.id), station=north)
    nowhere = await _make(database, admin, clock, Sheet("丁", ""), station=south)

    async def seen(staff: Staff) -> set[int]:
        async with database.snapshot() as db:
            return {card.id for card in (await person_search.page(db, VAULT, staff, Wanted()))[0]}

    everybody = {at_north.id, at_south.id, helped.id, nowhere.id}
    assert await seen(admin) == await seen(lead) == everybody
    assert await seen(agent) == everybody - {at_south.id}
    assert await seen(editor) == set()
    async with database.snapshot() as db:
        with pytest.raises(Refusal, match="没有找到这份档案"):
            await person_file.read(db, VAULT, agent, at_south.id)
        file = await person_file.read(db, VAULT, agent, at_north.id)
    assert file.cases == []  # it is the south's


async def test_an_account_gets_one_record(database: Database, admin: Staff, clock: SettableClock) -> None:
    async with database.transaction() as db:
        case = await add_case(db, clock())
        await person_records.create(db, VAULT, admin, case.address_id, WANG, clock())
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="已经有档案"):
            await person_records.create(db, VAULT, admin, case.address_id, WANG, clock())
    with pytest.raises(Refusal, match="同名同电话"):
        await _make(database, admin, clock)
    await _make(database, admin, clock, Sheet("王小妹", WANG.phone))  # one telephone in a family


async def test_accounts_without_a_case_in_scope_are_nobodys_business(
    database: Database, admin: Staff, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        north, south = await add_station(db, "北站"), await add_station(db, "南站")
        agent = await add_staff(db, clock(), "agent", north)
        case = await add_case(db, clock(), station=south)
    async with database.transaction() as db:
        assert [one.code for one in await strangers.strangers(db, admin)] == [case.code]
        assert await strangers.strangers(db, agent) == []
        with pytest.raises(Refusal, match="没有找到这个渠道账号"):
            await person_records.create(db, VAULT, agent, case.address_id, WANG, clock())
        with pytest.raises(Refusal, match="没有找到这个渠道账号"):
            await strangers.look(db, admin, 999)


async def test_a_change_names_fields_and_keeps_what_was_left_empty(
    database: Database, admin: Staff, clock: SettableClock
) -> None:
    person = await _make(database, admin, clock)

    async def change(sheet: Sheet, *, drop_phone: bool = False) -> list[str]:
        async with database.transaction() as db:
            return await person_records.change(db, VAULT, admin, person.id, sheet, drop_phone=drop_phone)

    same = Sheet("", "", WANG.region, WANG.categories)
    assert await change(same) == await change(Sheet("王建国", "13800001234", WANG.region, WANG.categories)) == []
    assert await change(Sheet("王建军", "0573-88001234", "白云镇", ["三属"])) == [
        "name",
        "phone",
        "region",
        "categories",
    ]
    assert await change(Sheet("", "", "白云镇", ["三属"]), drop_phone=True) == ["phone"]
    for wrong in (Sheet("", "123"), Sheet("", "", "镇" * 61), Sheet("", "", "", ["老乡"]), Sheet("", "", "", [], 999)):
        with pytest.raises(Refusal):
            await change(wrong)
    async with database.snapshot() as db:
        kept = await person_search.person_of(db, admin, person.id)
        assert person_cards.opened(VAULT, kept) == ("王建军", "")


async def test_two_accounts_of_one_person_come_together(database: Database, admin: Staff, clock: SettableClock) -> None:
    person = await _make(database, admin, clock)
    async with database.transaction() as db:
        case = await add_case(db, clock(), channel="web")
        await person_records.link(db, admin, case.address_id, person.id)
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="已经有档案"):
            await person_records.link(db, admin, case.address_id, person.id)
        file = await person_file.read(db, VAULT, admin, person.id)
        assert (file.card.channels, len(file.cases)) == (("telegram", "web"), 2)
        await person_records.unlink(db, admin, person.id, case.address_id, clock())
    async with database.transaction() as db:
        with pytest.raises(Refusal):
            await person_records.unlink(db, admin, person.id, case.address_id, clock())
        assert (await person_file.read(db, VAULT, admin, person.id)).card.channels == ("telegram",)


async def test_two_records_of_one_person_become_one(database: Database, admin: Staff, clock: SettableClock) -> None:
    keep = await _make(database, admin, clock, Sheet("王建国", "", "", ["三属"]))
    clock.advance(timedelta(days=1).total_seconds())
    other = await _make(database, admin, clock)
    async with database.transaction() as db:
        assert [card.id for card in (await person_file.read(db, VAULT, admin, keep.id)).alike] == [other.id]
        with pytest.raises(Refusal, match="同一份档案"):
            await person_records.join(db, admin, keep.id, keep.id, clock())
        assert await person_records.join(db, admin, keep.id, other.id, clock()) == ["phone", "region", "categories"]
    async with database.snapshot() as db:
        addresses = await db.scalars(select(Address.person_id))
        assert set(addresses) == {keep.id}
        file = await person_file.read(db, VAULT, admin, keep.id)
        assert (file.card.phone, file.card.categories, file.alike) == ("138****1234", ("退役军人", "三属"), [])
        with pytest.raises(Refusal):
            await person_search.person_of(db, admin, other.id)
