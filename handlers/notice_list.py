"""What waits for the writer, seen to one by one: the word 提醒 lists it by digit, also where no notice ever came."""

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import open_reminders, texts
from handlers.ladder import certification_choices
from handlers.notice_reply import note, say_done
from handlers.turn import Turn
from knowledge.heard import Heard
from services import notice_stops
from services.notice_stops import Offered
from services.vault import Vault

_WORDS = {"提醒", "我的提醒", "看提醒", "查提醒", "有什么提醒", "提醒列表"}
_PAGE = 5
_LABEL = 20
"""Characters of a notice's first line that name it in the list."""

LIST = "您有 {count} 件事，回复数字，看一件办一件："
NONE = "现在没有等您办的提醒。"
DONE_WITH = "这件事已经不用办了。"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _WORDS)
    @router.action("notice-list")
    async def listing(turn: Turn) -> None:
        note(turn)
        await _list(turn, vault)

    @router.action("notice-show")
    async def show(turn: Turn) -> None:
        note(turn)
        found = await notice_stops.offered(turn.db, turn.address_id, turn.now)
        wanted = next((one for one in found if str(one.outbox_id) == turn.argument), None)
        if wanted is None:
            say_done(turn, DONE_WITH, texts.START_CHOICE)
        else:
            _show(turn, wanted)

    @router.action(open_reminders.SHOW)
    async def show_certification(turn: Turn) -> None:
        note(turn)
        waiting = await open_reminders.of_account(turn.db, turn.address_id, turn.now)
        wanted = next((one for one in waiting if str(one.reminder.id) == turn.argument), None)
        if wanted is None:
            say_done(turn, DONE_WITH, texts.START_CHOICE)
        else:
            choices = certification_choices(wanted.reminder.id)
            turn.say(open_reminders.sentence(vault, wanted, waiting, turn.now), *choices)

    return router


async def _list(turn: Turn, vault: Vault) -> None:
    """List what is still to be seen to; a single one is shown at once."""
    waiting = await open_reminders.of_account(turn.db, turn.address_id, turn.now)
    found = await notice_stops.offered(turn.db, turn.address_id, turn.now)
    options = [
        *(Choice(open_reminders.label_of(vault, one), f"{open_reminders.SHOW}:{one.reminder.id}") for one in waiting),
        *(Choice(_label(one.text), f"notice-show:{one.outbox_id}") for one in found),
    ]
    if not options:
        say_done(turn, NONE, texts.START_CHOICE)
    elif len(options) > 1:
        start = int(turn.argument) if turn.argument.isascii() and turn.argument.isdigit() else 0
        start = start if start < len(options) else 0
        shown = options[start : start + _PAGE]
        if start + _PAGE < len(options):
            shown.append(Choice(texts.MORE, f"notice-list:{start + _PAGE}"))
        turn.say(LIST.format(count=len(options)), *shown, texts.BACK_CHOICE)
    elif waiting:
        text, choices = open_reminders.told(vault, waiting, turn.now)
        turn.say(text, *choices)
    else:
        _show(turn, found[0])


def _show(turn: Turn, one: Offered) -> None:
    turn.say(one.text, *(Choice(label, action) for label, action in one.choices))


def _label(text: str) -> str:
    first = text.partition("\n")[0]
    return first if len(first) <= _LABEL else first[:_LABEL] + "…"
