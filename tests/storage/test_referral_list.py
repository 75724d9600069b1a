"""Referrals as staff list them: masked, by status, and only for those who see the case or the person."""

import pytest

from core.errors import Refusal
from db.engine import Database
from db.jobs import JobReferral
from db.people import Address
from services import referral_list
from tests.fakes.clock import START
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.hiring import PHONE, add_job, want
from tests.fakes.sealed import VAULT
from tests.storage.bureau import add_staff, add_station


async def test_the_list_is_masked_and_for_those_who_see_the_case(database: Database) -> None:
    async with database.transaction() as db:
        boss = await add_boss(db)
        near, far = await add_station(db, "一站"), await add_station(db, "二站")
        there, elsewhere = await add_staff(db, START, station=near), await add_staff(db, START, station=far)
        person = await add_person(db, "李秀英", phone="13900005678", account=("telegram", "laoli"), station_id=near.id)
        job = await add_job(db, title="司机")
        await want(db, job.id)
        of_station = await want(db, job.id, sender="laoli", name=None, phone=None)
        assert of_station.person_id == person.id
    async with database.snapshot() as db:
        found = await referral_list.listed(db, VAULT, boss, None, 1)
        assert [(line.name, line.phone) for line in found.lines] == [("李**", "139****5678"), ("王**", "138****1234")]
        assert (found.counts, found.more) == ({"new": 2}, False)
        assert all(line.case_code for line in found.lines)
        assert (await referral_list.listed(db, VAULT, boss, "hired", 1)).lines == []
        full = await referral_list.listed(db, VAULT, there, "new", 1, full=True)
        assert [line.phone for line in full.lines] == ["13900005678", PHONE]
        assert [line.name for line in (await referral_list.listed(db, VAULT, elsewhere, None, 1)).lines] == ["王**"]
        assert (await referral_list.opened(db, VAULT, there, of_station.id))[1:] == ("李秀英", "13900005678")
        with pytest.raises(Refusal):
            await referral_list.opened(db, VAULT, elsewhere, of_station.id)


async def test_a_page_holds_thirty(database: Database) -> None:
    async with database.transaction() as db:
        boss, job = await add_boss(db), await add_job(db)
        senders = [Address(channel="web", external_id=str(number), created_at=START) for number in range(31)]
        db.add_all(senders)
        await db.flush()
        columns = {"job_id": job.id, "created_at": START, "changed_at": START, "status": "new", "asked": 0}
        case = (await want(db, job.id)).case_id
        db.add_all(JobReferral(address_id=one.id, case_id=case, **columns) for one in senders)
        await db.flush()
        pages = [await referral_list.listed(db, VAULT, boss, None, page) for page in (1, 2)]
        assert [(len(page.lines), page.more) for page in pages] == [(30, True), (2, False)]
