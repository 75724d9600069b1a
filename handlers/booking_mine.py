"""One's own visits in the chat: which there are, one of them, moving it, giving it back, and how long the line is."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.acting import SELF, record
from handlers.anytime import stale
from handlers.booking_confirm import say_visit
from handlers.booking_plan import Office, Plan, forget, note
from handlers.booking_screens import FOR_WHOM, MINE_CHOICE, OTHER_CHOICE, listed, short, visit_choices, visit_facts
from handlers.booking_shut import shut_now
from handlers.booking_there import ahead_words
from handlers.booking_wait import wait_when
from handlers.booking_whom import Errand, errand_of, people_of
from handlers.event_screens import moment
from handlers.exam_errand import numbers
from handlers.guide import page_number
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import booking_calendar, booking_lists, bookings, tickets, waits
from services.booking_rows import Visit
from services.waits import Wait

REASONS = ("有事去不了", "已经办好了", "别的原因")

MINE = "约好的有这些，回复数字看看："
NO_MINE = "现在没有约好的事。要约时间，回复 1。"
ONE = "{who}的预约：\n{facts}"
OVER, OFF = "{when}的{service}已经办过了。", "{when}的{service}取消了。"
WHY = "要取消吗？\n{visit}\n取消了，号就让给别人了。回复数字："
DROPPED = "取消好了：{visit}\n原因：{reason}\n想再约，随时说一声：预约。"
KEEP, MOVE_INSTEAD, BECAUSE = "不取消，留着", "改个时间", "取消：{reason}"
STAYS = "好的，不改了，还是原来的时间。\n{facts}"
GOING = "好，{when}等{who}来。\n{facts}"
WAITS = "候补：{when} {service}"
NEW_CHOICE, AGAIN_CHOICE = Choice("预约时间", "book"), Choice("重新预约", "book")
SHOW, MOVE, DROP = "book-show", "book-move", "book-drop"

Screen = Callable[[Turn, Office, Errand, Visit], Coroutine[Any, Any, None]]


def routes(office: Office) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    for name, screen in {**SCREENS, "book-gone": _drop, "book-go": _going}.items():
        router.action(name)(partial(_about, office, screen))
    router.action("book-mine")(partial(_list, office))
    return router


async def visits_of(turn: Turn, office: Office) -> list[tuple[Errand, Visit]]:
    """Return what the chat may act on of what is to come."""
    found = await booking_lists.of(turn.db, turn.address_id, await people_of(turn), turn.now)
    known = [(await errand_of(turn, office.vault, one.booking), one) for one in found]
    return [(errand, one) for errand, one in known if errand is not None]


async def pick(
    turn: Turn, office: Office, action: str, meant: Sequence[tuple[Errand, Visit]] | None = None
) -> None:  # fmt: skip
    """Show a screen of the one visit there is, or that is meant, or ask which."""
    found = await visits_of(turn, office) if meant is None else meant
    if len(found) == 1 and not (action == SHOW and await waits_of(turn, office)):
        await SCREENS[action](turn, office, *found[0])
    else:
        await _say_list(turn, office, found, action)


async def say_next(turn: Turn, office: Office, text: str) -> bool:
    """Show the next visit, with its code, behind a text; False for whoever has none."""
    found = await visits_of(turn, office)
    if not found:
        return False
    errand, one = found[0]
    note(turn)
    told = text + (await shut_now(turn.db, one, errand.who) or visit_facts(turn, one))
    turn.say(told, *visit_choices(one), texts.PERSON_CHOICE, texts.BACK_CHOICE, qr=one.booking.code)
    return True


async def _list(office: Office, turn: Turn) -> None:
    if turn.argument:
        await _say_list(turn, office, await visits_of(turn, office), SHOW, page_number(turn.argument))
    else:
        await pick(turn, office, SHOW)


async def _say_list(
    turn: Turn, office: Office, found: Sequence[tuple[Errand, Visit]], action: str, page: int = 0
) -> None:  # fmt: skip
    note(turn)
    options = [Choice(label(errand, one), f"{action}:{one.booking.id}") for errand, one in found]
    options += [
        Choice(WAITS.format(when=wait_when(one), service=one.service.name), f"wait-show:{one.row.id}")
        for one in await waits_of(turn, office)
    ]
    if not options:
        turn.say(NO_MINE, NEW_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, "book-mine")
    turn.say(MINE, *listed(options, page, "book-mine", OTHER_CHOICE), replaces=True)


def label(errand: Errand, one: Visit) -> str:
    """Return how a visit is named in a list, with whose it is."""
    return short(one) if errand.as_ == SELF else FOR_WHOM.format(visit=short(one), who=errand.who)


async def waits_of(turn: Turn, office: Office) -> list[Wait]:
    """Return for what the chat waits that it may act on."""
    found = await waits.of(turn.db, turn.address_id, await people_of(turn), turn.now)
    return [one for one in found if await errand_of(turn, office.vault, one.row)]


async def _about(office: Office, screen: Screen, turn: Turn) -> None:
    """Show a screen of a visit, if it stands and whoever writes may act on it."""
    found = numbers(turn.argument.partition(".")[0], 1)
    one = await booking_lists.find(turn.db, found[0]) if found else None
    errand = await errand_of(turn, office.vault, one.booking) if one else None
    if one is None or errand is None:
        await stale(turn)
        return
    note(turn)
    if one.booking.status != "booked" or one.slot.ends_at <= turn.now:
        await _say_over(turn, one)
    else:
        await screen(turn, office, errand, one)


async def _say_over(turn: Turn, one: Visit) -> None:
    ahead = await tickets.ahead(turn.db, one.booking.id, turn.now) if one.booking.status == "came" else None
    text = OFF if one.booking.status == "cancelled" else OVER
    told = text.format(when=moment(one.slot.starts_at), service=one.service.name)
    turn.say(told if ahead is None else ahead_words(ahead), MINE_CHOICE, OTHER_CHOICE, texts.START_CHOICE)


async def show(turn: Turn, _: Office, errand: Errand, one: Visit) -> None:
    """Show a visit and what can be done with it."""
    note(turn)
    visit(turn, f"book-show:{one.booking.id}")
    told = await shut_now(turn.db, one, errand.who) or ONE.format(who=errand.who, facts=visit_facts(turn, one))
    say_visit(turn, one, told, (OTHER_CHOICE,))


async def move(turn: Turn, office: Office, _: Errand, one: Visit) -> None:
    """Show the days to move a visit to; the old time is kept meanwhile."""
    forget(turn)
    await office.go_on(turn, moving(one))


async def stay(turn: Turn, office: Office, booking_id: int) -> None:
    """Stop moving: the visit stands, and is shown."""
    one = await booking_lists.find(turn.db, booking_id)
    errand = await errand_of(turn, office.vault, one.booking) if one else None
    note(turn)
    forget(turn)
    if one is None or errand is None or one.booking.status != "booked":
        await pick(turn, office, SHOW)
    else:
        visit(turn, f"{SHOW}:{booking_id}")
        say_visit(turn, one, STAYS.format(facts=visit_facts(turn, one)))


def moving(one: Visit) -> Plan:
    """Return the plan to move a visit."""
    return Plan(one.service.id, one.station.id, moved=one.booking.id)


async def ask_why(turn: Turn, _: Office, errand: Errand, one: Visit) -> None:
    """Ask once more, and why, before a place is given to others."""
    note(turn)
    visit(turn, f"book-drop:{one.booking.id}")
    keep_, instead = Choice(KEEP, f"{SHOW}:{one.booking.id}"), Choice(MOVE_INSTEAD, f"{MOVE}:{one.booking.id}")
    reasons = [
        Choice(BECAUSE.format(reason=reason), f"book-gone:{one.booking.id}.{number}")
        for number, reason in enumerate(REASONS)
    ]
    text = WHY.format(visit=label(errand, one))
    turn.say(text, keep_, instead, *reasons, texts.BACK_CHOICE, replaces=True)


async def _drop(turn: Turn, office: Office, errand: Errand, one: Visit) -> None:
    """Give the place back; the first who waits gets it."""
    number = turn.argument.partition(".")[2]
    reason = REASONS[int(number)] if number in map(str, range(len(REASONS))) else REASONS[0]
    try:
        one = await bookings.cancel(turn.db, office.rules, one.booking.id, errand.as_, turn.now, reason)
    except Refusal as refusal:
        turn.say(str(refusal), MINE_CHOICE, texts.BACK_CHOICE)
        return
    text = DROPPED.format(visit=label(errand, one), reason=reason)
    document = booking_calendar.calendar_file(one, turn.now, cancelled=True)
    turn.say(text, AGAIN_CHOICE, texts.START_CHOICE, replaces=True, document=document)
    await record(turn, office.vault, errand.acting, "取消", f"booking:{one.booking.id}")


async def _going(turn: Turn, _: Office, errand: Errand, one: Visit) -> None:
    """Thank whoever says they will come, with all they need to know."""
    going = GOING.format(when=moment(one.slot.starts_at), who=errand.who, facts=visit_facts(turn, one))
    text = await shut_now(turn.db, one, errand.who) or going
    turn.say(text, *visit_choices(one), texts.START_CHOICE, qr=one.booking.code)


SCREENS: Mapping[str, Screen] = {SHOW: show, MOVE: move, DROP: ask_why}
