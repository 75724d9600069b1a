"""When the service keeps silent for a person (免打扰): by digits in three steps, or in one sentence."""

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.clock_words import hour_words, read_span
from handlers.notice_reply import note, say_done
from handlers.turn import Turn
from knowledge.heard import Heard
from services import quiet
from services.notice_gate import Rules

CHANGE_CHOICE = Choice("免打扰时间", "notice-quiet")

_WORD = "免打扰"
_OFF = {"取消免打扰", "关闭免打扰", "关掉免打扰", "不要免打扰"}
_READY_MADE = ((21, 7), (22, 6))
_FROM, _UNTIL = range(18, 24), range(5, 11)
_ALWAYS_OPEN = (0, 0)

ASK = "什么时候不打扰您？回复数字就行。\n也可以直接说，比如：免打扰21点到7点。"
ASK_AGAIN = "没看懂是几点到几点。\n您可以这样说：免打扰21点到7点。也可以回复数字选。"
ASK_FROM, ASK_UNTIL = "从几点开始不打扰您？", "到几点为止？"
KEPT = "好的。{hours}\n紧急的通知除外。要改，回复：免打扰"
OPEN_KEPT = "好的。{hours}\n要改，回复：免打扰"
HOURS = "{begins}到{ends}不打扰您，提醒过后再发。"
OPEN = "什么时候都可以给您发提醒。"
NOT_ON_FILE = "您的账号还没有对上您的档案，先按统一的时间：\n{hours}\n想自己定时间，请先回复：绑定"
SPAN, BUREAU = "{begins}到{ends}", "按统一的时间（{span}）"
ANY_TIME, OWN = "什么时候都可以发", "自己定时间"


def routes(rules: Rules) -> Router[Heard]:
    """Return the routes; the rules hold the bureau's own hours."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _OFF)
    async def switch_off(turn: Turn) -> None:
        await _keep(turn, _ALWAYS_OPEN, rules)

    @router.text(lambda turn: bare(turn.inbound.text).startswith(_WORD))
    async def in_one_sentence(turn: Turn) -> None:
        said = bare(turn.inbound.text).removeprefix(_WORD).removeprefix("时间").removeprefix(":")
        span = read_span(said)
        if span is not None:
            await _keep(turn, span, rules)
        else:
            _ask(turn, ASK_AGAIN if said else ASK, rules)

    @router.text(lambda turn: _asked(turn) and read_span(turn.inbound.text) is not None)
    async def as_asked(turn: Turn) -> None:
        await _keep(turn, read_span(turn.inbound.text), rules)

    @router.action("notice-quiet")
    async def ask(turn: Turn) -> None:
        _ask(turn, ASK, rules)

    @router.action("notice-quiet-from")
    async def ask_until(turn: Turn) -> None:
        note(turn)
        hours = [Choice(hour_words(hour), f"notice-quiet-set:{turn.argument}-{hour}") for hour in _UNTIL]
        turn.say(ASK_UNTIL, *hours, texts.BACK_CHOICE)

    @router.action("notice-quiet-set")
    async def keep(turn: Turn) -> None:
        begins, _, ends = turn.argument.partition("-")
        chosen = begins.isascii() and begins.isdigit() and ends.isascii() and ends.isdigit()
        if turn.argument == "bureau":
            await _keep(turn, None, rules)
        elif chosen and int(begins) < 24 and int(ends) < 24:
            await _keep(turn, (int(begins), int(ends)), rules)
        else:
            _ask(turn, ASK_AGAIN, rules)

    router.action("notice-quiet-own")(_ask_from)
    return router


def _asked(turn: Turn) -> bool:
    """Tell whether the question for the hours is what stands last."""
    return any(choice.action.startswith(("notice-quiet-from", "notice-quiet-set")) for choice in turn.menu)


async def in_force(turn: Turn, rules: Rules) -> tuple[int, int]:
    """Return the hours that hold for whoever writes."""
    return await quiet.hours_of(turn.db, turn.address_id) or (rules.quiet_from, rules.quiet_until)


def in_words(hours: tuple[int, int]) -> str:
    """Say when it is quiet."""
    if hours[0] == hours[1]:
        return OPEN
    return HOURS.format(begins=hour_words(hours[0]), ends=hour_words(hours[1]))


def _ask(turn: Turn, text: str, rules: Rules) -> None:
    note(turn)
    bureau = BUREAU.format(span=_span(rules.quiet_from, rules.quiet_until))
    turn.say(
        text,
        Choice(bureau, "notice-quiet-set:bureau"),
        *(Choice(_span(begins, ends), f"notice-quiet-set:{begins}-{ends}") for begins, ends in _READY_MADE),
        Choice(OWN, "notice-quiet-own"),
        Choice(ANY_TIME, "notice-quiet-set:0-0"),
        texts.BACK_CHOICE,
    )


async def _ask_from(turn: Turn) -> None:
    note(turn)
    turn.say(ASK_FROM, *(Choice(hour_words(hour), f"notice-quiet-from:{hour}") for hour in _FROM), texts.BACK_CHOICE)


async def _keep(turn: Turn, hours: tuple[int, int] | None, rules: Rules) -> None:
    note(turn)
    kept = await quiet.set_hours(turn.db, turn.address_id, hours, turn.now)
    words = in_words(await in_force(turn, rules))
    if not kept:
        say_done(turn, NOT_ON_FILE.format(hours=words), texts.PERSON_CHOICE, texts.START_CHOICE)
    else:
        say_done(turn, (OPEN_KEPT if words == OPEN else KEPT).format(hours=words), CHANGE_CHOICE, texts.START_CHOICE)


def _span(begins: int, ends: int) -> str:
    return ANY_TIME if begins == ends else SPAN.format(begins=hour_words(begins), ends=hour_words(ends))
