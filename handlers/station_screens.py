"""How a service station reads on the screen: how far it is, when it is open, its telephone, what is done there."""

from datetime import date, datetime, timedelta

from core.clock import CHINA
from core.reply import Choice
from handlers import texts
from handlers.booking_plan import Plan
from handlers.booking_screens import soon_label
from handlers.event_screens import wrapped
from handlers.turn import Turn, fill
from services.nearest import Near
from services.station_hours import show_periods
from services.timetable import Timetable

ADDRESS, PHONE, SERVICES, DISTANCE, STARS = "地址：", "电话：", "能预约办：", "离您：", "（{stars}星级）"
METRES, KILOMETRES = "约 {count} 米", "约 {count} 公里"
NAMED_FAR = "{name}（{far}）"
OPEN, SHUT = "{day}开门：{hours}", "{day}不开门"
BECAUSE = "{shut}：{reason}"
UNCONFIRMED = "（放假安排还没有公布，去之前请先打电话问）"
NEXT = "下次开门：{day} {hours}"
GONE = "{name}已经不办事了，请看别的服务站。"
BOOK_CHOICE, OTHERS_CHOICE = "预约去办事", Choice("看别的服务站", "stations-list")
ALL_CHOICE = Choice("看全部服务站", "stations-list")
ASK_WHERE = (
    "请发一下您现在的位置。\n网页上点下面的“发送位置”；聊天软件里点附件，选“位置”。\n也可以直接写您在哪个乡镇或村。"
)
_MOST_SERVICES = 6
_LOOKED_AHEAD = 30
_ROUNDED, _KILOMETRE, _FAR = 100, 1000, 10_000


def far_label(metres: float) -> str:
    """Return 约 300 米, 约 1.2 公里 or 约 25 公里."""
    if metres < _KILOMETRE - _ROUNDED / 2:
        return METRES.format(count=max(1, round(metres / _ROUNDED)) * _ROUNDED)
    return KILOMETRES.format(count=f"{metres / _KILOMETRE:.{0 if metres >= _FAR else 1}f}")


def name_label(near: Near) -> str:
    """Return the name for a list, with how far it is."""
    name = near.station.name
    return name if near.metres is None else NAMED_FAR.format(name=name, far=far_label(near.metres))


def hours_line(table: Timetable, station_id: int, day: date, now: datetime) -> str:
    """Return whether a station is open on a day, when, and why not."""
    label, periods = soon_label(day, now), table.periods(station_id, day)
    unsure = "" if table.confirmed(day) else UNCONFIRMED
    if periods:
        return OPEN.format(day=label, hours=show_periods(periods)) + unsure
    shut = SHUT.format(day=label)
    reason = table.closure(station_id, day) or table.note(day)
    return (BECAUSE.format(shut=shut, reason=reason) if reason else shut) + unsure


def next_line(table: Timetable, station_id: int, day: date, now: datetime) -> str:
    """Return when it is open after a day on which it is not; "" where that is not known."""
    days = (day + timedelta(days=ahead) for ahead in range(1, _LOOKED_AHEAD))
    opens = next((later for later in days if table.periods(station_id, later)), None)
    if table.periods(station_id, day) or opens is None:
        return ""
    return NEXT.format(day=soon_label(opens, now), hours=show_periods(table.periods(station_id, opens)))


def card(turn: Turn, near: Near, table: Timetable, day: date) -> str:
    """Return all that somebody who wants to go there has to know, a fact a line."""
    station, today = near.station, turn.now.astimezone(CHINA).date()
    services = [one.service.name for one in table.provisions if one.station.id == station.id]
    more = "等" if len(services) > _MOST_SERVICES else ""
    name = station.name + (STARS.format(stars=station.stars) if station.stars else "")
    phone = station.phone or fill(turn, "{phone}")
    lines = [
        name,
        hours_line(table, station.id, day, turn.now),
        next_line(table, station.id, day, turn.now),
        hours_line(table, station.id, today, turn.now) if day != today else "",
        ADDRESS + station.address if station.address else "",
        PHONE + phone,
        DISTANCE + far_label(near.metres) if near.metres is not None else "",
        SERVICES + "、".join(services[:_MOST_SERVICES]) + more if services else "",
    ]
    return "\n".join(wrapped(line) for line in lines if line)


def brief(turn: Turn, near: Near, table: Timetable) -> str:
    """Return a station in a list: how far, the hours of today, the telephone."""
    station, today = near.station, turn.now.astimezone(CHINA).date()
    phone = PHONE + station.phone if station.phone else ""
    lines = [name_label(near), hours_line(table, station.id, today, turn.now), phone]
    return "\n".join(wrapped(line) for line in lines if line)


def card_choices(near: Near, table: Timetable) -> list[Choice]:
    """Return what can be done next."""
    books = any(one.station.id == near.station.id for one in table.provisions)
    book = [Choice(BOOK_CHOICE, Plan(station=near.station.id).action)] if books else []
    return [*book, OTHERS_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE]
