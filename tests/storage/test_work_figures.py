"""The figures of work: each fair, class, post and referral counted once, where and when it belongs."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.events import Event, EventEmployer, EventSignUp
from db.jobs import Employer, Job, JobReferral, JobReport
from services import people, work_figures, work_material
from services.period import Period
from services.work_figures import Classes, Fairs, Online, Report

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SPRING = datetime(2026, 3, 14, 1, tzinfo=UTC)
"""Nine in the morning in China."""
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_numbers = count(1)


async def add_event(db: AsyncSession, at: datetime = SPRING, kind: str = "fair", **columns: Any) -> Event:
    values = {
        "title": f"第{next(_numbers)}场", "starts_at": at, "ends_at": at + 3 * HOUR, "closes_at": at, "place": "体育馆",
        "phone": "0573-88001234", "about": "", "bring": "", "materials": "", "categories": [], "capacity": 500,
        "door_code": "4821", "status": "over", "created_at": at - 30 * DAY, "changed_at": at - 30 * DAY,
    }  # fmt: skip
    event = Event(kind=kind, **(values | columns))
    db.add(event)
    await db.flush()
    return event


async def add_employer(db: AsyncSession) -> Employer:
    employer = Employer(name=f"第{next(_numbers)}公司", created_at=SPRING)
    db.add(employer)
    await db.flush()
    return employer


async def add_job(db: AsyncSession, employer: Employer, at: datetime = SPRING, **columns: Any) -> Job:
    values = {
        "source": "console", "source_ref": f"n{next(_numbers)}", "title": "保安", "kind": "保安", "city": "桐乡", "places": 3,
        "closes_on": date(2026, 12, 31), "about": "", "flags": [], "status": "open", "created_at": at, "changed_at": at,
    }  # fmt: skip
    job = Job(employer_id=employer.id, **(values | columns))
    db.add(job)
    await db.flush()
    return job


async def add_sign_up(db: AsyncSession, event: Event, status: str = "active", *, came: bool = False) -> None:
    at = event.starts_at if came else None
    db.add(EventSignUp(
        event_id=event.id, code=f"ZP-{next(_numbers)}", made_by="本人", status=status, created_at=event.created_at,
        attended_at=at,
    ))  # fmt: skip
    await db.flush()


async def refer(db: AsyncSession, job: Job, at: datetime = SPRING, **columns: Any) -> None:
    conversation = await people.open_conversation(db, "telegram", f"refers-{next(_numbers)}", at)
    values = {"status": "new", "created_at": at, "changed_at": at}
    db.add(JobReferral(job_id=job.id, address_id=conversation.address_id, **(values | columns)))
    await db.flush()


async def figures(database: Database, period: Period = YEAR) -> Report:
    async with database.snapshot() as db:
        material = await work_material.read(db, period, NOW)
    return work_figures.report(material)


async def test_nothing_yet(database: Database) -> None:
    report = await figures(database)
    assert report.fairs == Fairs("合计", 0, 0, 0, 0, 0, 0, 0, 0)
    assert report.online == Online("合计", 0, 0, 0, 0, 0, 0)
    assert (list(report.each_fair), len(report.fair_months), len(report.online_months)) == ([], 12, 12)
    assert {row.held for row in (*report.classes, *report.activities)} == {0}


async def test_a_fair_with_its_employers_posts_and_people(database: Database) -> None:
    async with database.transaction() as db:
        fair = await add_event(db, title="春季招聘会", applicants=40, intentions=9, hired=2)
        booth, both, posting = [await add_employer(db) for _ in range(3)]
        for employer in (booth, both):
            db.add(EventEmployer(event_id=fair.id, employer_id=employer.id, booth="A1"))
        first = await add_job(db, both, event_id=fair.id, places=5)
        first.group_id = first.id
        await add_job(db, posting, event_id=fair.id, places=7)
        await add_job(db, posting, event_id=fair.id, places=9, group_id=first.id)  # the same post from another list
        await add_job(db, posting, event_id=fair.id, places=90, status="review")
        false = await add_job(db, posting, event_id=fair.id, places=900, status="closed")
        conversation = await people.open_conversation(db, "web", "reports", SPRING)
        told = {"address_id": conversation.address_id, "words": "假的", "at": SPRING}
        db.add(JobReport(job_id=false.id, outcome="false", **told))
        db.add(JobReport(job_id=first.id, outcome="fine", **told))
        for came in (True, True, False):
            await add_sign_up(db, fair, came=came)
    report = await figures(database)
    numbers = {"held": 1, "employers": 3, "posts": 2, "openings": 12, "applicants": 40, "intentions": 9, "hired": 2}
    assert report.fairs == Fairs("合计", **numbers, missing=0)
    assert report.each_fair == [Fairs("春季招聘会", **numbers, missing=0, event_id=fair.id, day=date(2026, 3, 14))]
    assert [(row.label, row.held) for row in report.fair_months if row.held] == [("2026年3月", 1)]
    assert report.online == Online("合计", 0, 0, 0, 0, 0, 0)  # the posts of a fair are counted with it


async def test_only_what_has_begun_in_the_period_counts(database: Database) -> None:
    last_year = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)  # a minute before midnight in China
    async with database.transaction() as db:
        for at, status in (
            (SPRING, "over"), (NOW - HOUR, "open"), (NOW + HOUR, "open"), (SPRING, "cancelled"), (SPRING, "draft"),
            (last_year, "over"), (last_year + timedelta(minutes=1), "over"),
        ):  # fmt: skip
            await add_event(db, at, status=status)
    report = await figures(database)
    assert (report.fairs.held, report.fairs.missing) == (3, 3)
    assert [row.held for row in report.fair_months] == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    spring = await figures(database, Period(date(2026, 3, 1), date(2026, 3, 31)))
    assert (spring.fairs.held, len(spring.fair_months)) == (1, 1)


@pytest.mark.parametrize(("counted", "people_there"), [(None, 2), (1, 2), (30, 30)])
async def test_who_came_is_whoever_checked_in_unless_more_were_counted(
    database: Database, counted: int | None, people_there: int
) -> None:
    async with database.transaction() as db:
        event = await add_event(db, kind="skill", attended=counted)
        for status, came in (("active", True), ("active", True), ("active", False), ("waiting", False)):
            await add_sign_up(db, event, status, came=came)
        await add_sign_up(db, event, "cancelled")
        fair = await add_event(db, applicants=counted, intentions=0, hired=None)
        for _ in range(2):
            await add_sign_up(db, fair, came=True)
    report = await figures(database)
    assert {row.kind: row for row in report.classes}["skill"] == Classes("skill", 1, 3, people_there)
    assert (report.fairs.applicants, report.fairs.missing) == (people_there, 1)


async def test_posts_and_referrals_by_the_month_they_belong_to(database: Database) -> None:
    may = datetime(2026, 4, 30, 16, tzinfo=UTC)  # midnight in China: the first of May
    async with database.transaction() as db:
        one, other = await add_employer(db), await add_employer(db)
        job = await add_job(db, one)
        await add_job(db, one, may, places=4)
        await add_job(db, other, may, places=1, status="closed")
        await add_job(db, other, SPRING - 400 * DAY)
        await refer(db, job, hired_on=date(2026, 4, 2), status="hired", still_there=True)
        await refer(db, job, hired_on=date(2026, 5, 3), status="hired", still_there=False)
        await refer(db, job, may)
        await refer(db, job, may, status="withdrawn")
        await refer(db, job, SPRING - 400 * DAY, hired_on=date(2026, 1, 5), status="hired")
    report = await figures(database)
    assert report.online == Online("合计", 2, 3, 8, 3, 3, 1)
    months = {row.label: row for row in report.online_months}
    assert months["2026年3月"] == Online("2026年3月", 1, 1, 3, 2, 0, 0)
    assert months["2026年5月"] == Online("2026年5月", 2, 2, 5, 1, 1, 0)
    assert (months["2026年4月"].hired, months["2026年4月"].still_there, months["2026年1月"].hired) == (1, 1, 1)
