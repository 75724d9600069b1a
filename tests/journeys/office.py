"""The staff of the tiny county: they work on cases through the very acts that console and staff group use."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from db.cases import SupportCase
from db.engine import Database
from db.staff import Staff
from handlers.casework import Casework
from tests.fakes.clock import SettableClock
from tests.journeys.world import snapshot_of

CLAIM_LIFE = timedelta(minutes=30)


async def hire(database: Database, name: str = "李秀兰", **values: Any) -> Staff:
    """Add somebody to the staff."""
    async with database.transaction() as db:
        made = {"login": name, "name": name, "role": "agent", "created_at": SettableClock()()} | values
        staff = Staff(**made)
        db.add(staff)
        await db.flush()
    return staff


@dataclass
class Clerk:
    """One of the staff at work."""

    database: Database
    staff: Staff
    clock: SettableClock
    casework: Casework = field(default_factory=lambda: Casework(lambda: snapshot_of().profile, CLAIM_LIFE, {}))
    keys: Any = field(default_factory=lambda: count(1))

    async def do(self, act: str, case_id: int, *args: Any, **options: Any) -> Any:
        """Do an act in a transaction of its own."""
        async with self.database.transaction() as db:
            return await getattr(self.casework, act)(db, case_id, self.staff, *args, self.clock(), **options)

    async def answers(self, case_id: int, text: str, key: str | None = None) -> list[int]:
        """Write to the person."""
        found: list[int] = await self.do("answer", case_id, text, key=key or f"test:{self.staff.id}:{next(self.keys)}")
        return found


async def only_case(database: Database) -> SupportCase:
    """Return the one case there is."""
    async with database.snapshot() as db:
        return (await db.scalars(select(SupportCase))).one()
