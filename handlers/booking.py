"""预约: the way in by digits and by words, and on from what is known to what is still to be asked."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from core.menu import bare
from core.router import Router
from handlers import booking_confirm, booking_mine, booking_wait, booking_whom, booking_words
from handlers.anytime import stale
from handlers.booking_confirm import go_on
from handlers.booking_hearing import says_anything, says_when
from handlers.booking_plan import BOOK, STEP, Office, Plan, forget, keep, kept, read_plan
from handlers.booking_said import answer, fill_in, say_not_open
from handlers.booking_steps import ask_station, is_open
from handlers.booking_wanted import coming, exactly, is_question, wanted
from handlers.guide import split_page
from handlers.turn import Turn
from knowledge.heard import Heard
from services.booking_rules import BookingRules
from services.vault import Vault

_LONGEST = 100
"""Characters of what somebody says of their matter beforehand."""
_YES = {
    "对", "对的", "好", "好的", "是", "是的", "可以", "行", "嗯", "确认", "没错", "就这个", "就这样", "能", "能来",
}  # fmt: skip
_NO = {"不对", "不对的", "错了", "不是", "不是的", "搞错了", "弄错了", "写错了"}
_TAKES = "book-take:", "book-sure:"
"""What yes means; only while the choice that does so is in the last menu."""
_NOT_ME = re.compile("不是给?(?:我|本人|自己)")


def routes(vault: Vault, whole: Router[Heard], rules: BookingRules, rest: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` goes on with choices, `rest` with words that this journey has nothing for."""
    office, router = Office(vault, rules, whole), Router[Heard]()
    router.action(BOOK)(partial(_next, office))
    router.action("book-where")(_where)
    for part in (booking_whom, booking_confirm, booking_mine, booking_wait):
        router.include(part.routes(office))
    router.text(state=STEP)(_or_pass(office, rest, _step_said))
    router.text(lambda turn: wanted(turn) is not None)(_or_pass(office, rest, answer))
    return router


def _or_pass(
    office: Office, rest: Router[Heard], work: Callable[[Turn, Office], Awaitable[bool]]
) -> Callable[[Turn], Awaitable[None]]:
    """Return a handler that leaves the words which `work` has nothing for to the rest, and the flow as it was."""

    async def ask_or_pass(turn: Turn) -> None:
        if not await work(turn, office):
            await rest.route(turn)

    return ask_or_pass


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
    if await _answered(turn, office, plan) or (coming(turn) and await answer(turn, office)):
        return True
    said = await booking_words.read(turn)
    if plan.service and plan.station and plan.starts_at:
        if (says_when(said) and not said.problem) or said.station_id or said.whom:
            await fill_in(turn, office, plan, replace(said, service_id=None, services=()))
            return True
        return await _purpose_said(turn, office, plan)
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
        turn.inbound = replace(turn.inbound, kind="action", text=wanted_now)
        await office.whole.route(turn)
    elif said.isdigit():
        await stale(turn)
    else:
        return False
    return True


async def _purpose_said(turn: Turn, office: Office, plan: Plan) -> bool:
    """Keep what somebody wants to have said beforehand, and show all once more."""
    text = turn.inbound.text.strip()
    if turn.heard.journey not in ("none", "booking", "faq") or is_question(turn) or len(text) > _LONGEST:
        return False
    keep(turn, plan, purpose=text)
    await office.go_on(turn, plan)
    return True
