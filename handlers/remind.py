"""What falls due for people one by one: each kind of reminder plans its own words, all are written down in one pass."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.tick import Pass
from db.reminders import Reminder
from handlers import exam_plan, ladder
from services import notices, reminders
from services.reminders import Step
from services.vault import Vault

Plan = Callable[[AsyncSession, Sequence[Reminder], datetime, Vault], Awaitable[list[Step]]]

PLANS: Mapping[str, Plan] = {"certification": ladder.plan, "exam": exam_plan.plan, "recuperation": exam_plan.plan}
"""By the kind of the reminder. A reminder left out of what a plan returns stays due for the next pass."""

_AT_ONCE = 250
"""One takes about 0.3 ms, and meanwhile SQLite lets nobody else write."""


async def send_due(db: AsyncSession, now: datetime, vault: Vault) -> Pass:
    """Say what is due, and set each reminder to its next step, in one transaction."""
    due = await reminders.due(db, now, _AT_ONCE)
    steps: list[Step] = []
    for kind, plan in PLANS.items():
        if mine := [row for row in due if row.kind == kind]:
            steps += await plan(db, mine, now, vault)
    await notices.post(db, [notice for step in steps for notice in step.notices], now)
    await reminders.advance(db, steps)
    return Pass(len(steps))
