"""One place in the chat: what stands of it, coming, and giving it back."""

from collections.abc import Awaitable, Callable
from functools import partial

from core.clock import CHINA
from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.exam_errand import Errand, errand_about, note, numbers
from handlers.exam_screens import MINE_CHOICE, place_facts, when
from handlers.exam_sign_up import place_choices
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import exam_places, exams
from services.exam_places import Appointment
from services.vault import Vault

ONE = "{who}的{title}：\n{facts}"
ONE_OVER = "\n报名已经截止，要改期或取消，请打 {phone}。"
ASK_DROP = "真的要取消吗？名额会让给别人。\n{who}的{title}，{when}"
DROPPED = "取消好了：{who}的{title}，{when}。\n想再报名，回复：体检报名。"
YES_CHOICE, NO_CHOICE = "确认取消", "不取消"
GOING = "好，{when}等{who}来。\n{facts}"

Screen = Callable[[Turn, Errand, Appointment], Awaitable[None]]


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    for name, screen in {"exam-place": one, "exam-drop": ask_drop, "exam-gone": drop, "exam-go": going}.items():
        router.action(name)(partial(_about, vault, screen))
    return router


async def _about(vault: Vault, screen: Screen, turn: Turn) -> None:
    """Show a screen of a place, if it stands and whoever writes may act on it."""
    found = numbers(turn.argument, 1)
    errand = await errand_about(turn, vault, found[0]) if found else None
    if errand is None or errand.moved is None:
        await stale(turn)
    else:
        note(turn)
        await screen(turn, errand, errand.moved)


async def one(turn: Turn, errand: Errand, place: Appointment) -> None:
    """Show a place and what can be done with it."""
    note(turn)
    visit(turn, f"exam-place:{place.place.id}")
    text = ONE.format(who=errand.who, title=place.batch.title, facts=place_facts(place))
    if exams.takes_changes(place.batch, turn.now.astimezone(CHINA).date()):
        turn.say(text, *place_choices(place), texts.BACK_CHOICE, replaces=True)
    else:
        turn.say(text + ONE_OVER.format(phone=place.batch.phone), texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def ask_drop(turn: Turn, errand: Errand, place: Appointment) -> None:
    """Ask once more before a place is given to others."""
    if not exams.takes_changes(place.batch, turn.now.astimezone(CHINA).date()):
        await one(turn, errand, place)
        return
    yes, no = Choice(YES_CHOICE, f"exam-gone:{place.place.id}"), Choice(NO_CHOICE, f"exam-place:{place.place.id}")
    text = ASK_DROP.format(who=errand.who, title=place.batch.title, when=when(place.session))
    turn.say(text, yes, no, texts.BACK_CHOICE, replaces=True)


async def drop(turn: Turn, errand: Errand, place: Appointment) -> None:
    """Give the place back."""
    if not exams.takes_changes(place.batch, turn.now.astimezone(CHINA).date()):
        await one(turn, errand, place)
        return
    try:
        await exam_places.cancel(turn.db, place.place.id, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), MINE_CHOICE, texts.BACK_CHOICE)
        return
    text = DROPPED.format(who=errand.who, title=place.batch.title, when=when(place.session))
    turn.say(text, texts.START_CHOICE, replaces=True)
    await record(turn, errand.vault, errand.acting, "取消", f"exam_place:{place.place.id}")


async def going(turn: Turn, errand: Errand, place: Appointment) -> None:
    """Thank whoever says they will come, with all they need to know."""
    text = GOING.format(who=errand.who, when=when(place.session), facts=place_facts(place))
    turn.say(text, texts.START_CHOICE)
