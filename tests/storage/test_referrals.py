"""我想去 on both databases: one referral a post and account, asked of twice at most, and answers that are kept."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import Refusal
from db.cases import CaseEvent, SupportCase
from db.engine import Database
from db.jobs import JobReferral
from db.turns import Outbox
from handlers import job_false, referral_plan
from services import cases, person_merge, referral_asks, referrals
from tests.fakes.clock import START
from tests.fakes.examroom import add_person, at
from tests.fakes.hiring import PHONE, add_employer, add_job, talk, want
from tests.fakes.sealed import VAULT


async def ask(database: Database, now: datetime) -> Sequence[Outbox]:
    """Let the clock come by, twice; return what it asked."""
    async with database.transaction() as db:
        before = await db.scalar(select(func.coalesce(func.max(Outbox.id), 0)))
        await referral_plan.ask_due(db, now)
        assert (await referral_plan.ask_due(db, now)).done == 0
        asked = select(Outbox).where(Outbox.notice == "referral", Outbox.id > before).order_by(Outbox.id)
        return (await db.scalars(asked)).all()


async def answer(database: Database, row: Outbox, label: str, now: datetime) -> JobReferral:
    """Choose what stands under a question, as the chat does."""
    action = next(c["action"] for c in row.payload["choices"] if c["label"] == label)
    _, id_, number = action.split(":")
    assert row.address_id is not None
    async with database.transaction() as db:
        assert await referral_plan.answered(db, int(id_), row.address_id, int(number), now)
        return await db.get_one(JobReferral, int(id_), populate_existing=True)


async def test_a_post_is_wanted_once_however_often_it_is_chosen(database: Database) -> None:
    async with database.transaction() as db:
        job = await add_job(db, await add_employer(db, "如东安保公司"))
        first = await want(db, job.id)
        again = await want(db, job.id, START + timedelta(hours=1))
        assert first.id == again.id
        case = (await db.scalars(select(SupportCase))).one()
        assert (case.kind, case.category, case.id) == ("errand", "job", first.case_id)
        assert "保安" in case.question
        assert "如东安保公司" in case.question
        assert "王**" in case.question
        assert "建国" not in case.question
        assert PHONE not in case.question
        assert await db.scalar(select(func.count()).select_from(CaseEvent).where(CaseEvent.kind == "asked")) == 0
        kept = await db.get_one(JobReferral, first.id)
        assert kept.name is not None
        assert "王" not in kept.name
        assert VAULT.decrypt(kept.phone or "") == PHONE


async def test_a_second_post_goes_into_the_open_case_with_what_was_given_before(database: Database) -> None:
    async with database.transaction() as db:
        first = await want(db, (await add_job(db)).id)
        second = await want(db, (await add_job(db, title="司机")).id, name=None, phone=None)
        assert second.case_id == first.case_id
        assert VAULT.decrypt(second.phone or "") == PHONE
        said = (await db.scalars(select(CaseEvent).where(CaseEvent.kind == "asked"))).one()
        assert "司机" in said.detail["words"]


@pytest.mark.parametrize(("columns", "phone"), [
    ({"status": "closed"}, PHONE), ({"status": "review"}, PHONE), ({"closes_on": date(2026, 11, 20)}, PHONE), ({}, "12"),
])  # fmt: skip
async def test_what_cannot_be_wanted_opens_no_case(database: Database, columns: dict[str, Any], phone: str) -> None:
    async with database.transaction() as db:
        job = await add_job(db, **columns)
        for job_id in (job.id, 404):
            with pytest.raises(Refusal):
                await want(db, job_id, phone=phone)
        assert (await db.scalars(select(SupportCase))).all() == []
        assert (await db.scalars(select(JobReferral))).all() == []


async def test_it_is_asked_after_seven_and_after_thirty_days_and_no_more(database: Database) -> None:
    async with database.transaction() as db:
        job = await add_job(db, await add_employer(db, "如东安保公司"), title="保安")
        wanted = await want(db, job.id)
    assert await ask(database, START + timedelta(days=6)) == []
    (first,) = await ask(database, START + timedelta(days=7))
    assert [c["label"] for c in first.payload["choices"]] == ["上班了", "还在谈", "没成", "不去了"]
    assert "如东安保公司" in first.payload["text"]
    kept = await answer(database, first, "上班了", START + timedelta(days=7))
    assert (kept.status, kept.hired_on) == ("hired", date(2026, 11, 28))
    assert await ask(database, START + timedelta(days=29)) == []
    (second,) = await ask(database, START + timedelta(days=30))
    assert [c["label"] for c in second.payload["choices"]] == ["还在干", "不干了"]
    kept = await answer(database, second, "还在干", START + timedelta(days=30))
    assert (kept.still_there, kept.next_ask_at) == (True, None)
    assert await ask(database, START + timedelta(days=400)) == []
    assert wanted.id == kept.id


async def test_who_said_nothing_is_asked_the_same_again(database: Database) -> None:
    async with database.transaction() as db:
        await want(db, (await add_job(db)).id)
    (first,) = await ask(database, START + timedelta(days=7))
    (second,) = await ask(database, START + timedelta(days=30))
    assert first.payload["text"] == second.payload["text"]
    kept = await answer(database, second, "上班了", START + timedelta(days=31))
    assert (kept.status, kept.next_ask_at) == ("hired", None)


@pytest.mark.parametrize("label", ["没成", "不去了"])
async def test_nothing_is_asked_once_it_is_over(database: Database, label: str) -> None:
    async with database.transaction() as db:
        await want(db, (await add_job(db)).id)
    (first,) = await ask(database, START + timedelta(days=7))
    kept = await answer(database, first, label, START + timedelta(days=7))
    assert kept.next_ask_at is None
    assert await ask(database, START + timedelta(days=30)) == []


async def test_who_began_only_lately_is_not_asked_at_once_whether_they_are_still_there(database: Database) -> None:
    async with database.transaction() as db:
        await want(db, (await add_job(db)).id)
    (first,) = await ask(database, START + timedelta(days=7))
    await answer(database, first, "上班了", START + timedelta(days=29))
    assert await ask(database, START + timedelta(days=30)) == []
    assert len(await ask(database, START + timedelta(days=43))) == 1


async def test_a_clock_that_was_late_asks_once(database: Database) -> None:
    async with database.transaction() as db:
        await want(db, (await add_job(db)).id)
    assert len(await ask(database, START + timedelta(days=60))) == 1
    assert await ask(database, START + timedelta(days=61)) == []


async def test_of_several_posts_one_is_asked_of_a_day(database: Database) -> None:
    async with database.transaction() as db:
        for _ in range(3):
            await want(db, (await add_job(db)).id)
        await want(db, (await add_job(db)).id, sender="laoli")
    asked = [await ask(database, START + timedelta(days=day)) for day in (7, 8, 9, 10)]
    assert [len(rows) for rows in asked] == [2, 1, 1, 0]
    assert len({row.payload["text"] for rows in asked for row in rows}) == 4


async def test_an_old_button_keeps_its_meaning_and_another_account_cannot_press_it(database: Database) -> None:
    async with database.transaction() as db:
        wanted = await want(db, (await add_job(db)).id)
        other = await talk(db, "laoli")
        with pytest.raises(Refusal):
            await referrals.answer(db, wanted.id, wanted.address_id, 5, START)  # nobody said that they work there
        for number in (1, 4, 5):
            with pytest.raises(Refusal):
                await referrals.answer(db, wanted.id, other.address_id, number, START)
        for number in (0, 7):
            with pytest.raises(Refusal):
                await referrals.answer(db, wanted.id, wanted.address_id, number, START)
        assert (await db.get_one(JobReferral, wanted.id)).status == "new"


async def test_staff_hear_that_somebody_does_not_go_and_who_comes_back_is_the_same(database: Database) -> None:
    async with database.transaction() as db:
        job = await add_job(db)
        wanted = await want(db, job.id)
        for _ in range(2):
            await referrals.withdraw(db, wanted.id, wanted.address_id, START)
        said = (await db.scalars(select(CaseEvent).where(CaseEvent.kind == "asked"))).one()
        assert "不去" in said.detail["words"]
        assert await referrals.of_account(db, wanted.address_id) == []
        await cases.close(db, wanted.case_id or 0, "resolved", START)
        back = await want(db, job.id, START + timedelta(days=20), name=None, phone=None)
        assert (back.id, back.status, back.asked) == (wanted.id, "new", 0)
        assert back.case_id is not None
        assert (await db.get_one(SupportCase, back.case_id)).status == "open"
        assert VAULT.decrypt(back.phone or "") == PHONE
    assert await ask(database, START + timedelta(days=26)) == []
    assert len(await ask(database, START + timedelta(days=27))) == 1


async def test_of_the_dead_nothing_is_asked(database: Database) -> None:
    async with database.transaction() as db:
        person = await add_person(db, "王建国", account=("telegram", "laozhang"))
        wanted = await want(db, (await add_job(db)).id, name=None, phone=None)
        assert wanted.person_id == person.id
        person.deceased_at = START
    assert await ask(database, START + timedelta(days=7)) == []


async def test_who_wanted_a_false_post_is_warned_once_and_asked_nothing(database: Database) -> None:
    async with database.transaction() as db:
        job = await add_job(db, title="高薪保安")
        wanted = await want(db, job.id)
        gone = await want(db, job.id, sender="laoli")
        await referrals.withdraw(db, gone.id, gone.address_id, START)
        assert await job_false.warn(db, job, START) == 1
        assert await job_false.warn(db, job, START) == 0
        (row,) = await db.scalars(select(Outbox).where(Outbox.notice == "referral"))
        assert (row.address_id, row.dedupe_key) == (wanted.address_id, f"false:{job.id}:{wanted.address_id}")
        assert "高薪保安" in row.payload["text"]
    assert await ask(database, START + timedelta(days=7)) == []


async def test_a_record_that_is_joined_takes_its_referrals_along(database: Database) -> None:
    async with database.transaction() as db:
        keep = await add_person(db, "王建国")
        other = await add_person(db, "王建国", account=("telegram", "laozhang"))
        wanted = await want(db, (await add_job(db)).id)
        await person_merge.move_all(db, keep, other, START)
        assert (await db.get_one(JobReferral, wanted.id, populate_existing=True)).person_id == keep.id


async def test_what_staff_know_counts_and_keeps_the_questions_in_step(database: Database) -> None:
    async with database.transaction() as db:
        wanted = await want(db, (await add_job(db)).id)
        for status, note in (("party", ""), ("hired", "长" * 201)):
            with pytest.raises(Refusal):
                await referrals.set_outcome(db, wanted.id, status, note, START)
        with pytest.raises(Refusal):
            await referrals.set_outcome(db, 404, "hired", "", START)
        hired = await referrals.set_outcome(db, wanted.id, "hired", " 已 面试 ", START + timedelta(days=2))
        assert (hired.note, hired.hired_on) == ("已 面试", date(2026, 11, 23))
    assert await ask(database, START + timedelta(days=7)) == []  # staff know it already
    (row,) = await ask(database, START + timedelta(days=30))
    assert row.payload["choices"][0]["label"] == "还在干"
    async with database.transaction() as db:
        failed = await referrals.set_outcome(db, wanted.id, "not_hired", "", START + timedelta(days=31))
        assert (failed.hired_on, failed.next_ask_at, failed.note) == (None, None, None)


def test_the_questions_come_in_the_morning() -> None:
    assert referral_asks.moment(at(0, 23), 0) == at(7, 9)
    assert referral_asks.moment(at(0, 23), 1) == at(30, 9)
