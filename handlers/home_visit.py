"""Asking to be visited at home (上门), by digits: each answer goes on to what is still missing."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import (
    faq,
    home_draft,
    home_visit_send,
    home_visit_what,
    home_visit_when,
    home_visit_where,
    home_visit_whom,
    texts,
)
from handlers.anytime import stale
from handlers.booking_wanted import wanted
from handlers.home_draft import REASONS, STEPS, asked, draft, keep, note
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services.vault import Vault

_PLAIN = re.compile(
    "(?:我?[要想]|帮我)?(?:(?:申请|预约|约个?|请(?:你们|您|工作人员|同志|人)?)上门(?:服务|来?办理?|来?办事|来)?|上门(?:服务)?)(?:一下|吧)?"
)
_ASKED = re.compile(
    r"(?<!送货)(?<!亲自)(?<!自己)(?<!找)上门(?!女婿|拜访|道谢|感谢|找|推销|收|要钱|送|悬?挂|慰问|走访|采集|查)|(?:来|到|上)(?:[我俺咱]们?家|家[里中])(?!附?近|旁|这边)"
    r"|来家|上家来|(?<![家们里位])(?<!(?<![给帮替为])[我俺咱])派个?人[来上到去]|(?:你们|工作人员|同志)(?:能不能|可不可以|能|可以|也)?来一趟"
)
"""Words that ask us to come."""
_CANNOT = re.compile("[下起]不[来了][楼床]|出不了门|瘫|住院")
"""That somebody cannot come, which asks for it too, unless somebody comes for them."""
_ELSE = re.compile("体检|疗养|取消|改|推迟|不去|退|作废")
"""Examinations, and what becomes of a visit to the station of somebody who has fallen ill."""
_COMES = re.compile(
    r"(?<![给帮替为到来上在请])[我俺咱](?:们|自己|亲自)?(?:(?:[今明后]天|直接|可以|能|会){0,2}上门"
    r"|[^，。,不没能家里院请派你瘫]{0,6}(?:[来去](?:办|替|代|帮|你们|站|服务站|窗口|预约|一趟)|代办|到家了))"
    r"|出院|家来的人|(?:刚|快|回|周|月)到[我俺]?家"
)
"""Words of somebody who comes to us, or has come home."""
_TOLD = (
    re.compile("残疾|轮椅|截肢|失明|假肢"),
    re.compile(r"(?<!\d)(?:[89]\d|1[01]\d)岁|[八九]十[一二三四五六七八九多来]{0,2}[岁了]|一百多?岁"),
    re.compile("瘫|卧床|住院|下不[来了]床|起不[来了]床"),
)
"""What the first words may say of the reason already, in the order of REASONS."""


_STOP = {
    "取消",
    "取消上门",
    "取消申请",
    "不办了",
    "不上门了",
    "不用上门了",
    "不要上门了",
    "算了",
    "不填了",
    "不申请了",
    "不用了",
}

OFFER = "\n\n出不了门的，在这里就能申请上门，回复 1。"
OFFER_CHOICE = Choice("请人上门办", "home-visit")
STOPPED = "好的，先不申请上门，什么都没有发出去。\n想接着填，回复 1。"
ON_CHOICE = Choice("接着填", "home-on")


def routes(vault: Vault, whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` is the composed router, for words of another matter."""
    router: Router[Heard] = Router()
    asks: Mapping[str, Callable[[Turn], Awaitable[None]]] = {
        "who": partial(home_visit_whom.ask, vault), "contact": home_visit_whom.ask_contact,
        "why": partial(home_visit_what.ask_why, vault), "service": home_visit_what.ask_service,
        "place": partial(home_visit_where.ask, vault), "day": home_visit_when.ask,
    }  # fmt: skip

    async def go_on(turn: Turn) -> None:
        """Ask for the first thing that is missing, or show it all."""
        if not asked(turn):
            await stale(turn)
            return
        note(turn)
        step = next((step for step in STEPS if step not in draft(turn)), "all")
        visit(turn, f"home-step:{step}")
        await (home_visit_send.confirm(vault, turn) if step == "all" else asks[step](turn))

    @router.text(_stops)
    async def stop(turn: Turn) -> None:
        """Leave it; what was said stays, for whoever comes back."""
        note(turn)
        turn.say(STOPPED, ON_CHOICE, texts.START_CHOICE, texts.PERSON_CHOICE)

    router.action("home-on", when=asked)(go_on)
    router.text(_is_answered)(offer)

    @router.action("home-visit")
    @router.text(_asks_for_it)
    async def start(turn: Turn) -> None:
        home_draft.begin(turn)
        reason = _reason_in(turn.inbound.text)
        if reason is not None:
            keep(turn, why=reason)
        await go_on(turn)

    @router.action("home-step", when=asked)
    async def again(turn: Turn) -> None:
        """Ask once more, for 返回; what was answered later stays."""
        home_draft.forget(turn, *(("who", "contact", "phone") if turn.argument == "who" else (turn.argument,)))
        await go_on(turn)

    for part in (home_visit_whom, home_visit_what, home_visit_where, home_visit_when, home_visit_send):
        router.include(part.routes(vault, whole, go_on))
    return router


def _stops(turn: Turn) -> bool:
    """Tell words that end it where something of it was asked last."""
    shown = (turn.state or "").startswith("home.") or any(one.action.startswith("home-") for one in turn.menu)
    return asked(turn) and shown and bare(turn.heard.text) in _STOP


def _is_answered(turn: Turn) -> bool:
    """Tell a question about our coming that has an answer: a visit can be asked for right under it."""
    text, heard = turn.heard.text, turn.heard
    if not _ASKED.search(text) or _ELSE.search(text) or _COMES.search(text) or _PLAIN.fullmatch(bare(text)):
        return False
    return heard.journey == "faq" and bool(heard.answers) and heard.part is None and wanted(turn) is None


async def offer(turn: Turn) -> None:
    """Give the answer, and the choice to ask for a visit first among those under it."""
    await faq.answer(turn)
    last = turn.replies.pop()
    turn.say(last.text + OFFER, OFFER_CHOICE, *last.choices)


def _asks_for_it(turn: Turn) -> bool:
    text = turn.heard.text
    if _PLAIN.fullmatch(bare(text)):
        return True
    if _ELSE.search(text) or _COMES.search(text):
        return False
    asks, cannot = bool(_ASKED.search(text)), bool(_CANNOT.search(text))
    if turn.heard.journey != "booking":
        return asks and cannot and turn.heard.outcome != "answer"  # a plea, not a question that has an answer
    return asks or cannot


def _reason_in(text: str) -> str | None:
    return next((reason for reason, told in zip(REASONS, _TOLD, strict=False) if told.search(text)), None)
