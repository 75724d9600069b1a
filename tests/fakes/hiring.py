"""Employers, posts and those who want them in short."""

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import Employer, Job, JobReferral
from db.people import Conversation
from services import job_board, people, referrals
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT

PHONE = "13800001234"
LAST_DAY = date(2026, 12, 31)
_numbers = count(1)


async def add_employer(db: AsyncSession, name: str = "", **columns: Any) -> Employer:
    """Add an employer, one of its own unless a name is given."""
    employer = Employer(**({"name": name or f"第{next(_numbers)}公司", "created_at": START} | columns))
    db.add(employer)
    await db.flush()
    return employer


async def add_job(db: AsyncSession, employer: Employer | None = None, now: datetime = START, **columns: Any) -> Job:
    """Put an open post on the board."""
    await job_board.bump(db)
    employer = employer or await add_employer(db)
    values = {
        "source": "console", "source_ref": str(next(_numbers)), "employer_id": employer.id, "title": "保安",
        "kind": "保安", "city": "如东", "pay_from": 4000, "pay_to": 6000, "form": "full", "places": 1,
        "closes_on": LAST_DAY, "about": "", "flags": [], "status": "open", "matched_to": 0, "created_at": now,
        "changed_at": now,
    }  # fmt: skip
    job = Job(**(values | columns))
    db.add(job)
    await db.flush()
    job.group_id = job.group_id or job.id
    await db.flush()
    return job


async def talk(db: AsyncSession, sender: str = "laozhang") -> Conversation:
    """Return the conversation of somebody on Telegram."""
    return await people.open_conversation(db, "telegram", sender, START)


async def want(db: AsyncSession, job_id: int, now: datetime = START, **said: Any) -> JobReferral:
    """Let somebody want a post, with name and phone unless these are given as None."""
    conversation = await talk(db, said.pop("sender", "laozhang"))
    name, phone = said.get("name", "王建国"), said.get("phone", PHONE)
    return await referrals.want(db, VAULT, conversation, job_id, conversation.address_id, name, phone, now)
