"""What staff set of calendar, hours and targets is what due times are reckoned by, on both databases."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.errors import Refusal
from db.calendar import CalendarDay, OfficeHours, ReplyTarget
from db.engine import Database
from services.calendar import DEFAULT_WEEK, read_calendar
from services.deadlines import DEFAULT_TARGETS, Target, read_targets, reply_due, set_target

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Eight in the morning in China."""


async def _due(database: Database, kind: str, since: datetime = MONDAY, *, first: bool = True) -> datetime:
    async with database.snapshot() as db:
        return await reply_due(db, await read_calendar(db), kind, since, first=first)


async def test_shipped_hours_and_targets(database: Database) -> None:
    async with database.snapshot() as db:
        calendar = await read_calendar(db)
        assert calendar.periods(date(2026, 11, 23)) == DEFAULT_WEEK[0]
        assert await read_targets(db) == DEFAULT_TARGETS
    assert await _due(database, "consult") == MONDAY + timedelta(hours=4)
    assert await _due(database, "benefit") == MONDAY + timedelta(hours=10)


async def test_a_crisis_does_not_wait_for_morning(database: Database) -> None:
    midnight = MONDAY - timedelta(days=1, hours=8)
    assert await _due(database, "crisis", midnight) == midnight + timedelta(minutes=5)


async def test_days_and_hours_of_the_bureau(database: Database) -> None:
    async with database.transaction() as db:
        db.add(OfficeHours(weekday=1, opens=time(13), closes=time(17)))
        db.add(OfficeHours(weekday=1, opens=time(9), closes=time(11)))
        db.add(OfficeHours(weekday=0, opens=time(9), closes=time(11)))
        db.add(CalendarDay(day=date(2026, 11, 23), working=False, note="系统升级"))
    async with database.snapshot() as db:
        calendar = await read_calendar(db)
    assert calendar.day(date(2026, 11, 23)).note == "系统升级"
    assert calendar.periods(date(2026, 11, 24)) == ((time(9), time(11)), (time(13), time(17)))
    assert calendar.next_opening(MONDAY) == datetime(2026, 11, 24, 1, tzinfo=UTC)


async def test_targets_of_the_bureau(database: Database) -> None:
    async with database.transaction() as db:
        await set_target(db, "consult", Target(30, 60))
        await set_target(db, "consult", Target(45, 90))
    assert await _due(database, "consult") == MONDAY + timedelta(minutes=45)
    assert await _due(database, "consult", first=False) == MONDAY + timedelta(minutes=90)
    async with database.snapshot() as db:
        targets = await read_targets(db)
    assert (targets["consult"], targets["errand"]) == (Target(45, 90), DEFAULT_TARGETS["errand"])


@pytest.mark.parametrize(("kind", "target"), [("gossip", Target(5, 5)), ("consult", Target(0, 5))])
async def test_a_target_that_cannot_be_kept_is_refused(database: Database, kind: str, target: Target) -> None:
    with pytest.raises(Refusal):
        async with database.transaction() as db:
            await set_target(db, kind, target)
    async with database.snapshot() as db:
        assert await db.get(ReplyTarget, kind) is None
