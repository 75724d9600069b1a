"""While staff have a case the bot is silent: what the person writes goes to them; 结束 gives the bot its voice back."""

from core.menu import bare
from core.router import Router
from db.cases import SupportCase
from handlers import rating, texts
from handlers.handoff import says_progress, tell_closed_hours
from handlers.turn import Turn
from knowledge.heard import Heard
from services import cases

owned: Router[Heard] = Router()
"""Asked before anything but danger."""
untaken: Router[Heard] = Router()
"""Asked after the words understood in any state: a danger that nobody has taken yet."""
waiting: Router[Heard] = Router()
"""Asked where the bot, still answering, has no sure answer."""

_END = {"结束", "结束服务", "结束对话", "退出", "不问了", "没事了"}
_OTHER = {"0", "人工", "转人工", "找人", "找人工", "返回", "首页", "菜单", "主菜单"}
_STILL_CHOSEN = (
    "progress", "rate", "withdraw", *texts.CERTIFICATION_CHOICES, "cert-snooze", "cert-reason", "cert-stranger", "cert-moved",
    "cert-unbind",
    "cert-died", "cert-gone", "cert-alive", "ref", "sub-keep", "sub-stop",
)  # fmt: skip


def _is_owned(turn: Turn) -> bool:
    return turn.case is not None and turn.case.owner is not None


@owned.text(lambda turn: _is_owned(turn) and bare(turn.inbound.text) in _END)
async def end(turn: Turn) -> None:
    """Close at the person's wish, and ask how it was; a danger is closed by staff only, a petition runs on."""
    assert turn.case is not None
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    turn.finish()
    if turn.case.crisis:
        turn.say(texts.NOT_WITHDRAWN)
        return
    if (await turn.db.get_one(SupportCase, turn.case.id)).kind == "petition":
        case = await cases.release(turn.db, turn.case.id, turn.now)
        turn.say(texts.PETITION_RUNS_ON.format(code=case.code))
        return
    case = await cases.close(turn.db, turn.case.id, "resolved", turn.now)
    turn.say(texts.ENDED.format(code=case.code))
    turn.say(texts.ASK_RATING, *rating.choices(case))


@owned.text(lambda turn: _is_owned(turn) and not says_progress(turn))
async def pass_on(turn: Turn) -> None:
    """Keep silent: the turn itself puts the words into the case."""
    assert turn.case is not None
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    if bare(turn.inbound.text) in _OTHER:
        turn.say(texts.WITH_STAFF)
    else:
        await tell_closed_hours(turn)


@untaken.text(lambda turn: turn.case is not None and turn.case.crisis and not says_progress(turn))
async def stay_with(turn: Turn) -> None:
    """Until staff have come, answer whoever spoke of a danger with the numbers, never with policy."""
    assert turn.case is not None
    turn.result.journey, turn.result.outcome = "crisis", "answer"
    case = await turn.db.get_one(SupportCase, turn.case.id)
    turn.say(texts.CRISIS_AGAIN.get(case.category or "", texts.CRISIS_AGAIN["self_harm"]))


async def _chosen(turn: Turn) -> None:
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    turn.say(texts.WITH_STAFF)


owned.action(when=lambda turn: _is_owned(turn) and turn.inbound.text.partition(":")[0] not in _STILL_CHOSEN)(_chosen)


@waiting.text(lambda turn: turn.case is not None and turn.heard.outcome != "answer")
async def noted(turn: Turn) -> None:
    """Say that the words went into the case, instead of guessing at them."""
    assert turn.case is not None
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    turn.say(texts.NOTED.format(code=turn.case.code), texts.PROGRESS_CHOICE)  # an older menu's digits end here
    await tell_closed_hours(turn)
