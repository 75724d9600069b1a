"""Notices on the person's own terms: one word stops a kind, in any state and while staff are talking, one brings it back."""

from collections.abc import Callable, Sequence

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import notice_list, quiet_hours, texts
from handlers.guide import page_number
from handlers.notice_reply import note, say_done
from handlers.turn import Turn
from knowledge.heard import Heard
from services import notice_stops
from services.notice_gate import Rules
from services.notice_kinds import KINDS, STOPPABLE
from services.vault import Vault

_STOP = {
    "退订", "退订了", "我要退订", "td", "t", "取消订阅", "别发了", "别再发了", "不要发了", "不要再发了", "别给我发了",
    "不要给我发了", "以后别发了", "不想收了", "不用提醒了", "不要提醒了", "不要再提醒了", "别提醒了", "别再提醒了", "停止提醒",
}  # fmt: skip
_STOP_ALL = {
    "都退订",
    "全部退订",
    "全退订",
    "退订全部",
    "退订所有",
    "都不要发了",
    "都别发了",
    "什么都别发了",
    "提醒都不要",
}
_RESUME = {"恢复", "恢复提醒", "恢复通知", "恢复订阅", "取消退订", "重新订阅", "重新提醒", "打开提醒"}
_SETTINGS = {"提醒设置", "通知设置", "我的提醒设置", "设置提醒", "退订设置", "怎么退订", "如何退订", "怎样退订"}
_TAIL = "的了吧啊"
_PLACES = {"exam", "event_place"}
"""The kinds that are about places which were signed up for."""
_ASKED, _SHOWN = 4, 3
"""Kinds on a screen, beside what else one can choose there."""

STOPPED = "好的，“{label}”不再发给您了。{about}\n想再收到，回复：恢复提醒"
ONLY_REMINDERS = "只是不再提醒，您的待遇和办事不受影响。"
PLACES_STAY = "您约好的名额还在，请自己记一下日子。"
ASK_KIND = "您不想再收到哪一种？回复数字就行。"
ALL_STOPPED = "好的，提醒和通知都不再发给您了。{about}\n您的待遇和办事不受影响。\n想再收到，回复：恢复提醒"
APPOINTMENTS_COME = "\n您约好的体检、疗养、活动，到时候还会提醒一声。"
STOPPED_ALREADY = "您已经都退订了，不会再发。\n想再收到，回复：恢复提醒"
RESUMED = "好的，这些又会发给您：\n{labels}\n不想收了，随时回复：退订"
NOTHING_STOPPED = "您没有退订过，提醒都会发给您。\n不想收了，随时回复：退订"
SETTINGS = "您的提醒设置：\n{kinds}\n{hours}"
SENT, NOT_SENT = "{label}：会发", "{label}：已退订"
RESUME_CHOICE = Choice("恢复提醒", "notice-resume")
STOP_ALL_CHOICE = Choice("都退订", "notice-stop-all")
SETTINGS_CHOICE = Choice("提醒设置", "notice-settings")


def routes(vault: Vault, rules: Rules) -> Router[Heard]:
    """Return the routes; the bureau's quiet hours are shown to whoever has none of their own."""
    router: Router[Heard] = Router()
    router.text(_says(_STOP))(stop_last)
    router.text(_says(_STOP_ALL))(stop_all)
    router.action("notice-stop-all")(stop_all)
    router.action("notice-kinds")(_ask)
    router.text(lambda turn: bool(_named(turn)))(stop_named)
    router.action("notice-stop")(stop_chosen)
    router.text(_says(_RESUME))(resume)
    router.action("notice-resume")(resume)

    @router.text(_says(_SETTINGS))
    @router.action("notice-settings")
    async def show(turn: Turn) -> None:
        await _show(turn, rules)

    router.include(quiet_hours.routes(rules))
    router.include(notice_list.routes(vault))
    return router


def _says(words: set[str]) -> Callable[[Turn], bool]:
    return lambda turn: bare(turn.inbound.text).casefold() in words


def _named(turn: Turn) -> list[str]:
    """Return the kinds that are named behind 退订."""
    before, word, name = bare(turn.inbound.text).partition("退订")
    name = name.strip(_TAIL)
    return [kind for kind, about in KINDS.items() if word and not before and len(name) > 1 and name in about.label]


