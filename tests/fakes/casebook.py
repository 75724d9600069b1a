"""Cases, words and colleagues put straight into the tables, for tests of how they are read."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import Petition, SupportCase
from db.people import Address, Conversation
from db.places import Station
from db.staff import Staff
from db.turns import Inbox, Outbox
from services.cases import new_code

_number = count(1)


async def add_staff(db: AsyncSession, now: datetime, role: str = "agent", **columns: Any) -> Staff:
    staff = Staff(login=f"s{next(_number)}", role=role, created_at=now, **({"name": "李四"} | columns))
    db.add(staff)
    await db.flush()
    return staff


async def add_station(db: AsyncSession, name: str, parent: Station | None = None) -> Station:
    station = Station(name=name, level="township", parent_id=parent.id if parent else None)
    db.add(station)
    await db.flush()
    return station


async def add_case(db: AsyncSession, now: datetime, **columns: Any) -> SupportCase:
    """Add an open case of a new address that has waited since `now` and is due in an hour."""
    channel = columns.pop("channel", "web")
    address = Address(channel=channel, external_id=f"p{next(_number)}", created_at=now)
    db.add(address)
    await db.flush()
    kind = columns.get("kind", "consult")
    values: dict[str, Any] = {
        "code": new_code() + str(next(_number)), "address_id": address.id, "kind": kind, "crisis": kind == "crisis",
        "reason": "asked", "question": "优待证怎么办", "opened_at": now, "last_at": now, "waiting_since": now,
        "due_at": now + timedelta(hours=1),
    }  # fmt: skip
    case = SupportCase(**values | columns)
    db.add(case)
    await db.flush()
    held = None if case.status == "closed" else case.id
    db.add(Conversation(address_id=address.id, case_id=held, data={}, menu=[]))
    if kind == "petition":
        db.add(Petition(case_id=case.id, since=now))
    await db.flush()
    return case


async def hear(db: AsyncSession, case: SupportCase, text: str, at: datetime, **columns: Any) -> Inbox:
    """Have the person say something."""
    address = await db.get_one(Address, case.address_id)
    values = {"kind": "text", "case_id": case.id} | columns
    row = Inbox(
        channel=address.channel, event_id=f"e{next(_number)}", address_id=address.id, text=text, at=at, **values
    )
    db.add(row)
    await db.flush()
    return row


async def say(db: AsyncSession, case: SupportCase, text: str, at: datetime, **columns: Any) -> Outbox:
    """Have the service, or one of staff, say something."""
    address = await db.get_one(Address, case.address_id)
    values = {"case_id": case.id, "status": "sent", "payload": {"text": text, "choices": []}} | columns
    row = Outbox(
        channel=address.channel, recipient=address.external_id, address_id=address.id, lane=0, at=at, available_at=at,
        **values,
    )  # fmt: skip
    db.add(row)
    await db.flush()
    return row
