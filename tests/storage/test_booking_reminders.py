"""A visit is reminded of at nine on the day before and two hours before, once each, never late and never after a cancel."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking
from db.engine import Database
from services import booking_outcomes, booking_reminders, bookings
from services.booking_moments import first, moments
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, at, book, open_house

TUESDAY = MONDAY + timedelta(days=1)
TEN = at(TUESDAY, 10)
DAY_BEFORE, TWO_BEFORE = at(MONDAY, 9), at(TUESDAY, 8)


def test_the_moments_are_those_of_china_across_a_year_end() -> None:
    new_year = datetime.fromisoformat("2027-01-01T02:30:00+00:00")
    assert moments(new_year) == (datetime.fromisoformat("2026-12-31T09:00:00+08:00"), new_year - timedelta(hours=2))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START, DAY_BEFORE), (DAY_BEFORE, TWO_BEFORE), (at(MONDAY, 12), TWO_BEFORE), (TWO_BEFORE, None), (TEN, None),
    ],
)  # fmt: skip
def test_who_books_late_is_reminded_of_what_is_still_to_come(now: datetime, expected: datetime | None) -> None:
    assert first(TEN, now) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "last"), [(8, 0, at(MONDAY, 18)), (9, 59, at(MONDAY, 18)), (10, 0, TWO_BEFORE)]
)
def test_what_would_be_said_at_night_is_said_in_the_evening_before(hour: int, minute: int, last: datetime) -> None:
    assert moments(at(TUESDAY, hour, minute)) == (DAY_BEFORE, last)
    assert first(at(TUESDAY, hour, minute), at(MONDAY, 17)) == last


async def reminded(db: AsyncSession, now: datetime) -> list[str]:
    """Remind as the tick does; return with which reminder."""
    found = await booking_reminders.due(db, now, 9)
    steps = [booking_reminders.step(one, now) for one in found]
    await booking_reminders.advance(db, found, now)
    return [str(step) for step in steps]


async def test_each_reminder_comes_once(database: Database) -> None:
    async with database.transaction() as db:
        await book(db, await open_house(db), TEN, "li")
    said = []
    for now in (DAY_BEFORE - timedelta(seconds=1), DAY_BEFORE, at(MONDAY, 12), TWO_BEFORE, at(TUESDAY, 9), TEN):
        async with database.transaction() as db:
            said.append(await reminded(db, now))
    assert said == [[], ["day"], [], ["hours"], [], []]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (at(MONDAY, 20), ["day"]),
        (at(TUESDAY, 7, 59), ["day"]),
        (TWO_BEFORE, ["hours"]),
        (at(TUESDAY, 9, 59), ["hours"]),
    ],
)
async def test_a_clock_that_was_away_says_the_last_thing_only(
    database: Database, now: datetime, said: list[str]
) -> None:
    async with database.transaction() as db:
        await book(db, await open_house(db), TEN, "li")
        assert await reminded(db, now) == said
        assert await reminded(db, now) == []


async def test_nothing_is_said_after_the_beginning_and_nothing_is_left_over(database: Database) -> None:
    async with database.transaction() as db:
        visit = await book(db, await open_house(db), TEN, "li")
        assert await reminded(db, TEN) == []
        assert (await db.get_one(Booking, visit.booking.id, populate_existing=True)).remind_at is None


async def test_a_moved_visit_is_reminded_of_anew_and_one_that_is_off_is_not(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        visit, other = await book(db, house, TEN, "li"), await book(db, house, TEN, "wang")
        came = await book(db, house, at(TUESDAY, 11), "zhao")
        assert await reminded(db, DAY_BEFORE) == ["day"] * 3
        later = at(TUESDAY + timedelta(days=1), 10)
        await bookings.move(db, RULES, visit.booking.id, house.station.id, later, "本人", at(MONDAY, 12))
        await bookings.cancel(db, RULES, other.booking.id, "本人", at(MONDAY, 12))
        await booking_outcomes.mark(db, came.booking.id, "came", at(MONDAY, 12))
        assert await reminded(db, at(TUESDAY, 9)) == ["day"]
        assert await reminded(db, later - timedelta(hours=2)) == ["hours"]


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_two_clocks_remind_of_different_visits(database: Database) -> None:
    async with database.transaction() as db:
        house = await open_house(db)
        for name in ("a", "b"):
            await book(db, house, TEN, name)
    async with database.transaction() as one, database.transaction() as other:
        await other.execute(text("SET LOCAL lock_timeout = '1s'"))
        found = [await booking_reminders.due(db, DAY_BEFORE, 1) for db in (one, other, other)]
        assert found[0][0].booking.id != found[1][0].booking.id
        assert found[1][0].booking.id == found[2][0].booking.id
