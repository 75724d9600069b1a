"""Signing up for an event: for whom, a name and a number where we have none, and the place or the waiting list."""

from collections.abc import Sequence
from functools import partial

from core.clock import CHINA
from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from db.events import Event
from handlers import texts
from handlers.acting import acting_for, ask_whom, record
from handlers.anytime import stale
from handlers.binding import BIND_CHOICE
from handlers.contact_words import CONTACT, NOT_A_CONTACT, Contact, kept, looks_like_one, read_contact
from handlers.event_errand import Errand, errand_for, note
from handlers.event_screens import CLOSED, WAITS, facts, place_facts
from handlers.exam_errand import numbers
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import event_list, event_places, event_reminders, proxies
from services.event_list import SignUp
from services.vault import Vault

_EVENT = "event_join"

CONFIRM = "请看一遍，对的话回复 1：\n给{who}报名“{title}”\n{facts}"
YES_CHOICE = "确认报名"
ASK_CONTACT = "报名“{title}”，请写姓名和电话，比如：\n王建国 13812345678\n只给工作人员联系用，聊天记录里会遮住。\n不想写的话，回复 1。"
NO_CONTACT = "不写，直接报名"
DONE = "{who}的“{title}”报好了。\n{facts}{reminded}"
WAITING = "“{title}”的名额满了。\n{who}{waits}\n{facts}\n排到了再来，没有通知就先别跑一趟。"
REMINDED = "\n前一天上午，我会再提醒。"
NOT_FOR = "“{title}”这次不是给{who}这一类安排的。\n想问清楚，请打 {phone}，或回复 0 找人工。"
BIND_FIRST = "“{title}”是给{categories}办的，要先核对您是谁。\n请回复：绑定。也可以打 {phone}，请工作人员报名。"
SEE_CHOICE, DROP_CHOICE = "看我的报名", "取消报名"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("event-join")(partial(join, vault))
    router.action("event-take")(partial(take, vault))
    router.text(looks_like_one, state=CONTACT)(partial(contact_said, vault))
    return router


async def others(turn: Turn, vault: Vault, mine: Sequence[SignUp]) -> bool:
    """Tell whether the account speaks for somebody who has not signed up yet."""
    taken = {one.row.person_id for one in mine}
    for proxy in await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book"):
        if proxy.person_id not in taken and await errand_for(turn, vault, proxy.person_id):
            return True
    return False


async def join(vault: Vault, turn: Turn) -> None:
    """Ask for whom, for a name and a number of somebody not on file, or to confirm."""
    event = await _event(turn, turn.argument)
    if event is None:
        await stale(turn)
        return
    acting = await acting_for(turn)
    if acting.several:
        note(turn)
        await ask_whom(turn, vault, f"event-join:{event.id}")
        return
    errand = await errand_for(turn, vault, acting.person_id or 0)
    if errand is None:
        await stale(turn)
        return
    note(turn)
    if refused := _refused(turn, event, errand):
        turn.say(refused, *([] if errand.person else [BIND_CHOICE]), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    elif errand.person is None:
        turn.go(CONTACT, **{_EVENT: event.id})
        no = Choice(NO_CONTACT, f"event-take:{event.id}.0")
        turn.say(ASK_CONTACT.format(title=event.title), no, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        visit(turn, f"event-join:{event.id}")
        yes = Choice(YES_CHOICE, f"event-take:{event.id}.{errand.person.id}")
        text = CONFIRM.format(who=errand.who, title=event.title, facts=facts(event))
        turn.say(text, yes, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


async def _event(turn: Turn, argument: str, count: int = 1) -> Event | None:
    found = numbers(argument, count)
    return await turn.db.get(Event, found[0], populate_existing=True) if found else None


def _refused(turn: Turn, event: Event, errand: Errand) -> str | None:
    if not event_list.takes_sign_ups(event, turn.now):
        return CLOSED.format(phone=event.phone)
    if event_list.is_for(event, errand.person):
        return None
    if errand.person is None:
        return BIND_FIRST.format(title=event.title, categories="、".join(event.categories), phone=event.phone)
    return NOT_FOR.format(title=event.title, who=errand.who, phone=event.phone)


async def contact_said(vault: Vault, turn: Turn) -> None:
    """Read a name and a number, kept out of the transcript, and sign up with them."""
    contact = read_contact(turn.inbound.text)
    event = await _event(turn, str(turn.data.get(_EVENT, "")))
    turn.kept = kept(contact)
    errand = await errand_for(turn, vault, 0)
    if event is None or errand is None:
        await stale(turn)
    elif contact is None:
        turn.result.journey, turn.result.outcome = "events", "answer"
        turn.say(NOT_A_CONTACT, Choice(NO_CONTACT, f"event-take:{event.id}.0"), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await _sign_up(turn, vault, event, errand, contact)


async def take(vault: Vault, turn: Turn) -> None:
    """Take a place."""
    found = numbers(turn.argument, 2)
    event = await _event(turn, turn.argument, 2)
    errand = await errand_for(turn, vault, found[1]) if found else None
    if event is None or errand is None:
        await stale(turn)
    else:
        await _sign_up(turn, vault, event, errand, Contact(None, None))


async def _sign_up(turn: Turn, vault: Vault, event: Event, errand: Errand, contact: Contact) -> None:
    note(turn)
    turn.data.pop(_EVENT, None)
    whose = errand.whose(contact.name, contact.phone)
    try:
        one = await event_places.sign_up(turn.db, vault, event.id, whose, turn.now)
    except Refusal as refusal:
        turn.say(_refused(turn, event, errand) or str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    turn.say(_done(turn, errand, one), *_next(one), texts.START_CHOICE, replaces=True)
    await record(turn, vault, errand.acting, "报名", f"event_sign_up:{one.row.id}")


def _done(turn: Turn, errand: Errand, one: SignUp) -> str:
    if one.position is not None:
        waits = WAITS.format(number=one.position, who=errand.who)
        return WAITING.format(title=one.event.title, who=errand.who, waits=waits, facts=place_facts(one))
    reminded = REMINDED if event_reminders.moment(one.event.starts_at) > turn.now else ""
    return DONE.format(title=one.event.title, who=errand.who, facts=place_facts(one), reminded=reminded)


def _next(one: SignUp) -> tuple[Choice, ...]:
    return Choice(SEE_CHOICE, f"event-mine:{one.row.id}"), Choice(DROP_CHOICE, f"event-drop:{one.row.id}")
