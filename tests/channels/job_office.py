"""Short ways to put posts, employers and those who want them before a clerk."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from core.clock import CHINA
from db.jobs import Employer, Job
from db.people import Address, Conversation
from tests.channels.console import Clerk, Office

_numbers = count(1)


async def read(office: Office, table: Any, *conditions: Any) -> list[Any]:
    async with office.site.app.database.snapshot() as db:
        return list(await db.scalars(select(table).where(*conditions)))


def closing(office: Office, days: int = 30) -> date:
    """Return the day so many days ahead."""
    return office.clock().astimezone(CHINA).date() + timedelta(days=days)


def typed(office: Office, **changes: str) -> dict[str, str]:
    """Return what a clerk types for an ordinary post of an employer of its own."""
    number = next(_numbers)
    fields = {
        "title": f"保安{number}号岗", "employer": f"示例物业{number}有限公司", "kind": "", "city": "如东县", "township": "",
        "place": "人民路1号", "pay": "4000-6000", "form": "全职", "shift": "白班", "age": "18-55", "places": "3",
        "veterans": "1", "closes_on": str(closing(office)), "contact": "王经理", "phone": "13800001234",
        "about": "看大门，包吃住。", "event": "",
    }  # fmt: skip
    return fields | changes


async def post(office: Office, clerk: Clerk, **changes: str) -> tuple[str, Job]:
    """Add a post through the form; return the path of its page and the row."""
    fields = typed(office, **changes)
    await clerk.get("/console/jobs/new")
    status, html = await clerk.post("/console/jobs/new", fields)
    assert status == 200, html
    job = max(await read(office, Job, Job.title == fields["title"]), key=lambda job: job.id)
    return f"/console/jobs/{job.id}", job


async def employer_of(office: Office, job: Job) -> Employer:
    (employer,) = await read(office, Employer, Employer.id == job.employer_id)
    return employer


async def account(office: Office) -> Address:
    """Add an account that has written to us."""
    async with office.site.app.database.transaction() as db:
        address = Address(channel="telegram", external_id=f"j{next(_numbers)}", created_at=office.clock())
        db.add(address)
        await db.flush()
        db.add(Conversation(address_id=address.id, data={}, menu=[]))
    return address
