"""Two records of one person become one, with all that hangs on them: nobody is listed, reminded or seated twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from db.campaigns import Certification
from db.engine import Database
from db.people import Address, Person
from db.proxies import BindingCode, Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from handlers import remind
from services import bindings, certifications, deaths, notice_merge, people_phone, person_records
from services.certifications import Done
from tests.fakes.clock import SettableClock
from tests.fakes.county import OPENS, County, before, nine
from tests.fakes.sealed import VAULT


@pytest.fixture
async def county(database: Database, clock: SettableClock) -> County:
    clock.moment = datetime(2027, 2, 1, 2, tzinfo=UTC)
    made = County(database, clock)
    await made.build()
    await made.draft()
    return made


async def _two(county: County) -> tuple[Person, Person]:
    async with county.database.transaction() as db:
        return await county.person(db), await county.person(db, channel="web", birth_year=1950)


async def _join(county: County, keep: Person, other: Person) -> None:
    async with county.database.transaction() as db:
        staff = await db.get_one(Staff, county.lead)
        await person_records.join(db, staff, keep.id, other.id, county.clock())


async def test_one_line_one_reminder_and_all_accounts(county: County) -> None:
    keep, other = await _two(county)
    async with county.database.transaction() as db:
        await county.proxy(db, other)
        await people_phone.open_conversation(db, other.id, county.clock())
        await bindings.make_codes(db, VAULT, county.lead, [other.id], county.clock())
    await county.start()
    await county.goes(nine(OPENS))
    await _join(county, keep, other)
    async with county.database.snapshot() as db:
        for table in (Certification, Address, Proxy, BindingCode, Reminder):
            assert set(await db.scalars(select(table.person_id))) - {None} == {keep.id}
        running = select(func.count()).select_from(Reminder).where(Reminder.status == "pending")
        assert (await db.scalar(running), (await db.get_one(Person, keep.id)).birth_year) == (1, 1950)
        assert await db.get(Person, other.id) is None
    told = [row.recipient for row in await county.goes(before(30)) if row.reminder_id]
    assert len(told) == len(set(told)) == 2  # the one account, and the daughter
    async with county.database.transaction() as db:
        stranger = await county.person(db, "赵六", None, listed=False, id=other.id)
        conversation = await people_phone.open_conversation(db, stranger.id, county.clock())
        assert (await db.get_one(Address, conversation.address_id)).person_id == stranger.id


@pytest.mark.parametrize("certified", ["keep", "other"])
async def test_who_was_certified_once_is_not_asked_again(county: County, certified: str) -> None:
    keep, other = await _two(county)
    await county.start()
    listed = await county.listed(keep if certified == "keep" else other)
    async with county.database.transaction() as db:
        done = Done("self", "本人", "身份证", county.lead)
        await certifications.certify(db, listed.id, done, county.clock())
    await _join(county, keep, other)
    assert (await county.listed(keep)).status == "done"
    assert [row for row in await county.goes(nine(OPENS)) if row.reminder_id] == []


async def test_what_waited_of_the_one_is_not_said_when_the_other_was_certified(county: County) -> None:
    """Not even in a message with others."""
    async with county.database.transaction() as db:
        keep, other = await county.person(db, channel=None), await county.person(db)
        daughter = await county.proxy(db, keep)
        third = await county.person(db, "李卫国", None)
        db.add(
            Proxy(
                person_id=third.id, address_id=daughter.id, relation="儿媳", scopes=["remind"], status="active",
                ends_on=date(2028, 1, 1), created_at=county.clock(),
            )
        )  # fmt: skip
    await county.start()
    county.clock.moment = nine(OPENS)
    async with county.database.transaction() as db:
        await remind.send_due(db, county.clock(), VAULT)
        rows = await db.scalars(select(Outbox).where(Outbox.recipient == daughter.external_id).order_by(Outbox.id))
        first, *others = rows.all()
        assert others
        first.payload = notice_merge.put_together([first, *others])
        for row in others:
            row.status, row.error = "cancelled", f"{notice_merge.MERGED}{first.id}"
    listed = await county.listed(other)
    async with county.database.transaction() as db:
        done = Done("self", "本人", "身份证", county.lead)
        await certifications.certify(db, listed.id, done, county.clock())
    await _join(county, keep, other)
    sent = await county.goes(county.clock())
    assert {(row.recipient, row.reminder_id) for row in sent if row.reminder_id} == {
        (daughter.external_id, (await county.reminder(third)).id)
    }
    assert all("parts" not in row.payload for row in sent)


async def test_the_death_of_one_is_the_death_of_both(county: County) -> None:
    keep, other = await _two(county)
    await county.start()
    async with county.database.transaction() as db:
        await county.proxy(db, keep)
        await deaths.report(db, VAULT, other.id, county.clock())
    await _join(county, keep, other)
    assert (await county.listed(keep)).status == "deceased"
    assert [row for row in await county.goes(nine(OPENS)) if row.reminder_id] == []
    async with county.database.snapshot() as db:
        assert set(await db.scalars(select(Proxy.status))) == {"ended"}


async def test_an_account_taken_off_hears_no_more(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db, channel="web")
        account = (await db.scalars(select(Address.id).where(Address.person_id == person.id))).one()
    await county.start()
    county.clock.moment = nine(date(2027, 2, 28))
    await county.tick()
    async with county.database.transaction() as db:
        await person_records.unlink(db, await db.get_one(Staff, county.lead), person.id, account, county.clock())
    assert [row for row in await county.goes(nine(OPENS)) if row.reminder_id] == []
