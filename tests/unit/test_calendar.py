"""Due dates fall when somebody is there: decreed days, make-up workdays, lunch, and years nobody has decreed yet."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import CHINA
from services.calendar import DEFAULT_WEEK, Day, WorkingCalendar

SHIPPED = WorkingCalendar({}, DEFAULT_WEEK)
MORNINGS = WorkingCalendar({}, {0: ((time(9), time(11, 30)),), 5: ((time(9), time(10)), (time(10), time(12)))})
OVERRIDDEN = WorkingCalendar(
    {date(2026, 11, 23): Day(working=False, confirmed=True, note="停电"), date(2026, 11, 22): Day(True, True, None)},
    DEFAULT_WEEK,
)
CALENDARS = st.sampled_from([SHIPPED, MORNINGS, OVERRIDDEN])
MOMENTS = st.datetimes(datetime(2025, 12, 20), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 5000)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "working", "note"),
    [
        (date(2026, 2, 13), True, None),
        (date(2026, 2, 14), True, "春节调休上班"),
        (date(2026, 2, 15), False, "春节放假"),
        (date(2026, 2, 17), False, "春节放假"),
        (date(2026, 2, 23), False, "春节放假"),
        (date(2026, 2, 24), True, None),
        (date(2026, 2, 28), True, "春节调休上班"),
        (date(2026, 3, 1), False, None),
        (date(2026, 10, 10), True, "国庆节调休上班"),
        (date(2026, 11, 21), False, None),
    ],
)
def test_a_decreed_year(day: date, working: bool, note: str | None) -> None:  # noqa: FBT001
    assert SHIPPED.day(day) == Day(working, confirmed=True, note=note)


def test_beyond_the_decreed_years_the_weekday_is_a_guess() -> None:
    assert SHIPPED.day(date(2031, 2, 3)) == Day(working=True, confirmed=False, note=None)
    assert SHIPPED.day(date(2031, 2, 1)) == Day(working=False, confirmed=False, note=None)
    assert SHIPPED.day(date(2031, 10, 1)) == Day(working=False, confirmed=False, note="国庆节")


def test_what_staff_decided_goes_before_all() -> None:
    assert OVERRIDDEN.day(date(2026, 11, 23)) == Day(working=False, confirmed=True, note="停电")
    assert OVERRIDDEN.next_opening(at(11, 22, 18)) == at(11, 24, 8)


def test_a_make_up_workday_without_hours_of_its_own_has_mondays() -> None:
    assert SHIPPED.periods(date(2026, 2, 28)) == DEFAULT_WEEK[0]
    assert MORNINGS.periods(date(2026, 2, 28)) == ((time(9), time(10)), (time(10), time(12)))
    assert MORNINGS.periods(date(2026, 9, 20)) == ((time(9), time(11, 30)),)


def test_hours_on_a_saturday_open_ordinary_saturdays_only() -> None:
    assert MORNINGS.is_open(at(11, 21, 9, 30))
    assert not MORNINGS.is_open(at(10, 3, 9, 30))
    assert not MORNINGS.is_open(at(11, 24, 9, 30))


def test_closing_is_not_open() -> None:
    moments = [at(11, 23, 7, 59), at(11, 23, 8), at(11, 23, 12), at(11, 23, 13), at(11, 23, 14), at(11, 23, 18)]
    assert [SHIPPED.is_open(moment) for moment in moments] == [False, True, False, False, True, False]


def test_over_lunch_the_evening_and_the_weekend() -> None:
    assert SHIPPED.add_minutes(at(11, 23, 11, 30), 60) == at(11, 23, 14, 30)
    assert SHIPPED.add_minutes(at(11, 20, 17), 120) == at(11, 23, 9)
    assert SHIPPED.add_minutes(at(11, 23, 17), 60) == at(11, 23, 18)
    assert SHIPPED.minutes_between(at(11, 20, 17), at(11, 23, 9)) == 120


def test_over_the_spring_festival() -> None:
    assert SHIPPED.add_minutes(at(2, 14, 17, 30), 60) == at(2, 24, 8, 30)
    assert SHIPPED.next_opening(at(2, 27, 18)) == at(2, 28, 8)
    assert SHIPPED.minutes_between(at(2, 14), at(3, 1)) == 6 * 480


def test_over_the_end_of_a_year_into_one_not_decreed() -> None:
    assert SHIPPED.add_minutes(at(12, 31, 17, 30), 60) == at(1, 4, 8, 30, year=2027)


def test_moments_come_back_in_their_own_zone() -> None:
    due = SHIPPED.add_minutes(datetime(2026, 11, 23, 0, 30, tzinfo=UTC), 30)
    assert (due, due.tzinfo) == (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), UTC)
    assert SHIPPED.next_opening(datetime(2026, 11, 21, 2, 0, tzinfo=UTC)).tzinfo is UTC


def test_a_week_without_hours_is_the_shipped_one() -> None:
    assert WorkingCalendar({}, {0: ()}).periods(date(2026, 11, 24)) == DEFAULT_WEEK[1]


@given(CALENDARS, MOMENTS, MINUTES)
def test_a_due_time_is_never_in_closed_time(calendar: WorkingCalendar, moment: datetime, minutes: int) -> None:
    due = calendar.add_minutes(moment, minutes)
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))


@given(CALENDARS, MOMENTS, MOMENTS, MINUTES, MINUTES)
def test_later_or_longer_is_due_later(
    calendar: WorkingCalendar, one: datetime, other: datetime, few: int, many: int
) -> None:
    (one, other), (few, many) = sorted([one, other]), sorted([few, many])
    assert calendar.add_minutes(one, few) <= calendar.add_minutes(other, many)


@given(CALENDARS, MOMENTS, MINUTES, MINUTES)
def test_two_steps_are_one(calendar: WorkingCalendar, moment: datetime, first: int, then: int) -> None:
    assert calendar.add_minutes(calendar.add_minutes(moment, first), then) == calendar.add_minutes(moment, first + then)


@given(CALENDARS, MOMENTS, MINUTES)
def test_what_was_added_lies_between(calendar: WorkingCalendar, moment: datetime, minutes: int) -> None:
    assert calendar.minutes_between(moment, calendar.add_minutes(moment, minutes)) == minutes


@given(CALENDARS, MOMENTS)
def test_nothing_opens_before_the_next_opening(calendar: WorkingCalendar, moment: datetime) -> None:
    opening = calendar.next_opening(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.minutes_between(moment, opening) == 0
