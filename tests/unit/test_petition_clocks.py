"""The law's days are calendar days of China, and a clock tells on the day itself that it is due."""

from datetime import UTC, date, datetime, timedelta

from db.cases import Petition
from services.petitions import clocks

RECEIVED = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""Already the 21st in China."""


def _states(petition: Petition, day: date) -> dict[str, str]:
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return {clock.name: clock.state for clock in clocks(petition, noon)}


def test_the_day_of_receipt_is_not_counted_and_china_time_counts() -> None:
    due = {clock.name: clock.due for clock in clocks(Petition(since=RECEIVED), RECEIVED)}
    assert due == {"notice": date(2026, 12, 6), "finish": date(2027, 1, 20)}


def test_due_today_lasts_to_the_end_of_the_day() -> None:
    petition = Petition(since=RECEIVED)
    assert _states(petition, date(2026, 12, 5))["notice"] == "ok"
    assert _states(petition, date(2026, 12, 6))["notice"] == "due_today"
    end = datetime(2026, 12, 6, 15, 59, tzinfo=UTC)
    assert [clock.state for clock in clocks(petition, end)] == ["due_today", "ok"]
    assert [clock.state for clock in clocks(petition, end + timedelta(minutes=1))] == ["overdue", "ok"]


def test_what_is_done_is_no_longer_due() -> None:
    petition = Petition(since=RECEIVED, noticed_at=RECEIVED, decided_at=RECEIVED + timedelta(days=70))
    assert _states(petition, date(2027, 2, 1)) == {"notice": "ok", "finish": "ok"}


def test_an_extension_gives_thirty_days_more() -> None:
    petition = Petition(since=RECEIVED, noticed_at=RECEIVED, extended_at=RECEIVED)
    assert _states(petition, date(2027, 2, 18))["finish"] == "ok"
    assert _states(petition, date(2027, 2, 19))["finish"] == "due_today"
    assert _states(petition, date(2027, 2, 20))["finish"] == "overdue"


def test_a_review_has_thirty_days_from_the_request() -> None:
    petition = Petition(since=RECEIVED, noticed_at=RECEIVED, decided_at=RECEIVED, review_since=RECEIVED)
    assert _states(petition, date(2026, 12, 21)) == {"notice": "ok", "finish": "ok", "review": "due_today"}
