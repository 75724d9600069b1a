"""How a visit to a station reads on the screen: when, where, what to bring, and what can be done with it."""

import re
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
THING = "· "
REMINDED = {
    (2, False): "\n\n前一天上午9点和到点前两小时，我会再提醒。",
    (1, False): "\n\n到点前两小时，我会再提醒。",
    (2, True): "\n\n前一天上午9点和下午6点，我会再提醒。",
    (1, True): "\n\n今天下午6点，我会再提醒。",
}
"""By how many moments are still to come, and whether the last of them is in the evening before."""
HALVES = {"am": texts.MORNING, "pm": texts.AFTERNOON}
SHORT = "{when} {service}"
FOR_WHOM = "{visit}（{who}）"
MINE_CHOICE = Choice("我的预约", "book-mine")
OTHER_CHOICE = Choice("约别的事", "book")
MOVE, DROP, QUEUE = "改期", "取消预约", "排候补"
_PAGE = 5
"""Options on a page beside 更多 and 返回."""
_CLAUSE = re.compile(r"(?<=[，；、])(?![^（(]*[）)])")
_WIDEST = 54


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


def place_facts(turn: Turn, station: Station) -> list[tuple[str, str]]:
    """Return where one goes; the bureau's own address and number where a station has none."""
    return [
        (WHERE, station.name),
        (ADDRESS, station.address or fill(turn, "{address}")),
        (PHONE, station.phone or fill(turn, "{phone}")),
    ]


def bring_lines(service: Service) -> list[str]:
    """Return what one brings, a thing a line; a long one goes on in the next, but is never cut in a word."""
    things = [line.strip() for line in service.bring.split("\n") if line.strip()]
    if len(things) == 1 and len(things[0]) <= _WIDEST:
        return [texts.BRING + things[0]]
    return [texts.BRING, *(line for thing in things for line in _broken(THING + thing))] if things else []


def _broken(text: str) -> list[str]:
    lines = [""]
    for clause in _CLAUSE.split(text):
        if lines[-1] and len(lines[-1]) + len(clause) > _WIDEST:
            lines.append("")
        lines[-1] += clause
    return [part for line in lines for part in wrapped(line).split("\n")]


def facts(turn: Turn, station: Station, service: Service, at: datetime | None, purpose: str = "") -> str:
    """Return all that somebody who goes there has to know, a fact a line, long ones in several; what to bring last."""
    lines = [(WHAT, service.name), (WHEN, moment(at) if at else ""), *place_facts(turn, station)]
    lines.append((MATTER, "" if purpose == service.name else purpose))
    return "\n".join([*(wrapped(label + text) for label, text in lines if text), *bring_lines(service)])


def visit_facts(turn: Turn, one: Visit) -> str:
    """Return the same of a visit, with its code."""
    told = facts(turn, one.station, one.service, one.slot.starts_at, one.booking.purpose)
    return CODE.format(code=one.booking.code) + "\n" + told


def reminded(one: Visit, now: datetime) -> str:
    """Return which reminders will come."""
    starts_at = one.slot.starts_at
    to_come = sum(moment > now for moment in booking_moments.moments(starts_at))
    return REMINDED.get((to_come, booking_moments.in_the_evening(starts_at)), "")


def short(one: Visit) -> str:
    """Return how a visit is named in a list."""
    return SHORT.format(when=moment(one.slot.starts_at), service=one.service.name)


def visit_choices(one: Visit) -> tuple[Choice, ...]:
    """Return what can be done with a visit."""
    return Choice(MOVE, f"book-move:{one.booking.id}"), Choice(DROP, f"book-drop:{one.booking.id}")


def listed(options: Sequence[Choice], page: int, more: str, *others: Choice) -> list[Choice]:
    """Return a page of options, the other ways behind the last of them, then 更多 and 返回: at most seven."""
    offered = [*options, *others]
    if len(offered) <= _PAGE + 1:
        return [*offered, texts.BACK_CHOICE]
    first = page * _PAGE if page * _PAGE < len(offered) else 0
    shown = offered[first : first + _PAGE]
    if first + _PAGE < len(offered):
        shown.append(Choice(texts.MORE, f"{more}:{first // _PAGE + 1}"))
    return [*shown, texts.BACK_CHOICE]


def days_of(first: date, last: date) -> list[date]:
    """Return the days from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
