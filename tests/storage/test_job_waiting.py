"""What waits for staff among the posts, and how far one has come, is counted right on both databases."""

from datetime import date
from typing import Any

from db.engine import Database
from db.jobs import Employer, Job, JobFeedback, JobReferral, JobReport, JobTold
from db.people import Address
from services import job_interest, job_waiting
from services.job_interest import Interest
from services.job_waiting import Waiting
from tests.fakes.clock import SettableClock


def _job(number: int, employer: Employer, clock: SettableClock, **values: Any) -> Job:
    plain = {
        "title": "保安", "kind": "保安", "city": "如东", "places": 1, "closes_on": date(2026, 12, 31), "about": "", "flags": [],
        "status": "open",
    }  # fmt: skip
    made = {"created_at": clock(), "changed_at": clock(), "source": "test", "source_ref": str(number)}
    return Job(employer_id=employer.id, **(plain | made | values))


async def test_nothing_waits_where_nothing_is(database: Database) -> None:
    async with database.snapshot() as db:
        assert await job_waiting.count(db) == Waiting(0, 0, 0)
        assert await job_interest.of(db, 1) == Interest(0, 0, 0, 0, 0)


async def test_each_is_counted_where_it_belongs(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        employer = Employer(name="示例公司", created_at=clock())
        people = [Address(channel="telegram", external_id=f"w{n}", created_at=clock()) for n in range(3)]
        db.add_all([employer, *people])
        await db.flush()
        first, second = (_job(n, employer, clock) for n in range(2))
        db.add_all([first, second])
        await db.flush()
        db.add_all([_job(2, employer, clock, status="review"), _job(3, employer, clock, likely_of=first.id)])
        for n, one in enumerate(people):
            decided = {"outcome": "fine", "decided_at": clock()} if n == 2 else {}
            db.add(JobReport(job_id=first.id, address_id=one.id, words="假", at=clock(), **decided))
            db.add(JobTold(address_id=one.id, group_id=first.id, job_id=first.id, at=clock()))
            db.add(JobFeedback(address_id=one.id, job_id=first.id, fits=n == 0, at=clock()))
        db.add(JobReferral(job_id=first.id, address_id=people[0].id, created_at=clock(), changed_at=clock()))
    async with database.snapshot() as db:
        assert await job_waiting.count(db) == Waiting(review=1, twins=1, reports=1)
        assert await job_interest.of(db, first.id) == Interest(told=3, wanted=1, fits=1, unfit=2, reports=2)
        assert await job_interest.of(db, second.id) == Interest(0, 0, 0, 0, 0)
