"""The family says that somebody has died: asked once, gently, and then everything stops and a person takes over."""

from core.reply import Choice
from core.router import Router
from db.people import Conversation
from db.staff import Staff
from handlers import texts
from handlers.acting import SELF
from handlers.progress import staff_label
from handlers.reminded_for import Answered, answered
from handlers.turn import Turn
from handlers.when import day_and_time
from knowledge.heard import Heard
from services import audit, deaths
from services.deaths import Death
from services.vault import Vault

REALLY = "{above}您是说{whom}已经去世了，是吗？"
YES, NO = "是的", "不是，选错了"
MISTAKEN = "好的，没有改动。"
KNOWN = "谢谢您。这件事我们已经知道了，不会再发提醒。请您节哀。"
SYMPATHY = "{whom}走了，我们很难过，请您节哀，保重身体。\n从现在起，不再给{whom}发任何提醒。\n{staff}会联系您，帮您办后面的事，求助单号 {code}。{when}"
BY_WHEN = "\n最晚{when} 前在这里答复您。"
SOMEBODY = "工作人员"
AFTERWARDS = "后面要办哪些事"
_ENTRY = "fx-die-general"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.action("cert-died")
    async def confirm(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, running=False)
        if one is not None:
            yes, no = Choice(YES, f"cert-gone:{one.reminder.id}"), Choice(NO, "cert-alive")
            turn.say(REALLY.format(above=one.above, whom=_name(one)), yes, no)

    @router.action("cert-alive")
    async def mistaken(turn: Turn) -> None:
        turn.result.journey, turn.result.outcome = "reminder", "answer"
        turn.say(MISTAKEN, texts.START_CHOICE)

    @router.action("cert-gone")
    async def died(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, running=False)
        if one is not None:
            await _died(turn, vault, one)

    return router


def _name(one: Answered) -> str:
    return "老人家" if one.acting.as_ == SELF else one.whom


async def _died(turn: Turn, vault: Vault, one: Answered) -> None:
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    death = await deaths.report(turn.db, vault, one.person.id, turn.now, conversation)
    _say_sympathy(turn, one, death)
    detail = {"as": one.acting.as_, "address": turn.address_id}
    await audit.record(turn.db, turn.now, None, "death_told", f"person:{one.person.id}", detail)


def _say_sympathy(turn: Turn, one: Answered, death: Death) -> None:
    """Say what is done and who comes, and no more: what the rules say of money waits until it is asked for."""
    turn.menu = ()
    if death.case is None:
        turn.say(KNOWN)
        return
    staff = _label(turn, death.staff)
    due = death.case.due_at
    when = BY_WHEN.format(when=day_and_time(due, turn.now)) if due is not None and due > turn.now else ""
    offered = [Choice(AFTERWARDS, f"faq:{_ENTRY}")] if _ENTRY in turn.heard.snapshot.entries else []
    turn.say(SYMPATHY.format(whom=_name(one), staff=staff, code=death.case.code, when=when), *offered)


def _label(turn: Turn, staff: Staff | None) -> str:
    return SOMEBODY if staff is None else staff_label(turn.heard.snapshot.profile, staff)
