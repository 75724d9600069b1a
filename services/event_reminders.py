"""When a place at an event is reminded of: at nine on the day before, and of whom that is due."""

from datetime import datetime, time, timedelta

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, start_of
from db.events import Event, EventSignUp
from services.event_list import SignUp
from services.event_sign_ups import sign_ups

_AT = time(9)
_DAY = timedelta(days=1)


def moment(starts_at: datetime) -> datetime:
    """Return when whoever has a place is reminded."""
    return datetime.combine(starts_at.astimezone(CHINA).date() - _DAY, _AT, CHINA)


async def due(db: AsyncSession, now: datetime, limit: int) -> list[SignUp]:
    """Return who is to be reminded now; a clock that was away is late, but never says it after the beginning."""
    nine = timedelta(hours=_AT.hour)
    after = (now.astimezone(CHINA) - nine).date() + 2 * _DAY
    soon = Event.starts_at > now, Event.starts_at < start_of(after)
    unsaid = or_(EventSignUp.reminded_for.is_(None), EventSignUp.reminded_for != Event.starts_at)
    return await sign_ups(db, Event.status == "open", *soon, EventSignUp.status == "active", unsaid, limit=limit)


async def reminded(db: AsyncSession, found: list[SignUp]) -> None:
    """Note that they were."""
    for starts_at in {one.event.starts_at for one in found}:
        ids = [one.row.id for one in found if one.event.starts_at == starts_at]
        await db.execute(
            update(EventSignUp)
            .where(EventSignUp.id.in_(ids))
            .values(reminded_for=starts_at)
            .execution_options(synchronize_session=False)
        )
