"""A certification is recorded once, by whoever comes first, and whatever ends it stops the reminders."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.cases import SupportCase
from db.engine import Database
from db.people import Address, Conversation, Person
from db.staff import Staff
from db.turns import Outbox
from handlers import remind
from services import certifications, cohort, people_phone, silent_cases
from services.certifications import Done
from tests.fakes.clock import SettableClock
from tests.fakes.county import DEADLINE, OPENS, County, before, nine
from tests.fakes.sealed import VAULT
from tests.journeys.office import Clerk
from tests.servers import Postgres

AT_STATION = Done("self", "本人", "身份证", None)
BY_DAUGHTER = Done("proxy", "女儿", "优待证或残疾军人证", None)


@pytest.fixture
async def county(database: Database) -> County:
    made = County(database, SettableClock(nine(OPENS)))
    await made.build()
    await made.draft()
    return made


@pytest.fixture
async def person(county: County) -> Person:
    async with county.database.transaction() as db:
        return await county.person(db)


async def _do(county: County, act: Any, *args: Any) -> Any:
    async with county.database.transaction() as db:
        return await act(db, *args, county.clock())


@pytest.mark.parametrize(
    "done",
    [AT_STATION, BY_DAUGHTER, Done("visit", "本人", "现场见面", None), Done("online", "本人", "小程序结果", None)],
)
async def test_each_of_the_four_ways(county: County, person: Person, done: Done) -> None:
    await county.start()
    listed = await county.listed(person)
    for _ in range(2):
        await _do(county, certifications.certify, listed.id, done)
    found = await county.listed(person)
    assert (found.status, found.way, found.done_by, found.evidence, found.done_at) == (
        "done", done.way, done.done_by, done.evidence, county.clock(),
    )  # fmt: skip
    assert (await county.reminder(person)).status == "done"


async def test_who_comes_second_is_told_what_is_recorded(county: County, person: Person) -> None:
    listed = await county.listed(person)
    await _do(county, certifications.certify, listed.id, AT_STATION)
    with pytest.raises(Refusal, match="自主"):
        await _do(county, certifications.certify, listed.id, BY_DAUGHTER)
    assert (await county.listed(person)).way == "self"


async def test_two_at_once_record_it_once(county: County, person: Person) -> None:
    await county.start()
    listed = await county.listed(person)
    both = [_do(county, certifications.certify, listed.id, done) for done in (AT_STATION, BY_DAUGHTER)]
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in ended].count(Refusal) == 1


@pytest.mark.parametrize(
    "done",
    [
        Done("phone", "本人", "身份证", None), Done("self", "本人", "人脸照片", None), Done("self", "女儿", "身份证", None),
        Done("proxy", "本人", "身份证", None), Done("self", "王大妈", "身份证", None),
        Done("self", "本人", "身份证", None, DEADLINE),
    ],
)  # fmt: skip
async def test_what_may_not_be_recorded(county: County, person: Person, done: Done) -> None:
    listed = await county.listed(person)
    with pytest.raises(Refusal):
        await _do(county, certifications.certify, listed.id, done)
    assert (await county.listed(person)).status == "open"


async def test_a_day_before_today_is_kept(county: County, person: Person) -> None:
    day = OPENS - timedelta(days=5)
    await _do(
        county, certifications.certify, (await county.listed(person)).id, Done("self", "本人", "身份证", None, day)
    )
    done_at = (await county.listed(person)).done_at
    assert done_at is not None
    assert done_at.date() == day


async def test_a_claim_pauses_and_a_rejected_one_goes_on_after_a_rest(county: County, person: Person) -> None:
    await county.start()
    await county.goes(nine(OPENS))
    reminder = await county.reminder(person)
    async with county.database.transaction() as db:
        address = (await db.scalars(select(Address))).one()
    claimed = await _do(county, certifications.claim_done, reminder.id, address.id)
    assert (claimed.status, claimed.claimed_from) == ("claimed", address.id)
    assert await county.goes(before(30)) == []
    assert await county.goes(before(7)) == []
    with pytest.raises(Refusal):
        await _do(county, certifications.certify, claimed.id + 99, AT_STATION)
    await _do(county, certifications.reject_claim, claimed.id)
    with pytest.raises(Refusal):
        await _do(county, certifications.reject_claim, claimed.id)
    assert await county.goes(before(7) + timedelta(days=2)) == []
    later = await county.goes(before(4))
    assert [row.address_id for row in later if row.address_id] == [address.id]


async def test_a_claim_of_what_is_done_changes_nothing(county: County, person: Person) -> None:
    await county.start()
    await _do(county, certifications.certify, (await county.listed(person)).id, AT_STATION)
    reminder = await county.reminder(person)
    assert (await _do(county, certifications.claim_done, reminder.id, 1)).status == "done"
    assert await _do(county, certifications.claim_done, 999, 1) is None


async def test_a_claim_takes_back_what_was_not_sent(county: County, person: Person) -> None:
    await county.start()
    async with county.database.transaction() as db:
        await remind.send_due(db, county.clock(), VAULT)
    await _do(county, certifications.claim_done, (await county.reminder(person)).id, 1)
    async with county.database.snapshot() as db:
        row = (await db.scalars(select(Outbox).where(Outbox.reminder_id.is_not(None)))).one()
    assert (row.status, row.error) == ("cancelled", "cancelled")


async def test_taken_back_the_steps_go_on(county: County, person: Person) -> None:
    await county.start()
    await county.goes(nine(OPENS))
    listed = await county.listed(person)
    await _do(county, certifications.certify, listed.id, AT_STATION)
    await _do(county, certifications.reopen, listed.id)
    found = await county.listed(person)
    assert (found.status, found.way, found.done_at, found.staff_id) == ("open", None, None, None)
    assert len(await county.goes(before(30))) == 1


async def test_certified_before_the_start_and_taken_back_after_it(county: County, person: Person) -> None:
    async with county.database.transaction() as db:
        await county.person(db, "李四")
    listed = await county.listed(person)
    await _do(county, certifications.certify, listed.id, AT_STATION)
    await county.start()
    await _do(county, certifications.reopen, listed.id)
    assert (await county.reminder(person)).status == "pending"


async def test_off_the_list_nothing_more_comes(county: County, person: Person) -> None:
    await county.start()
    listed = await county.listed(person)
    await _do(county, certifications.remove, listed.id)
    assert await county.goes(nine(OPENS)) == []
    with pytest.raises(Refusal):
        await _do(county, certifications.certify, listed.id, AT_STATION)
    async with county.database.snapshot() as db:
        assert (await db.scalars(cohort.people(county.campaign_id))).all() == []


async def test_the_dead_are_neither_certified_nor_taken_back(county: County, person: Person) -> None:
    listed = await county.listed(person)
    async with county.database.transaction() as db:
        (await db.get_one(Person, person.id)).deceased_at = county.clock()
        (await db.get_one(type(listed), listed.id)).status = "deceased"
    for act, *more in ((certifications.certify, AT_STATION), (certifications.reopen,)):
        with pytest.raises(Refusal):
            await _do(county, act, listed.id, *more)


async def test_a_grid_worker_sees_the_grid_only_and_an_agent_the_station(county: County, person: Person) -> None:
    async with county.database.transaction() as db:
        other = await county.person(db, "李四", None, grid_id=None)
        worker, lead = await db.get_one(Staff, county.worker), await db.get_one(Staff, county.lead)
    mine, theirs = (await county.listed(person)).id, (await county.listed(other)).id
    async with county.database.snapshot() as db:
        assert (await certifications.find(db, worker, mine)).person_id == person.id
        with pytest.raises(Refusal):
            await certifications.find(db, worker, theirs)
        assert (await certifications.find(db, lead, theirs)).person_id == other.id


async def test_who_has_no_account_cannot_be_answered_in_the_chat(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db, "李四", None)
    await county.start()
    await county.goes(nine(OPENS))
    await county.goes(before(-3))
    async with county.database.snapshot() as db:
        case = (await db.scalars(select(SupportCase))).one()
        staff = await db.get_one(Staff, county.lead)
    clerk = Clerk(county.database, staff, county.clock)
    with pytest.raises(Refusal, match="没有能收消息的账号"):
        await clerk.answers(case.id, "您好")
    await clerk.do("note", case.id, "打过电话了", key="n1")
    await clerk.do("claim", case.id)
    await clerk.do("close", case.id)
    async with county.database.snapshot() as db:
        assert (await db.get_one(SupportCase, case.id)).status == "closed"
        rows = await db.scalars(select(Outbox).where(Outbox.channel == people_phone.CHANNEL))
        assert rows.all() == []
    assert person.id


async def test_a_talk_in_the_middle_of_a_turn_is_left_for_the_next_pass(postgres: Postgres) -> None:
    """Waiting for it with a reminder in hand, which that turn may want, would be a deadlock; SQLite has one writer."""
    async with postgres.database() as url:
        database = Database(url)
        county = County(database, SettableClock(nine(OPENS)))
        await county.build()
        async with database.transaction() as db:
            person = await county.person(db)
            address = (await db.scalars(select(Address))).one()
        silent = [silent_cases.Silent(person.id, address.id, county.station_id)]
        async with database.transaction() as turn:
            talk = select(Conversation).where(Conversation.address_id == address.id)
            await turn.execute(talk.with_for_update(key_share=True))
            async with database.transaction() as db:
                assert await silent_cases.open_all(db, silent, "认证", county.clock()) == set()
        async with database.transaction() as db:
            assert await silent_cases.open_all(db, silent, "认证", county.clock()) == {person.id}
        await database.close()
