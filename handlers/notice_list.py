"""Several reminders that came as one message, seen to one by one: the word 提醒 lists them by digit."""

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.notice_reply import note, say_done
from handlers.turn import Turn
from knowledge.heard import Heard
from services import notice_stops
from services.notice_stops import Offered

routes: Router[Heard] = Router()

_WORDS = {"提醒", "我的提醒", "看提醒", "查提醒", "有什么提醒", "提醒列表"}
_PAGE = 5
_LABEL = 20
"""Characters of a notice's first line that name it in the list."""

LIST = "您有 {count} 件事，回复数字，看一件办一件："
NONE = "现在没有等您办的提醒。"
DONE_WITH = "这件事已经不用办了。"


@routes.text(lambda turn: bare(turn.inbound.text) in _WORDS)
@routes.action("notice-list")
async def listing(turn: Turn) -> None:
    """List what is still to be seen to; a single one is shown at once."""
    note(turn)
    found = await notice_stops.offered(turn.db, turn.address_id, turn.now)
    if not found:
        say_done(turn, NONE, texts.START_CHOICE)
    elif len(found) == 1:
        _show(turn, found[0])
    else:
        start = int(turn.argument) if turn.argument.isascii() and turn.argument.isdigit() else 0
        start = start if start < len(found) else 0
        shown = [Choice(_label(one.text), f"notice-show:{one.outbox_id}") for one in found[start : start + _PAGE]]
        if start + _PAGE < len(found):
            shown.append(Choice(texts.MORE, f"notice-list:{start + _PAGE}"))
        turn.say(LIST.format(count=len(found)), *shown, texts.BACK_CHOICE)


@routes.action("notice-show")
async def show(turn: Turn) -> None:
    """Say one again, with its own choices."""
    note(turn)
    found = await notice_stops.offered(turn.db, turn.address_id, turn.now)
    wanted = next((one for one in found if str(one.outbox_id) == turn.argument), None)
    if wanted is None:
        say_done(turn, DONE_WITH, texts.START_CHOICE)
    else:
        _show(turn, wanted)


def _show(turn: Turn, one: Offered) -> None:
    turn.say(one.text, *(Choice(label, action) for label, action in one.choices))


def _label(text: str) -> str:
    first = text.partition("\n")[0]
    return first if len(first) <= _LABEL else first[:_LABEL] + "…"
