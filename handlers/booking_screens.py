"""How a visit to a station reads on the screen: when, where, what to bring, and what can be done with it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from core.clock import CHINA
from core.reply import Choice
from db.bookings import Service
from db.places import Station
from handlers import texts
from handlers.event_screens import clock_label, moment, wrapped
from handlers.exam_screens import day_label
from handlers.turn import Turn, fill
from services import booking_moments
from services.booking_rows import Visit

CODE = "预约码 {code}"
WHAT, WHEN, WHERE, ADDRESS, PHONE, MATTER = "办：", "时间：", "到：", "地址：", "电话：", "说明："
REMINDED = {
    2: "\n前一天上午9点和到点前两小时，我会再提醒。",
    1: "\n到点前两小时，我会再提醒。",
    0: "",
}
HALVES = {"am": texts.MORNING, "pm": texts.AFTERNOON}
SHORT = "{when} {service}"
FOR_WHOM = "{visit}（{who}）"
MINE_CHOICE = Choice("我的预约", "book-mine")
NEW_CHOICE = Choice("约别的事", "book")
MOVE, DROP, QUEUE = "改期", "取消预约", "排候补"
_PAGE = 5
"""Options on a page beside 更多 and 返回, those that stand on every page counted in."""


def soon_label(day: date, now: datetime) -> str:
    """Return 今天（周三）, 明天（周四）, or 12月1日（周二）."""
    name = {0: texts.TODAY, 1: texts.TOMORROW}.get((day - now.astimezone(CHINA).date()).days)
    return f"{name}（周{texts.WEEKDAYS[day.weekday()]}）" if name else day_label(day)


def time_label(at: datetime) -> str:
    """Return 上午 9:30."""
    return clock_label(at.astimezone(CHINA))


def half_of(at: datetime) -> str:
    """Return am or pm."""
    return "am" if at.astimezone(CHINA).hour < 12 else "pm"


def place_facts(turn: Turn, station: Station, service: Service) -> list[tuple[str, str]]:
    """Return where one goes and what one brings; the bureau's own address and number where a station has none."""
    return [
        (WHERE, station.name),
        (ADDRESS, station.address or fill(turn, "{address}")),
        (PHONE, station.phone or fill(turn, "{phone}")),
        (texts.BRING, "、".join(service.bring.split("\n"))),
    ]


def facts(turn: Turn, station: Station, service: Service, at: datetime, purpose: str = "") -> str:
    """Return all that somebody who goes there has to know, a fact a line, long ones in several."""
    lines = [(WHAT, service.name), (WHEN, moment(at)), *place_facts(turn, station, service)]
    lines.append((MATTER, "" if purpose == service.name else purpose))
    return "\n".join(wrapped(label + text) for label, text in lines if text)


def visit_facts(turn: Turn, one: Visit) -> str:
    """Return the same of a visit, with its code."""
    told = facts(turn, one.station, one.service, one.slot.starts_at, one.booking.purpose)
    return CODE.format(code=one.booking.code) + "\n" + told


def reminded(one: Visit, now: datetime) -> str:
    """Return which reminders will come."""
    return REMINDED[sum(moment > now for moment in booking_moments.moments(one.slot.starts_at))]


def short(one: Visit) -> str:
    """Return how a visit is named in a list."""
    return SHORT.format(when=moment(one.slot.starts_at), service=one.service.name)


def visit_choices(one: Visit) -> tuple[Choice, ...]:
    """Return what can be done with a visit."""
    return Choice(MOVE, f"book-move:{one.booking.id}"), Choice(DROP, f"book-drop:{one.booking.id}")


def listed(options: Sequence[Choice], page: int, more: str, *always: Choice) -> list[Choice]:
    """Return a page of options, what stands on every page, 更多 and 返回: at most seven."""
    room = _PAGE - len(always)
    if len(options) <= room + 1:
        return [*options, *always, texts.BACK_CHOICE]
    first = page * room if page * room < len(options) else 0
    shown = list(options[first : first + room])
    if first + room < len(options):
        shown.append(Choice(texts.MORE, f"{more}:{first // room + 1}"))
    return [*shown, *always, texts.BACK_CHOICE]


def days_of(first: date, last: date) -> list[date]:
    """Return the days from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
