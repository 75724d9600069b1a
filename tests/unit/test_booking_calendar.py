"""The calendar entry of a visit, read by another library than the one that wrote it."""

from datetime import UTC, datetime, timedelta

import vobject

from db.bookings import Booking, Service, Slot
from db.places import Station
from services.booking_calendar import calendar_file
from services.booking_rows import Visit
from tests.fakes.stationhouse import MONDAY, at

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)


def visit(sequence: int = 0, **station: str) -> Visit:
    values = {"name": "南街服务站", "level": "township", "address": "南街12号，二楼; 左手边", "phone": "0573-88001234"}
    return Visit(
        Booking(code="YY-12345", sequence=sequence, status="booked"),
        Slot(starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 9, 30)),
        Station(**(values | station)),
        Service(name="优待证申领", bring="身份证\n两寸照片"),
    )


def test_another_parser_reads_what_was_written() -> None:
    document = calendar_file(visit(), NOW)
    entry = vobject.readOne(document.text)
    event = entry.vevent
    assert (document.name, document.media_type) == ("预约YY-12345.ics", "text/calendar")
    assert (entry.method.value, event.status.value, event.sequence.value) == ("PUBLISH", "CONFIRMED", "0")
    assert event.uid.value == "YY-12345@yizhan"
    assert event.dtstart.value == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert event.dtend.value == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert event.dtstamp.value == NOW
    assert event.summary.value == "到南街服务站：优待证申领"
    assert event.location.value == "南街服务站 南街12号，二楼; 左手边"
    assert event.description.value == "预约码：YY-12345\n要带：身份证、两寸照片\n电话：0573-88001234"
    assert [alarm.trigger.value for alarm in event.valarm_list] == [timedelta(days=-1), timedelta(hours=-2)]


def test_a_change_is_the_same_entry_with_a_higher_number() -> None:
    first, moved = (vobject.readOne(calendar_file(visit(number), NOW).text).vevent for number in (0, 1))
    assert first.uid.value == moved.uid.value
    assert int(first.sequence.value) < int(moved.sequence.value)


def test_a_cancelled_one_takes_itself_away_and_wakes_nobody() -> None:
    document = calendar_file(visit(2), NOW, cancelled=True)
    entry = vobject.readOne(document.text)
    assert document.name == "取消预约YY-12345.ics"
    assert (entry.method.value, entry.vevent.status.value, entry.vevent.sequence.value) == ("CANCEL", "CANCELLED", "2")
    assert entry.vevent.uid.value == "YY-12345@yizhan"
    assert "valarm" not in entry.vevent.contents


def test_lines_are_no_longer_than_the_format_allows_and_end_as_it_wants() -> None:
    text = calendar_file(visit(address="很长的地址" * 40), NOW).text
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert vobject.readOne(text).vevent.location.value.endswith("很长的地址" * 40)


def test_what_a_station_has_not_is_left_out() -> None:
    event = vobject.readOne(calendar_file(visit(address="", phone=""), NOW).text).vevent
    assert event.location.value == "南街服务站"
    assert "电话" not in event.description.value
