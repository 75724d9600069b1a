"""Fairs and classes in short, and whoever signs up for them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.events import Event, EventSignUp
from db.people import Address
from services import event_places
from services.event_list import SignUp
from services.who import Who
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT

BEGINS = datetime(2026, 12, 5, 9, 0, tzinfo=CHINA)
"""A Saturday, two weeks after the clock's day."""


async def add_event(db: AsyncSession, **columns: Any) -> int:
    """Add an open fair for everybody; return its id."""
    begins = columns.get("starts_at", BEGINS)
    values = {
        "kind": "fair", "title": "冬季退役军人专场招聘会", "starts_at": begins, "ends_at": begins + timedelta(hours=3),
        "closes_at": begins, "place": "县体育馆", "phone": "0573-88001234", "about": "三十家企业到场。",
        "bring": "身份证、优待证", "materials": "", "categories": [], "capacity": 2, "taken": 0, "door_code": "4821",
        "status": "open", "created_at": START, "changed_at": START,
    }  # fmt: skip
    event = Event(**(values | columns))
    db.add(event)
    await db.flush()
    return event.id


async def add_account(db: AsyncSession, name: str, channel: str = "telegram", person_id: int | None = None) -> int:
    """Add an account; return its id."""
    address = Address(channel=channel, external_id=name, person_id=person_id, reachable=True, created_at=START)
    db.add(address)
    await db.flush()
    return address.id


async def sign_up(db: AsyncSession, event_id: int, name: str, now: datetime = START) -> SignUp:
    """Sign somebody up who has an account of this name and is not on file."""
    account = await db.scalar(select(Address.id).where(Address.external_id == name))
    account = account or await add_account(db, name)
    return await event_places.sign_up(db, VAULT, event_id, Who(address_id=account), now)


async def check_places(db: AsyncSession) -> dict[int, tuple[int, int]]:
    """Check that no place was sold twice and nobody waits while one is free; return taken and waiting by event."""
    counted = await db.execute(
        select(EventSignUp.event_id, EventSignUp.status, func.count()).group_by(
            EventSignUp.event_id, EventSignUp.status
        )
    )
    counts = {(event_id, status): number for event_id, status, number in counted}
    events = (await db.scalars(select(Event).execution_options(populate_existing=True))).all()
    found = {}
    for event in events:
        taken, waiting = counts.get((event.id, "active"), 0), counts.get((event.id, "waiting"), 0)
        assert event.taken == taken <= event.capacity
        assert not waiting or taken == event.capacity
        found[event.id] = taken, waiting
    for column in (EventSignUp.address_id, EventSignUp.person_id):
        doubled = select(column).where(EventSignUp.status != "cancelled", column.is_not(None))
        doubled = doubled.group_by(EventSignUp.event_id, column).having(func.count() > 1)
        assert (await db.scalars(doubled)).all() == []
    return found
