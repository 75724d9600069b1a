"""Being late for a visit: the desk reads it, and whoever is late hears what holds for them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.booking_mine import SHOW, label
from handlers.booking_plan import Office, note
from handlers.booking_screens import MINE_CHOICE, visit_choices, visit_facts
from handlers.booking_shut import shut_now
from handlers.booking_there import expected_of
from handlers.booking_whom import Errand
from handlers.event_screens import moment
from handlers.exam_errand import numbers
from handlers.job_hearing import today_of
from handlers.turn import Turn
from knowledge.heard import Heard
from knowledge.visit_late import Late, read_span
from services import booking_late
from services.booking_rows import Visit
from services.timetable import read_timetable

ACTION = "book-late"
_OFFERED = 10, 20, 30, 60
_HOUR = 60

TOLD = "知道了，已经告诉服务站：{who}大约晚到 {span}。\n"
TOLD_SOME = "知道了，已经告诉服务站：{who}会晚一会儿到。\n"
STANDS = "到了把预约码给工作人员看，照样取号，先后还按约的时间。"
HOW_LONG = "\n大约晚多久？回复数字，说不准就不用回。"
SHUT = "\n不过算下来{when} 到，那时服务站不办公。\n改个时间更稳当。"
IN_TIME = "来得及，不用急。\n到了把预约码给工作人员看，就取到号了。\n"
MAY = "晚一会儿不要紧，到了把预约码给工作人员看，照样取号。\n晚得多的话，可以先打电话说一声，或者改期。\n"
WHICH = "今天约了这些，哪一个要晚到？回复数字："
TELL = "告诉服务站：我会晚到"
MINUTES, HOURS, AND_HALF = "{count} 分钟", "{count} 小时", "{count} 个半小时"


def routes(office: Office) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action(ACTION)(partial(_chosen, office))
    router.text(lambda turn: _figure(turn) is not None)(partial(_figure_said, office))
    return router


async def say_late(turn: Turn, office: Office, late: Late) -> bool:
    """Tell the desk, or ask of which visit; False for whoever is not waited for today."""
    found = await expected_of(turn, office)
    if not found:
        return False
    note(turn)
    if len(found) > 1 and not late.asks:
        _ask_which(turn, found, late)
        return True
    errand, one = found[0]
    minutes = late.minutes(one.slot.starts_at, turn.now)
    if not late.asks:
        await _tell(turn, office, errand, one, minutes)
    elif not await _told_shut(turn, errand, one):
        tell = Choice(TELL, _action(one, minutes))
        turn.say(MAY + visit_facts(turn, one), tell, *visit_choices(one), texts.BACK_CHOICE, qr=one.booking.code)
    return True


async def _told_shut(turn: Turn, errand: Errand, one: Visit) -> bool:
    """Say not to come at all where the station is closed then; False where it is not."""
    text = await shut_now(turn.db, one, errand.who)
    if text is not None:
        turn.say(text, *visit_choices(one), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    return text is not None


def _ask_which(turn: Turn, found: Sequence[tuple[Errand, Visit]], late: Late) -> None:
    options = [
        Choice(label(errand, one), _action(one, late.minutes(one.slot.starts_at, turn.now))) for errand, one in found
    ]
    turn.say(WHICH, *options[: len(_OFFERED)], MINE_CHOICE, texts.BACK_CHOICE)


def _action(one: Visit, minutes: int | None) -> str:
    """Return the action that tells the desk of so many minutes; of none that were said, 0."""
    if minutes is not None and minutes <= 0:
        return f"{SHOW}:{one.booking.id}"
    return f"{ACTION}:{one.booking.id}.{minutes or 0}"


async def _tell(turn: Turn, office: Office, errand: Errand, one: Visit, minutes: int | None) -> None:
    if await _told_shut(turn, errand, one):
        return
    if minutes is not None and minutes <= 0:
        turn.say(IN_TIME + visit_facts(turn, one), *visit_choices(one), texts.BACK_CHOICE, qr=one.booking.code)
        return
    minutes = min(minutes or 0, booking_late.LONGEST)
    if not await booking_late.note(turn.db, one.booking.id, minutes):
        await stale(turn)
        return
    told = TOLD.format(who=errand.who, span=_span(minutes)) if minutes else TOLD_SOME.format(who=errand.who)
    more = () if minutes else tuple(Choice(_span(count), _action(one, count)) for count in _OFFERED)
    text = told + STANDS + (await _shut(turn, one, minutes) if minutes else HOW_LONG)
    turn.say(text, *more, *visit_choices(one), texts.BACK_CHOICE, qr=one.booking.code)
    await record(turn, office.vault, errand.acting, "说会晚到", f"booking:{one.booking.id}")


async def _shut(turn: Turn, one: Visit, minutes: int) -> str:
    """Return what to say when nobody is at the station any more at that time."""
    comes = (one.slot.starts_at + timedelta(minutes=minutes)).astimezone(CHINA)
    table = await read_timetable(turn.db, station_ids=[one.station.id], today=today_of(turn))
    open_then = any(first <= comes.time() < last for first, last in table.periods(one.station.id, comes.date()))
    return "" if open_then else SHUT.format(when=moment(comes))


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, _HOUR)
    if hours and rest in (0, _HOUR // 2):
        return (AND_HALF if rest else HOURS).format(count=hours)
    return MINUTES.format(count=minutes)


async def _chosen(office: Office, turn: Turn) -> None:
    """Take the choice of a visit and its minutes, while the visit is waited for."""
    found = numbers(turn.argument, 2)
    mine = [each for each in await expected_of(turn, office) if found and each[1].booking.id == found[0]]
    if not found or not mine:
        await stale(turn)
        return
    note(turn)
    await _tell(turn, office, *mine[0], found[1] or None)


def _figure(turn: Turn) -> str | None:
    """Return the action of minutes in words, while the last menu asks for them."""
    asked = next((one.action for one in turn.menu if one.action.startswith(f"{ACTION}:")), None)
    minutes = read_span(turn.heard.text) if asked else None
    return None if asked is None or minutes is None else f"{asked.partition('.')[0]}.{minutes}"


async def _figure_said(office: Office, turn: Turn) -> None:
    turn.inbound = replace(turn.inbound, kind="action", text=_figure(turn) or "")
    await office.whole.route(turn)
