"""The figures of the yearly report: each case counted where it belongs, shares of what they are shares of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.errors import Refusal
from db.engine import Database
from db.staff import Staff
from services import case_figures
from services.case_figures import Figures, Report
from services.period import Period, period_of
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_case, add_staff, add_station

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
"""Nine in the morning in China."""
NOW = MONDAY + timedelta(days=4)


async def _report(database: Database, staff: Staff, period: Period = YEAR) -> Report:
    async with database.snapshot() as db:
        material = await case_figures.read(db, staff, period)
    return case_figures.report(material, NOW)


def _closed(at: datetime, outcome: str = "resolved", **columns: Any) -> dict[str, Any]:
    return {"status": "closed", "closed_at": at, "outcome": outcome} | columns


@pytest.fixture
async def admin(database: Database, clock: SettableClock) -> Staff:
    async with database.transaction() as db:
        return await add_staff(db, clock(), "admin")


async def test_nothing_yet(database: Database, admin: Staff) -> None:
    report = await _report(database, admin)
    assert report.total == Figures("全部", 0, 0, 0, 0, None, 0, None, None, None, None, 0, 0)
    assert ([one.label for one in report.kinds], list(report.stations), len(report.months)) == (
        ["consult", "benefit", "errand", "petition", "crisis"], [], 12,
    )  # fmt: skip


async def test_every_figure(database: Database, admin: Staff) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    last_year = datetime(2025, 12, 31, 15, 0, tzinfo=UTC)  # eleven at night in China
    async with database.transaction() as db:
        north = await add_station(db, "北站")
        for at, kind, station, columns in (
            (MONDAY, "errand", north, _closed(MONDAY + day, rating=5, first_answer_at=MONDAY + hour)),
            (MONDAY, "errand", north, _closed(MONDAY + day, rating=4, first_answer_at=MONDAY + 2 * hour, reopened=1)),
            (MONDAY, "consult", None, _closed(MONDAY + day, rating=2, first_answer_at=MONDAY + day)),  # 8 hours: late
            (MONDAY, "consult", None, _closed(MONDAY + hour, "withdrawn")),
            (MONDAY, "consult", None, {}),  # nobody has answered for four days
            (MONDAY, "crisis", None, _closed(MONDAY + hour, "false_alarm", first_answer_at=MONDAY + hour / 20)),
            (last_year, "benefit", None, _closed(MONDAY)),
            (last_year, "benefit", None, _closed(last_year + hour / 2)),
            (last_year, "benefit", None, {}),
        ):
            await add_case(db, at, kind=kind, station=station, **columns)
    report = await _report(database, admin)
    assert report.total == Figures("全部", 6, 6, 2, 4, 3 / 4, 3, 2 / 3, 11 / 3, 90, 2 / 6, 1, 1)
    by_kind = {one.label: one for one in report.kinds}
    assert by_kind["errand"] == Figures("errand", 2, 2, 0, 2, 1 / 2, 2, 1, 4.5, 90, 0, 0, 0)
    assert (by_kind["benefit"].opened, by_kind["benefit"].closed, by_kind["benefit"].late) == (0, 1, None)
    assert [(one.label, one.opened) for one in report.stations] == [("北站", 2), ("没有分到站", 4)]
    november, december = report.months[10], report.months[11]
    assert (november.label, november.opened, november.left) == ("2026年11月", 6, 2)
    assert (december.opened, december.left) == (0, 2)


async def test_a_danger_is_timed_by_the_clock_and_others_by_working_hours(database: Database, admin: Staff) -> None:
    night = MONDAY + timedelta(hours=14)  # eleven in the evening
    async with database.transaction() as db:
        for kind in ("crisis", "consult"):
            await add_case(db, night, kind=kind, first_answer_at=night + timedelta(minutes=6))
    figures = {one.label: one for one in (await _report(database, admin)).kinds}
    assert (figures["crisis"].median_wait, figures["crisis"].late) == (6, 1)
    assert (figures["consult"].median_wait, figures["consult"].late) == (0, 0)


async def test_a_lead_counts_their_stations_only(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        centre = await add_station(db, "县中心")
        north, south = await add_station(db, "北站", centre), await add_station(db, "南站", centre)
        of_north, of_all = await add_staff(db, clock(), "lead", north), await add_staff(db, clock(), "lead", centre)
        editor = await add_staff(db, clock(), "editor")
        for station in (north, south, None):
            await add_case(db, MONDAY, station=station)
    found = [(await _report(database, staff)).total.opened for staff in (of_north, of_all, editor)]
    assert found == [2, 3, 0]
    assert [one.label for one in (await _report(database, of_north)).stations] == ["北站", "没有分到站"]


def test_days_of_a_form() -> None:
    today = date(2026, 11, 21)
    assert period_of("", "", today) == Period(date(2026, 1, 1), today)
    assert period_of("2026-11-01", "2026-11-30", today) == Period(date(2026, 11, 1), date(2026, 11, 30))
    for first, last in (("2026-13-01", ""), ("2026-11-02", "2026-11-01"), ("2020-01-01", ""), ("", "9999-12-31")):
        with pytest.raises(Refusal):
            period_of(first, last, today)


def test_months_of_a_period() -> None:
    found = Period(date(2025, 12, 15), date(2026, 2, 3)).months()
    assert [(one.first.isoformat(), one.last.isoformat()) for one in found] == [
        ("2025-12-15", "2025-12-31"), ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-03"),
    ]  # fmt: skip
