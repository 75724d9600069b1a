"""Asking to be visited at home (上门), by digits: each answer goes on to what is still missing."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from core.menu import bare
from core.router import Router
from handlers import home_draft, home_visit_send, home_visit_what, home_visit_when, home_visit_where, home_visit_whom
from handlers.anytime import stale
from handlers.home_draft import REASONS, STEPS, asked, draft, keep, note
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services.vault import Vault

_WORDS = {"上门", "上门服务", "申请上门", "预约上门", "约上门", "约个上门", "请上门", "请你们上门", "我要上门"}
_HOME = re.compile(r"上门|[来到上](?:[我俺咱]们?)?家|派个?人[来上到去]|下不[来了][楼床]|出不了门|瘫|住院")
_ELSE = re.compile("体检|疗养|取消|改|推迟|不去|退")
"""Examinations, and what becomes of a visit to the station of somebody who has fallen ill."""
_TOLD = (
    re.compile("残疾|轮椅|截肢|失明|假肢"),
    re.compile(r"(?<!\d)(?:[89]\d|1[01]\d)岁|[八九]十[一二三四五六七八九多来]{0,2}[岁了]|一百多?岁"),
    re.compile("瘫|卧床|住院|下不[来了]床|起不[来了]床"),
)
"""What the first words may say of the reason already, in the order of REASONS."""


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
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
        home_draft.forget(turn, *(("who", "contact") if turn.argument == "who" else (turn.argument,)))
        await go_on(turn)

    for part in (home_visit_whom, home_visit_what, home_visit_where, home_visit_when, home_visit_send):
        router.include(part.routes(vault, go_on))
    return router


def _asks_for_it(turn: Turn) -> bool:
    text = turn.heard.text
    if bare(text) in _WORDS:
        return True
    return turn.heard.journey == "booking" and bool(_HOME.search(text)) and not _ELSE.search(text)


def _reason_in(text: str) -> str | None:
    return next((reason for reason, told in zip(REASONS, _TOLD, strict=False) if told.search(text)), None)
