"""举报虚假 and 合适/不合适 on both databases: two people take a post off the board, staff put it back or close it."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.engine import Database
from db.jobs import Job, JobBoard, JobFeedback, JobReport
from db.people import Address, Person
from services import job_feedback, job_reports
from tests.fakes.clock import START
from tests.fakes.examroom import add_boss
from tests.fakes.hiring import add_employer, add_job


async def add_account(db: AsyncSession, name: str, person: Person | None = None) -> int:
    address = Address(channel="web", external_id=name, created_at=START, person_id=person.id if person else None)
    db.add(address)
    await db.flush()
    return address.id


async def status_of(database: Database, job_id: int) -> str:
    async with database.snapshot() as db:
        return (await db.get_one(Job, job_id)).status


async def version(db: AsyncSession) -> int:
    return (await db.scalars(select(JobBoard.version))).one()


async def test_two_people_take_a_post_off_the_board_and_staff_put_it_back(database: Database) -> None:
    async with database.transaction() as db:
        boss, job = await add_boss(db), await add_job(db)
        accounts = [await add_account(db, name) for name in "甲乙丙丁"]
        before = await version(db)
        assert await job_reports.report(db, job.id, accounts[0], " 要我  先交钱 ", START)
        assert not await job_reports.report(db, job.id, accounts[0], "再说一次", START)
        assert (job.status, await version(db)) == ("open", before)
        assert await job_reports.report(db, job.id, accounts[1], "电话打不通", START)
        assert (job.status, await version(db)) == ("review", before + 1)
        (found,) = await job_reports.waiting(db)
        assert [row.words for row in found.reports] == ["要我 先交钱", "电话打不通"]
        back = await job_reports.decide(db, job.id, boss.id, false=False, now=START)
        assert (back.status, back.matched_to, await version(db)) == ("open", 0, before + 2)
        assert await job_reports.waiting(db) == []
        assert await job_reports.report(db, job.id, accounts[2], "不是真的", START)
        assert job.status == "open"  # what was decided does not count again
        assert await job_reports.report(db, job.id, accounts[3], "不是真的", START)
        assert job.status == "review"
        assert set(await db.scalars(select(JobReport.outcome))) == {"fine", None}


async def test_the_accounts_of_one_person_count_once(database: Database) -> None:
    async with database.transaction() as db:
        job, person = await add_job(db), Person(categories=[], created_at=START)
        db.add(person)
        await db.flush()
        for name in ("手机", "网页"):
            assert await job_reports.report(db, job.id, await add_account(db, name, person), "假的", START)
        assert job.status == "open"
        assert await job_reports.report(db, job.id, await add_account(db, "别人"), "假的", START)
        assert job.status == "review"


async def test_a_false_post_is_closed_once(database: Database) -> None:
    async with database.transaction() as db:
        boss, job = await add_boss(db), await add_job(db)
        await job_reports.report(db, job.id, await add_account(db, "甲"), "假的", START)
        closed = await job_reports.decide(db, job.id, boss.id, false=True, now=START)
        assert (closed.status, closed.closed_at) == ("closed", START)
        (row,) = await db.scalars(select(JobReport), execution_options={"populate_existing": True})
        assert (row.outcome, row.decided_by, row.decided_at) == ("false", boss.id, START)
        with pytest.raises(Refusal):
            await job_reports.decide(db, job.id, boss.id, false=False, now=START)
        assert (await db.get_one(Job, job.id)).status == "closed"


async def test_two_who_report_at_the_same_moment_are_both_seen(database: Database) -> None:
    async with database.transaction() as db:
        job = await add_job(db)
        accounts = [await add_account(db, name) for name in "甲乙"]

    async def report(address_id: int) -> None:
        async with database.transaction() as db:
            await job_reports.report(db, job.id, address_id, "假的", START)

    await asyncio.gather(*map(report, accounts))
    assert await status_of(database, job.id) == "review"


async def test_of_what_is_not_there_nothing_is_said(database: Database) -> None:
    async with database.transaction() as db:
        boss, account = await add_boss(db), await add_account(db, "甲")
        with pytest.raises(Refusal):
            await job_reports.report(db, 404, account, "假的", START)
        with pytest.raises(Refusal):
            await job_reports.decide(db, 404, boss.id, false=True, now=START)
        with pytest.raises(Refusal):
            await job_feedback.say(db, account, 404, fits=True, now=START)


async def test_the_later_word_on_a_post_counts(database: Database) -> None:
    async with database.transaction() as db:
        employer, account = await add_employer(db), await add_account(db, "甲")
        guard, driver = await add_job(db, employer), await add_job(db, employer, kind="司机")
        await job_feedback.say(db, account, guard.id, fits=True, now=START)
        await job_feedback.say(db, account, driver.id, fits=True, now=START)
        await job_feedback.say(db, account, guard.id, fits=False, now=START)
        found = await job_feedback.of_accounts(db, [account, 404])
        said = {(one.kind, one.fits, one.employer_id) for one in found.pop(account)}
        assert said == {("保安", False, employer.id), ("司机", True, employer.id)}
        assert found == {}
        assert len((await db.scalars(select(JobFeedback))).all()) == 2


async def test_a_true_post_still_waits_for_what_the_law_may_forbid(database: Database) -> None:
    async with database.transaction() as db:
        boss, job = await add_boss(db), await add_job(db)
        job.status, job.flags = "review", ["men"]
        await job_reports.report(db, job.id, await add_account(db, "甲"), "假的", START)
        back = await job_reports.decide(db, job.id, boss.id, false=False, now=START)
        assert (back.status, await job_reports.waiting(db)) == ("review", [])
