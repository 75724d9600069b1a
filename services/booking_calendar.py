"""A visit as a calendar entry (RFC 5545): moved and cancelled ones take the place of what the telephone has already."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from core.reply import Document
from services.booking_rows import Visit

MEDIA_TYPE = "text/calendar"
SUMMARY = "到{station}：{service}"
CODE, BRING, PHONE = "预约码：{code}", "要带：{bring}", "电话：{phone}"
FILE, CANCELLED_FILE = "预约{code}.ics", "取消预约{code}.ics"
_MAKER = "-//yizhan//booking//ZH"
_BEFORE = (timedelta(days=-1), timedelta(hours=-2))


def calendar_file(visit: Visit, now: datetime, *, cancelled: bool = False) -> Document:
    """Return the entry as it stands; its SEQUENCE grows with every change, so that the latest file wins."""
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(visit, now, cancelled=cancelled))
    name = (CANCELLED_FILE if cancelled else FILE).format(code=visit.booking.code)
    return Document(name, MEDIA_TYPE, calendar.to_ical().decode())


def _event(visit: Visit, now: datetime, *, cancelled: bool) -> Event:
    summary = SUMMARY.format(station=visit.station.name, service=visit.service.name)
    event = Event()
    event.add("uid", f"{visit.booking.code}@yizhan")
    event.add("sequence", visit.booking.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", visit.slot.starts_at.astimezone(UTC))
    event.add("dtend", visit.slot.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("location", " ".join(filter(None, (visit.station.name, visit.station.address))))
    event.add("description", _description(visit))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    for before in () if cancelled else _BEFORE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def _description(visit: Visit) -> str:
    lines = [CODE.format(code=visit.booking.code)]
    if visit.service.bring:
        lines.append(BRING.format(bring="、".join(visit.service.bring.split("\n"))))
    if visit.station.phone:
        lines.append(PHONE.format(phone=visit.station.phone))
    return "\n".join(lines)
