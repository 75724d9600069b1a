"""Words that are understood in every state: 返回, 重说, 听不懂, 退出, and a digit that is not offered."""

from collections.abc import Callable
from dataclasses import replace

from core.menu import BACK, PERSON, bare, digit, resolve
from core.reply import Choice, Document
from core.router import Router
from handlers import texts
from handlers.start import MAIN_MENU, show_start
from handlers.turn import Turn
from knowledge.heard import Heard
from services import outbox, sent_places

_BACK = {"返回", "回去", "上一步", "后退", "返回上一步", "退回"}
_START = {"首页", "主页", "回首页", "菜单", "主菜单", "开始", "重新开始"}
_PERSON = {"人工", "转人工", "找人", "找人工", "人工客服", "人工服务"}
_AGAIN = {"重说", "再说一遍", "再说一次", "重复一遍", "重复", "刚才说什么", "再讲一遍", "重新说"}
_SIMPLER = {"听不懂", "看不懂", "不懂", "没听懂", "没看懂", "不明白", "说简单点", "简单点"}
_NONE = {"都不是", "都不对", "都没有", "以上都不是", "都不是的"}
_TWO = 2
_STOP = {"退出", "结束", "不问了", "没事了"}


def _says(words: set[str], number: str | None = None) -> Callable[[Turn], bool]:
    def test(turn: Turn) -> bool:
        return bare(turn.heard.text) in words or (number is not None and digit(turn.heard.text) == number)

    return test


def routes(whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` is the composed router, which shows the screen that 返回 goes to."""
    router: Router[Heard] = Router()

    async def go(turn: Turn, action: str) -> None:
        turn.inbound = replace(turn.inbound, kind="action", text=action)
        await whole.route(turn)

    @router.text(_says(_BACK, "9"))
    async def back_in_words(turn: Turn) -> None:
        await go(turn, BACK)

    @router.text(_says(_PERSON, "0"))
    async def person_in_words(turn: Turn) -> None:
        await go(turn, PERSON)

    @router.text(_says(_START))
    async def start_in_words(turn: Turn) -> None:
        await go(turn, "start")

    @router.action(BACK)
    async def back(turn: Turn) -> None:
        trail = turn.data.get("trail", [])[:-1]
        turn.data["trail"] = trail[:-1]
        turn.finish()
        await go(turn, trail[-1] if trail else "start")

    @router.text(_says(_NONE))
    async def none_in_words(turn: Turn) -> None:
        await go(turn, "none")

    @router.text(lambda turn: not turn.menu and digit(turn.heard.text) is not None)
    async def first_digit(turn: Turn) -> None:
        action = resolve(turn.heard.text, MAIN_MENU)
        await (go(turn, action) if action else stale(turn))

    router.text(_says(_AGAIN))(say_again)
    router.text(_says(_SIMPLER))(say_simpler)
    router.text(_says(_STOP))(stop)
    router.action("stop")(stop)
    router.text(lambda turn: digit(turn.heard.text) is not None)(stale)
    return router


async def say_again(turn: Turn) -> None:
    """Repeat the last message."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    said = await outbox.last_said(turn.db, turn.address_id)
    if said is None:
        turn.say(texts.NOTHING_TO_REPEAT)
        return
    choices = (Choice(c["label"], c["action"]) for c in said["choices"])
    document = Document(**said["document"]) if "document" in said else None
    turn.say(said["text"], *choices, document=document, qr=said.get("qr"))


async def say_simpler(turn: Turn) -> None:
    """Say only the heart of the last answer, and offer a person."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    entry = turn.heard.snapshot.entries.get(turn.data.get("entry", ""))
    if entry is None:
        show_start(turn)
        return
    answer = entry.answer.format(**turn.heard.snapshot.profile.variables())
    turn.say(texts.SIMPLER.format(answer=answer), texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def stop(turn: Turn) -> None:
    """Leave whatever was going on."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    turn.finish()
    turn.data = {}
    await sent_places.forget(turn.db, turn.address_id)
    turn.menu = ()
    turn.say(texts.FAREWELL, texts.START_CHOICE)


async def stale(turn: Turn) -> None:
    """Answer a button that no longer fits, or a number that was never offered, with the choices that there are."""
    turn.result.journey, turn.result.outcome = "menu", "none"
    number = digit(turn.heard.text) or bare(turn.heard.text) if turn.inbound.kind == "text" else ""
    text = texts.NO_SUCH.format(number=number) if number.isdigit() else texts.STALE
    if turn.menu:
        turn.say(text, *turn.menu)
    else:
        show_start(turn, text)


def beyond(turn: Turn) -> bool:
    """Tell a number of two digits, which no list has, where a list was shown."""
    said = bare(turn.heard.text)
    return bool(turn.menu) and len(said) == _TWO and said.isdigit()
