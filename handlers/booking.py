"""预约: the way in by digits and by words, and on from what is known to what is still to be asked."""

import re
from dataclasses import replace
from functools import partial

from core.menu import bare
from core.router import Router
from db.bookings import Service
from handlers import booking_confirm, booking_mine, booking_wait, booking_whom, booking_words
from handlers.anytime import stale
from handlers.booking_confirm import go_on
from handlers.booking_else import is_none_of_ours, say_near
from handlers.booking_hearing import says_anything, says_when
from handlers.booking_plan import BOOK, STEP, Office, Plan, forget, kept, or_pass, read_plan
from handlers.booking_purpose import is_other_time, number_said, purpose_said
from handlers.booking_said import answer, fill_in, say_not_open
from handlers.booking_steps import ask_station, is_open
from handlers.booking_wanted import exactly, is_question, told, wanted
from handlers.booking_words import Said
from handlers.guide import split_page
from handlers.turn import Turn
from knowledge.heard import Heard
from services.booking_rules import BookingRules
from services.vault import Vault

_ANY = re.compile(
    "(?:随便|都行|都可以|都好|无所谓|[你您]们?(?:定|看着办)|越[快早]越好|尽快|尽早|最早的?|最快的?)"
    "(?:哪一?天|什么时候|时间|[你您]们?定|都行|都可以|的|吧|就行)*|(?:哪一?天|什么时候)都(?:行|可以|好)"
)
_YES = {
    "对", "对的", "好", "好的", "是", "是的", "可以", "行", "嗯", "确认", "没错", "就这个", "就这样", "能", "能来",
}  # fmt: skip
_NO = {"不对", "不对的", "错了", "不是", "不是的", "搞错了", "弄错了", "写错了"}
_TAKES = "book-take:", "book-sure:"
"""What yes means; only while the choice that does so is in the last menu."""
_OF_ANOTHER = "late", "here", "drop"
_OF_MINE = "drop", "move", "mine", "stay"
"""What is said, in the middle of a booking, of a visit that is booked already; and what staff need not read."""
_NOT_ME = re.compile("不是给?(?:我|本人|自己)")


def routes(vault: Vault, whole: Router[Heard], rules: BookingRules, rest: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` goes on with choices, `rest` with words that this journey has nothing for."""
    office, router = Office(vault, rules, whole), Router[Heard]()
    router.action(BOOK)(partial(_next, office))
    router.action("book-where")(_where)
    for part in (booking_whom, booking_confirm, booking_mine, booking_wait):
        router.include(part.routes(office))
    router.text(state=STEP)(or_pass(office, rest, _step_said))
    router.text(lambda turn: wanted(turn) is not None)(or_pass(office, rest, answer))
    return router


async def _next(office: Office, turn: Turn) -> None:
    """Ask for what the plan of a choice does not say yet; without a plan, begin."""
    tail, page = split_page(turn.argument)
    plan = read_plan(tail) if tail else Plan()
    if plan is None:
        await stale(turn)
    elif tail:
        if not plan.service and turn.state != STEP:
            forget(turn)
        await go_on(turn, office, plan, page)
    elif await is_open(turn):
        forget(turn)
        await go_on(turn, office, plan)
    else:
        say_not_open(turn)


async def _where(turn: Turn) -> None:
    tail, page = split_page(turn.argument)
    plan = read_plan(tail)
    await (stale(turn) if plan is None or not plan.service else ask_station(turn, plan, page))


async def _step_said(turn: Turn, office: Office) -> bool:
    """Take words as the answer to what was asked; False for a question of its own."""
    plan = read_plan(kept(turn).get("plan", ""))
    if plan is None or exactly(turn):
        return wanted(turn) is not None and await answer(turn, office)
    of_another = (about := told(turn)) is not None and about.kind in _OF_ANOTHER
    if await _answered(turn, office, plan) or (of_another and await answer(turn, office)):
        return True
    if any_time := _any_time(turn, plan):
        await _press(turn, office, any_time)
        return True
    said = await booking_words.read(turn)
    if plan.service and plan.station and plan.starts_at:
        return await _below_said(turn, office, plan, said)
    return await _filled_in(turn, office, plan, said)


async def _below_said(turn: Turn, office: Office, plan: Plan, said: Said) -> bool:
    """Take words below the confirmation: another time, place or person, what is booked, or a word for staff."""
    if (says_when(said) and not said.problem) or said.station_id or said.whom:
        await fill_in(turn, office, plan, replace(said, service_id=None, services=()))
        return True
    if wanted(turn) in _OF_MINE and await answer(turn, office):
        return True
    return await purpose_said(turn, office, plan, said)


async def _filled_in(turn: Turn, office: Office, plan: Plan, said: Said) -> bool:
    """Fill in what was said; False for a question of its own, and for what is no visit."""
    if said.service_id and not plan.service and await _is_label(turn, said.service_id):
        await fill_in(turn, office, plan, said)
        return True
    if is_none_of_ours(turn, said):
        return say_near(turn, plan)
    if not says_anything(said) or (is_question(turn) and not says_when(said) and not said.station_id):
        return wanted(turn) not in (None, "book") and await answer(turn, office)
    await fill_in(turn, office, plan, said)
    return True


async def _answered(turn: Turn, office: Office, plan: Plan) -> bool:
    """Take yes and no as the answer to what was shown last, and not as words for staff; False for anything else."""
    said = bare(turn.heard.text)
    yes = next((one.action for one in turn.menu if one.action.startswith(_TAKES)), None)
    if yes is None:
        return False
    if said in _YES or said in _NO or _NOT_ME.match(said):
        wanted_now = yes if said in _YES else plan.action if said in _NO or plan.moved else f"book-whom:{plan.tail}"
        await _press(turn, office, wanted_now)
    elif is_other_time(turn):
        await _press(turn, office, plan.any_time().action)
    elif await number_said(turn, office, plan):
        return True
    elif said.isdigit():
        await stale(turn)
    else:
        return False
    return True


def _any_time(turn: Turn, plan: Plan) -> str | None:
    """Return the first choice of day or time, for whom any will do."""
    if not (plan.service and plan.station) or plan.starts_at or not _ANY.fullmatch(bare(turn.heard.text)):
        return None
    return next((one.action for one in turn.menu if one.action.startswith(f"{BOOK}:")), None)


async def _is_label(turn: Turn, service_id: int) -> bool:
    """Tell whether words are no more than the name of a service, on whatever page of the list it stands."""
    service = await turn.db.get(Service, service_id)
    return service is not None and bare(turn.inbound.text) == bare(service.name)


async def _press(turn: Turn, office: Office, action: str) -> None:
    turn.inbound = replace(turn.inbound, kind="action", text=action)
    await office.whole.route(turn)
