"""找工作: the menu of work, the steps and corrections by digits, and the way in for words."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import (
    job_detail,
    job_list,
    job_outcomes,
    job_rhythm,
    job_said,
    job_steps,
    job_subscribe,
    job_subscriptions,
    texts,
)
from handlers.anytime import stale
from handlers.guide import split_page
from handlers.job_draft import STEPS, Draft, has_draft
from handlers.job_hearing import PASSED, note, or_pass
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services.job_board import Shelf
from services.vault import Vault

MENU = "找工作的事，回复数字。\n也可以直接说，比如：找保安或司机，5000以上，不上夜班。"
_CHOICES = (
    Choice("看岗位", "job-seek"),
    Choice("有合适的岗位告诉我", "job-tell"),
    Choice("我的订阅和想去的岗位", "job-subs"),
    Choice("招聘会", "events:fair"),
    Choice("培训和活动", "events"),
)
_MENU_WORDS = {
    "找工作",
    "我要找工作",
    "我想找工作",
    "想找工作",
    "岗位",
    "看岗位",
    "招聘",
    "求职",
    "找岗位",
    "岗位推荐",
    "招聘信息",
}
_TELL_WORDS = {"订阅", "订阅岗位", "我要订阅", "订阅提醒", "订阅招聘", "岗位提醒", "招聘提醒"}
_SUBSCRIPTION_WORDS = {"我的订阅", "岗位订阅", "我的岗位订阅", "我订阅的", "订阅列表", "查订阅", "看订阅", "我的岗位"}
_MORE_WORDS = {
    "更多",
    "还有吗",
    "还有没有",
    "还有别的吗",
    "还有其他的吗",
    "再看几个",
    "下一页",
    "接着看",
    "再来几个",
    "换一批",
}
_KEEP_WORDS = {
    "有新的告诉我",
    "有新的就告诉我",
    "有了告诉我",
    "有了就告诉我",
    "有合适的告诉我",
    "帮我留意",
    "帮我留意着",
}
_FIX_WORDS = {"改条件", "改一改", "换个条件", "换条件"}
_CHOSEN = {"job-kind": "kinds", "job-place": "place", "job-pay": "pay", "job-shift": "shift", "job-often": "often"}

Screen = Callable[[Turn], Awaitable[None]]


def routes(whole: Router[Heard], vault: Vault, shelf: Shelf) -> Router[Heard]:
    """Return the routes; `whole` answers the words that this journey has nothing for, as if it were not there."""
    router: Router[Heard] = Router()
    _include_words(router, whole, shelf)
    screens: dict[str, Screen] = {
        "jobs": menu, "job-seek": seek, "job-tell": tell, "job-tell-this": tell_this, "job-step": step,
        "job-fix": fix, "job-when": ask_day, "job-day": ask_hour, "job-ok": job_subscribe.subscribe,
        job_subscribe.CHECK: job_subscribe.check, "job-go": partial(go, shelf),
        job_list.NEXT: partial(following, shelf), job_list.MORE: partial(job_list.more, shelf),
        job_list.SHOWN: partial(job_list.again, shelf),
    }  # fmt: skip
    for name, screen in screens.items():
        router.action(name)(screen)
    for name, answered in _CHOSEN.items():
        router.action(name)(partial(choose, shelf, answered))
    router.include(job_subscriptions.routes(shelf))
    router.include(job_detail.routes(whole, vault))
    router.include(job_outcomes.routes)
    router.text(lambda turn: turn.state != PASSED and turn.heard.journey == "jobs")(
        partial(job_said.wished, shelf, menu)
    )
    return router


def _include_words(router: Router[Heard], whole: Router[Heard], shelf: Shelf) -> None:
    router.text(_says(_MENU_WORDS))(menu)
    router.text(_says(_TELL_WORDS))(tell)
    router.text(_says(_SUBSCRIPTION_WORDS))(job_subscriptions.listing)
    router.text(lambda turn: _says(_MORE_WORDS)(turn) and bool(job_list.next_of(turn)))(partial(job_list.go_on, shelf))
    router.text(lambda turn: _says(_KEEP_WORDS)(turn) and has_draft(turn))(tell_this)
    router.text(lambda turn: _says(_FIX_WORDS)(turn) and has_draft(turn))(job_subscribe.fix_search)
    for name in STEPS:
        router.text(state=job_steps.state_of(name))(or_pass(whole, partial(job_said.step_said, shelf, name)))
    router.text(_may_narrow)(or_pass(whole, partial(job_said.narrowed, shelf)))


def _says(words: set[str]) -> Callable[[Turn], bool]:
    return lambda turn: bare(turn.inbound.text) in words


def _may_narrow(turn: Turn) -> bool:
    """Tell whether words may be about the search just shown; a new wish in full replaces it instead."""
    shown = any(choice.action == job_list.FIX_CHOICE.action for choice in turn.menu)
    return shown and turn.state is None and turn.heard.journey != "jobs"


async def menu(turn: Turn) -> None:
    """Show what there is about work."""
    note(turn)
    turn.finish()
    visit(turn, "jobs")
    turn.say(MENU, *_CHOICES, texts.BACK_CHOICE)


async def seek(turn: Turn) -> None:
    """Begin to look for posts by digits."""
    Draft().keep(turn)
    await job_steps.ask(turn, "kinds")


async def tell(turn: Turn) -> None:
    """Begin a subscription by digits."""
    Draft(then="walk").keep(turn)
    await job_steps.ask(turn, "kinds")


async def tell_this(turn: Turn) -> None:
    """Subscribe to what was just looked for."""
    replace(Draft.of(turn), changes=None).keep(turn)
    await job_subscribe.check(turn)


async def step(turn: Turn) -> None:
    """Show a page of a step."""
    name, page = split_page(turn.argument)
    await (job_steps.ask(turn, name, page) if name in STEPS else stale(turn))


async def fix(turn: Turn) -> None:
    """Show what is looked for to be put right, or ask the one thing that is not."""
    if turn.argument in STEPS:
        await job_steps.ask(turn, turn.argument)
    else:
        await job_subscribe.fix_search(turn)


async def choose(shelf: Shelf, name: str, turn: Turn) -> None:
    """Take what was chosen in a step, and go on."""
    draft = await job_steps.chosen(turn, Draft.of(turn), name, turn.argument)
    await (stale(turn) if draft is None else job_subscribe.go_on(shelf, turn, draft, name))


async def ask_day(turn: Turn) -> None:
    """Ask on which day to tell."""
    note(turn)
    visit(turn, "job-when")
    turn.say(job_rhythm.ASK_DAY, *job_rhythm.day_choices(), texts.BACK_CHOICE)


async def ask_hour(turn: Turn) -> None:
    """Ask at which hour."""
    note(turn)
    day = int(turn.argument) if turn.argument in set("01234567") else 0
    turn.say(job_rhythm.ASK_HOUR, *job_rhythm.hour_choices(day), texts.BACK_CHOICE)


async def go(shelf: Shelf, turn: Turn) -> None:
    """Show what the wish in hand finds."""
    await job_list.show(shelf, turn, Draft.of(turn))


async def following(shelf: Shelf, turn: Turn) -> None:
    """Show the posts behind those shown."""
    await job_list.show(shelf, turn, Draft.of(turn), job_list.skipped(turn.argument))