async def stop_last(turn: Turn) -> None:
    """Stop the kind of the last notice that came, or ask which."""
    kind = await notice_stops.last_kind(turn.db, turn.address_id)
    if kind in STOPPABLE and kind not in await notice_stops.stopped(turn.db, turn.address_id):
        await _stop(turn, kind)
    else:
        await _ask(turn)


async def stop_named(turn: Turn) -> None:
    """Stop the kind that was named; a name of several asks which."""
    kinds = _named(turn)
    await (_stop(turn, kinds[0]) if len(kinds) == 1 and kinds[0] in STOPPABLE else _ask(turn))


async def stop_chosen(turn: Turn) -> None:
    """Stop the kind that was picked."""
    await (_stop(turn, turn.argument) if turn.argument in STOPPABLE else _ask(turn))


async def stop_all(turn: Turn) -> None:
    """Stop every kind but what is about an appointment."""
    note(turn)
    kinds = [kind for kind, about in STOPPABLE.items() if not about.appointment]
    await notice_stops.stop(turn.db, turn.address_id, kinds, turn.now)
    come = _PLACES - await notice_stops.stopped(turn.db, turn.address_id)
    say_done(turn, ALL_STOPPED.format(about=APPOINTMENTS_COME if come else ""), RESUME_CHOICE, texts.START_CHOICE)


async def resume(turn: Turn) -> None:
    """Bring back all that was stopped."""
    note(turn)
    kinds = await notice_stops.resume(turn.db, turn.address_id)
    labels = "\n".join(KINDS[kind].label for kind in kinds if kind in KINDS)
    say_done(turn, RESUMED.format(labels=labels) if kinds else NOTHING_STOPPED, SETTINGS_CHOICE, texts.START_CHOICE)


async def _stop(turn: Turn, kind: str) -> None:
    note(turn)
    await notice_stops.stop(turn.db, turn.address_id, [kind], turn.now)
    about = PLACES_STAY if kind in _PLACES else ONLY_REMINDERS
    text = STOPPED.format(label=KINDS[kind].label, about="\n" + about)
    say_done(turn, text, RESUME_CHOICE, texts.START_CHOICE, STOP_ALL_CHOICE)


async def _ask(turn: Turn) -> None:
    note(turn)
    gone = await notice_stops.stopped(turn.db, turn.address_id)
    left = _stop_choices(gone)
    if left:
        shown = _paged(left, page_number(turn.argument), _ASKED, "notice-kinds")
        turn.say(ASK_KIND, *shown, STOP_ALL_CHOICE, texts.BACK_CHOICE)
    else:
        say_done(turn, STOPPED_ALREADY, RESUME_CHOICE, texts.START_CHOICE)


async def _show(turn: Turn, rules: Rules) -> None:
    note(turn)
    gone = await notice_stops.stopped(turn.db, turn.address_id)
    kinds = [(NOT_SENT if kind in gone else SENT).format(label=about.label) for kind, about in KINDS.items()]
    hours = quiet_hours.in_words(await quiet_hours.in_force(turn, rules))
    shown = _paged(_stop_choices(gone, "不要"), page_number(turn.argument), _SHOWN, "notice-settings")
    choices = [*shown, quiet_hours.CHANGE_CHOICE, *([RESUME_CHOICE] if gone else [])]
    turn.say(SETTINGS.format(kinds="\n".join(kinds), hours=hours), *choices, texts.BACK_CHOICE)


def _paged(options: Sequence[Choice], page: int, size: int, more: str) -> list[Choice]:
    """Return a page of options, and 更多 where there are more."""
    shown = list(options[page * size : (page + 1) * size])
    return shown + ([Choice(texts.MORE, f"{more}:{page + 1}")] if (page + 1) * size < len(options) else [])


def _stop_choices(gone: set[str], before: str = "") -> list[Choice]:
    left = {kind: about for kind, about in STOPPABLE.items() if kind not in gone}
    return [Choice(before + about.label, f"notice-stop:{kind}") for kind, about in left.items()]
