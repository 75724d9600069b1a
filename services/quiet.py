"""Hours in which nothing unasked is sent, so that no telephone rings at night for a notice that can wait."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.people import Address, Person
from services import notice_hold


def next_open(now: datetime, quiet_from: int, quiet_until: int) -> tuple[datetime, datetime | None]:
    """Return when something may be sent, now or at the end of the quiet hours, and when they begin after that.

    The hours are of China's day; two that are the same leave the whole day open, and then nothing begins.
    """
    if quiet_from == quiet_until:
        return now, None
    hour = now.astimezone(CHINA).hour
    quiet = quiet_from <= hour < quiet_until if quiet_from < quiet_until else not quiet_until <= hour < quiet_from
    opens = _next(now, quiet_until) if quiet else now
    return opens, _next(opens, quiet_from)


def next_morning(now: datetime, hour: int) -> datetime:
    """Return an hour of China's next day."""
    return _at(now, hour) + timedelta(days=1)


def day_start(now: datetime) -> datetime:
    """Return when the present day began in China."""
    return _at(now, 0)


def _next(moment: datetime, hour: int) -> datetime:
    same_day = _at(moment, hour)
    return same_day if same_day > moment else same_day + timedelta(days=1)


def _at(moment: datetime, hour: int) -> datetime:
    local = moment.astimezone(CHINA)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)


async def hours_of(db: AsyncSession, address_id: int) -> tuple[int, int] | None:
    """Return the hours that a person has chosen; None means the bureau's."""
    chosen = select(Person.quiet_from, Person.quiet_until).join(Address, Address.person_id == Person.id)
    row = (await db.execute(chosen.where(Address.id == address_id))).first()
    begins, ends = row if row is not None else (None, None)
    return None if begins is None or ends is None else (begins, ends)


async def set_hours(db: AsyncSession, address_id: int, hours: tuple[int, int] | None, now: datetime) -> bool:
    """Keep a person's own hours, None for the bureau's; False when the account belongs to nobody on file."""
    person_id = await db.scalar(select(Address.person_id).where(Address.id == address_id))
    if person_id is None:
        return False
    quiet_from, quiet_until = hours or (None, None)
    await db.execute(
        update(Person).where(Person.id == person_id).values(quiet_from=quiet_from, quiet_until=quiet_until)
    )
    await notice_hold.judge_again(db, address_id, now)
    return True
