"""A late answer is told of in time, however many are late, and a danger's clock does not stop at night."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from db.cases import StaffGroup, SupportCase
from db.engine import Database
from services import case_alerts, outbox, staff_group
from services.calendar import read_calendar
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_case, add_staff

FRIDAY_EVENING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""Half past five in China, half an hour before closing."""


async def test_many_that_are_late_hide_none_that_becomes_late(database: Database) -> None:
    async with database.transaction() as db:
        for _ in range(case_alerts._AT_ONCE + 1):
            await add_case(db, FRIDAY_EVENING, due_at=FRIDAY_EVENING)
    for _ in range(2):
        async with database.transaction() as db:
            await case_alerts.escalate(db, await read_calendar(db), FRIDAY_EVENING)
    async with database.snapshot() as db:
        assert set(await db.scalars(select(SupportCase.escalation))) == {1}


async def test_a_claimed_danger_climbs_the_ladder_at_night(database: Database) -> None:
    night = FRIDAY_EVENING + timedelta(hours=6)
    async with database.transaction() as db:
        staff = await add_staff(db, night)
        case = await add_case(db, night, kind="crisis", status="claimed", claimed_by=staff.id)
    async with database.transaction() as db:
        await case_alerts.escalate(db, await read_calendar(db), night + timedelta(hours=2))
    async with database.snapshot() as db:
        assert (await db.get_one(SupportCase, case.id)).escalation == 2


async def test_a_card_that_an_unfinished_act_counts_on_is_not_drawn_before(
    database: Database, clock: SettableClock
) -> None:
    if database.embedded:
        return  # one writer: nobody can claim meanwhile
    async with database.transaction() as db:
        db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
        await db.flush()
        case = await add_case(db, clock())
    later = clock() + timedelta(seconds=10)
    async with database.transaction() as acting:
        await staff_group.show_card(acting, case.id, later)
        async with database.transaction() as db:
            assert await outbox.claim(db, ["staff"], later, timedelta(seconds=30)) == []
    async with database.transaction() as db:
        assert len(await outbox.claim(db, ["staff"], later, timedelta(seconds=30))) == 1
