"""What happens to cases by the clock alone: calls to staff, late answers, and talks that fell asleep."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.people import Address, Person
from handlers import texts
from handlers.casework import Casework
from services import case_alerts, cases
from services.calendar import read_calendar

_AT_ONCE = 20
"""Cases closed in one transaction: each locks its conversation."""


async def call_staff(db: AsyncSession, now: datetime, repeat: timedelta) -> list[int]:
    """Call staff to dangers and late answers; return the cases."""
    dangers = await case_alerts.call_to_dangers(db, now, repeat)
    late = await case_alerts.escalate(db, await read_calendar(db), now)
    return [called.case_id for called in (*dangers, *late)]


async def close_idle(db: AsyncSession, casework: Casework, now: datetime, limit: timedelta) -> list[int]:
    """Give back to the bot the talks in which staff had the last word long ago; return their addresses."""
    idle = await db.scalars(
        select(SupportCase.id)
        .where(
            SupportCase.status == "claimed",
            SupportCase.waiting_since.is_(None),
            SupportCase.last_at <= now - limit,
            ~SupportCase.crisis,
            SupportCase.reason != "no_answer",  # it waits for a call or a visit, not for a word
        )
        .order_by(SupportCase.last_at)
        .limit(_AT_ONCE)
    )
    told = []
    for case_id in idle.all():
        case, _ = await cases.lock(db, case_id)
        if case.status != "claimed" or case.waiting_since is not None or case.last_at > now - limit:
            continue
        silent = await _of_the_dead(db, case)
        if case.kind == "petition":
            await cases.release(db, case_id, now)
            if not silent:
                await casework.say_released(db, case, now)
        else:
            await cases.close(db, case_id, "idle", now)
            if not silent:
                await casework.say_goodbye(db, case, texts.CASE_IDLE, now)
        told.append(case.address_id)
    return told


async def _of_the_dead(db: AsyncSession, case: SupportCase) -> bool:
    """Tell whether the account is of somebody who has died: no word goes there that nobody wrote."""
    died = select(Person.deceased_at).join(Address, Address.person_id == Person.id)
    return await db.scalar(died.where(Address.id == case.address_id)) is not None
