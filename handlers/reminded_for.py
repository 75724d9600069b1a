"""Who answers a reminder: the person, or a proxy who may be reminded; an id that came from another chat is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import CHINA
from db.people import Conversation, Person
from db.reminders import Reminder
from handlers import texts
from handlers.acting import SELF, Acting, heading
from handlers.turn import Turn
from handlers.when import day_and_time
from services import audit, bindings, errands, proxies
from services.cases import Plea
from services.masks import surname
from services.person_cards import called, open_sealed
from services.proxies import Scope
from services.vault import Vault

KIND = "certification"
MATTER = "生存认证"

NOT_YOURS = "这条提醒不是发给这个账号的，或者代办已经停了。\n要办自己的事，请回复：绑定。要找工作人员，回复 0。"
NOT_BOOKING = "您现在只是替{whom}收提醒，还不能替{whom}预约或申请上门。\n要替{whom}办，请{whom}回复：亲属代办，选“替我收提醒、预约”。\n着急的话，回复 0 找工作人员。"
DONE_BEFORE = "{whom}今年的生存认证已经办好了，不用再办，谢谢您。"
STOPPED = "这条提醒已经停了，不用再办。有疑问，回复 0 找工作人员。"
PASSED_ON = "已经转给工作人员了，求助单号 {code}。\n{expected}"
WITH_STAFF = "工作人员会在这里答复您。"
YOU, FAMILY = "您", "家人"
_ALL: tuple[Scope, ...] = ("remind", "book")


@dataclass(frozen=True, slots=True)
class Answered:
    """A reminder that may be answered, whose it is, and as what the writer answers."""

    reminder: Reminder
    person: Person
    acting: Acting
    whom: str
    """您, or how the elder is called."""
    above: str
    """The line that says for whom, "" for oneself."""


async def answered(
    turn: Turn, vault: Vault, number: str, *, running: bool = True, scope: Scope = "remind"
) -> Answered | None:
    """Return the reminder that a choice names; where it cannot be answered, say why and return None.

    Whoever is reminded for another may answer; what asks for an appointment needs the scope of those besides.
    """
    turn.result.journey, turn.result.outcome = "reminder", "answer"
    turn.finish()
    known = number.isascii() and number.isdigit() and len(number) < 19
    reminder = await turn.db.get(Reminder, int(number)) if known else None
    found = await _acting(turn, reminder) if reminder is not None and reminder.kind == KIND else None
    if reminder is None or found is None:
        turn.say(NOT_YOURS, texts.PERSON_CHOICE, texts.START_CHOICE)
        await audit.record(
            turn.db, turn.now, None, "reminder_refused", f"reminder:{number[:19]}", {"by": turn.address_id}
        )
        return None
    person = await turn.db.get_one(Person, reminder.person_id)
    acting, scopes = found
    whom = YOU if acting.as_ == SELF else called(vault, person) or FAMILY
    if running and reminder.status != "pending":
        turn.say(DONE_BEFORE.format(whom=whom) if reminder.status == "done" else STOPPED, texts.START_CHOICE)
        return None
    if scope not in scopes:
        turn.say(NOT_BOOKING.format(whom=whom), texts.PERSON_CHOICE, texts.START_CHOICE)
        return None
    return Answered(reminder, person, acting, whom, await heading(turn, vault, acting))


async def _acting(turn: Turn, reminder: Reminder) -> tuple[Acting, Sequence[str]] | None:
    """Return as what the writer answers, and in matters of which scopes."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    if own is not None and own.id == reminder.person_id:
        return Acting(own.id), _ALL
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "remind")
    mine = next((proxy for proxy in held if proxy.person_id == reminder.person_id), None)
    return None if mine is None else (Acting(mine.person_id, mine.relation), mine.scopes)


async def pass_on(turn: Turn, vault: Vault, one: Answered, question: str, kind: str = "errand") -> str:
    """Ask staff for something about the person; return how the writer is told of it."""
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    if one.acting.as_ != SELF:
        question = f"{one.acting.as_} 代 {surname(open_sealed(vault, one.person.name))}某：{question}"
    plea = Plea("asked", kind, question, MATTER)
    case = await errands.ask(turn.db, conversation, plea, one.person.station_id, turn.now)
    later = case.due_at is not None and case.due_at > turn.now
    expected = texts.EXPECTED.format(when=day_and_time(case.due_at, turn.now)) if later and case.due_at else WITH_STAFF
    return PASSED_ON.format(code=case.code, expected=expected)
