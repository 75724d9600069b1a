"""For whom a visit is: oneself, an elder one acts for, or a member of the family who is only named; checked at each step."""

import re
from dataclasses import dataclass, replace
from functools import partial

from core.clock import CHINA, day_of
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.bookings import Booking, Slot, Waiting
from db.people import Person
from handlers import texts
from handlers.acting import FOR_SELF, SELF, Acting, acting_for
from handlers.anytime import stale
from handlers.booking_plan import ASK, BOOK, CONTACT, KEPT, NAMED, OWN, Office, Plan, keep, kept, note, read_plan
from handlers.booking_screens import MINE_CHOICE
from handlers.contact_words import Contact, looks_like_one, read_contact
from handlers.contact_words import kept as masked
from handlers.event_screens import FAMILY, YOU
from handlers.guide import page_number, paged
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import bindings, person_cards, proxies
from services.booking_rows import visits, who_key
from services.masks import mask_name, surname
from services.person_cards import open_sealed
from services.vault import Vault
from services.wait_rows import IN_LINE, waits
from services.who import Who

AS_FAMILY = "家人"
"""As what somebody acts who books for family without being their proxy."""
_NAME = re.compile(r"(?:[\u3400-\u9fff]{0,5}(?:叫|姓名是?|名字是?)[:：]?)?([\u3400-\u9fff]{2,4})")
_SKIP = {"不写", "不想写", "不写了", "不用", "不用了", "不用写", "没有", "跳过", "算了", "不留", "不留了"}
_NO_NAME = re.compile("[吗么呢]|怎么|什么|为啥|多少|哪")

WHOM = "这次给谁约？回复数字："
OTHER = "别的家人"
ASK_NAME = "请写这位家人的姓名，带上电话更好，比如：\n王秀英 13812345678\n只给工作人员看，聊天记录里会遮住。\n不想写的话，回复 1。"
ASK_OWN = "请写您的姓名和电话，比如：\n王建国 13812345678\n只给工作人员看，聊天记录里会遮住。\n不想写的话，回复 1。"
SKIP_CHOICE = "不写，接着约"
NOT_TOLD_APART = "已经给一位没写姓名的家人约过，或排了候补。\n这一位请写姓名，免得弄混，比如：\n王秀英 13812345678"
UNREAD = "没有看明白。请写姓名和电话，比如：\n王建国 13812345678\n不想写的话，回复 1。"


@dataclass(frozen=True, slots=True)
class Errand:
    """Whom a visit is for, and as what it is booked for them; without a person they are not on file here."""

    key: str
    """As a plan carries it."""
    person: Person | None
    as_: str
    who: str
    """您, or 王同志."""
    name: str | None = None
    phone: str | None = None

    @property
    def acting(self) -> Acting:
        """Return the same as the audit of proxies wants it."""
        return Acting(self.person.id if self.person else None, self.as_)

    def whose(self, address_id: int) -> Who:
        """Return the same as a booking wants it."""
        return Who(address_id, self.person.id if self.person else None, self.name, self.phone, self.as_)


async def decided(turn: Turn, plan: Plan) -> Plan:
    """Return the plan with whom the chat speaks for just now, unless several are possible or it was said."""
    if plan.whom != ASK:
        return plan
    acting = await acting_for(turn)
    if acting.several:
        return plan
    return replace(plan, whom=OWN if acting.as_ == SELF else str(acting.person_id))


async def errand_for(turn: Turn, vault: Vault, whom: str) -> Errand | None:
    """Return the errand if whoever writes may do it; None for anybody else, and while a name is still to be asked."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    said = kept(turn)
    if whom == OWN or (own is not None and whom == str(own.id)):
        living = own is None or not (own.deceased_at or own.erased_at)
        name, phone = (said.get("name"), said.get("phone")) if own is None and said.get("of") == OWN else (None, None)
        return Errand(OWN, own, SELF, YOU, *_opened(vault, name, phone)) if living else None
    if whom.startswith(NAMED):
        if whom == NAMED or said.get("of") != whom:
            return None
        name, phone = _opened(vault, said.get("name"), said.get("phone"))
        return Errand(whom, None, AS_FAMILY, _called(name), name, phone)
    if not whom.isdigit():
        return None
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    relation = next((proxy.relation for proxy in held if str(proxy.person_id) == whom), None)
    person = await turn.db.get(Person, int(whom)) if relation is not None else None
    if relation is None or person is None:
        return None
    return Errand(whom, person, relation, person_cards.called(vault, person) or FAMILY)


async def errand_of(turn: Turn, vault: Vault, row: Booking | Waiting) -> Errand | None:
    """Return for whom something was booked or waited for, if whoever writes may still act on it."""
    if row.person_id is not None:
        return await errand_for(turn, vault, str(row.person_id))
    if row.address_id != turn.address_id:
        return None
    if row.made_by == SELF:
        return await errand_for(turn, vault, OWN)
    return Errand(NAMED, None, AS_FAMILY, _called(open_sealed(vault, row.name)))


async def people_of(turn: Turn) -> set[int]:
    """Return the ids of those whose visits the chat may see: the owner's, and those one may book for."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    return {proxy.person_id for proxy in held} | ({own.id} if own else set())


def _called(name: str | None) -> str:
    return f"{surname(name)}同志" if name else FAMILY


def _opened(vault: Vault, name: str | None, phone: str | None) -> tuple[str | None, str | None]:
    return open_sealed(vault, name) or None, open_sealed(vault, phone) or None


def routes(office: Office) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("book-whom")(partial(_whom, office))
    router.action("book-name")(_name)
    router.action("book-noname")(partial(_no_name, office))
    router.text(lambda turn: bare(turn.heard.text) in _SKIP, state=CONTACT)(partial(_no_name, office))
    router.text(_may_be_contact, state=CONTACT)(partial(_contact_said, office))
    return router


async def ask_for(turn: Turn, office: Office, plan: Plan, then: str = BOOK) -> None:
    """Ask for whom it is, when that is not known; a button for somebody who is not spoken of any more is stale."""
    if plan.whom == NAMED:
        await ask_contact(turn, plan, then)
    elif plan.named:
        await stale(turn)
    else:
        await ask_whom(turn, office, plan, then)


async def ask_whom(turn: Turn, office: Office, plan: Plan, then: str = BOOK, page: int = 0) -> None:
    """Let the person choose by digit for whom the visit is."""
    keep(turn, plan, then)
    visit(turn, f"book-whom:{plan.tail}")
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    options = [Choice(FOR_SELF, f"{then}:{replace(plan, whom=OWN).tail}")]
    for proxy in held:
        person = await turn.db.get_one(Person, proxy.person_id)
        label = person_cards.called(office.vault, person) or f"{proxy.id}号家人"
        options.append(Choice(label, f"{then}:{replace(plan, whom=str(proxy.person_id)).tail}"))
    options.append(Choice(OTHER, f"book-name:{replace(plan, whom=NAMED).tail}"))
    turn.say(WHOM, *paged(options, page, f"book-whom:{plan.tail}"), replaces=True)


async def _whom(office: Office, turn: Turn) -> None:
    tail, _, page = turn.argument.partition(":")
    plan = read_plan(tail)
    if plan is None:
        await stale(turn)
    else:
        await ask_whom(turn, office, plan, kept(turn).get("then", BOOK), page_number(page))


async def _name(turn: Turn) -> None:
    plan = read_plan(turn.argument)
    if plan is None or not (plan.named or plan.whom == OWN):
        await stale(turn)
    else:
        plan = replace(plan, whom=NAMED) if plan.named else plan
        await ask_contact(turn, plan, kept(turn).get("then", BOOK))


async def ask_contact(turn: Turn, plan: Plan, then: str = BOOK) -> None:
    """Ask for a name and a number; whoever cannot type goes on by a digit."""
    keep(turn, plan, then)
    visit(turn, f"book-name:{plan.tail}")
    turn.go(CONTACT)
    skip = Choice(SKIP_CHOICE, f"book-noname:{plan.tail}")
    turn.say(ASK_OWN if plan.whom == OWN else ASK_NAME, skip, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _no_name(office: Office, turn: Turn) -> None:
    plan = read_plan(turn.argument or kept(turn).get("plan", ""))
    if plan is None or plan.whom not in (OWN, NAMED):
        await stale(turn)
        return
    if plan.whom == NAMED and await _has_unnamed(turn, office):
        turn.say(NOT_TOLD_APART, MINE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await known(turn, office, plan, Contact(None, None))


async def _has_unnamed(turn: Turn, office: Office) -> bool:
    """Tell whether the account has a visit, or waits for one, for family without a name: nobody could tell two apart."""
    whose = who_key(office.vault, Who(turn.address_id, made_by=AS_FAMILY))
    waiting = Waiting.who_key == whose, IN_LINE, Waiting.day >= day_of(turn.now)
    booked = Booking.who_key == whose, Booking.status == "booked", Slot.ends_at > turn.now
    return bool(await visits(turn.db, *booked) or await waits(turn.db, *waiting))


async def known(turn: Turn, office: Office, plan: Plan, contact: Contact) -> None:
    """Keep, sealed, whom it is for, sign the plan with it, and go on."""
    if plan.named:
        mark = office.vault.fingerprint(f"named:{contact.name or ''}:{contact.phone or ''}")
        plan = replace(plan, whom=NAMED + mark[:4])
    name, phone = _sealed(office, contact.name), _sealed(office, contact.phone)
    keep(turn, plan, kept(turn).get("then", BOOK), of=plan.whom, name=name, phone=phone)
    await office.go_on(turn, plan)


def _may_be_contact(turn: Turn) -> bool:
    text = turn.inbound.text
    if read_contact(text) is not None:
        return True
    fits = looks_like_one(turn) or _only_name(text) is not None
    return fits and turn.heard.outcome != "answer" and not _NO_NAME.search(text)


async def _contact_said(office: Office, turn: Turn) -> None:
    """Read a name and a number, kept out of the transcript."""
    plan = read_plan(kept(turn).get("plan", ""))
    contact = read_contact(turn.inbound.text) or _only_name(turn.inbound.text)
    turn.kept = mask_name(contact.name) if contact and contact.name and not contact.phone else masked(contact)
    if plan is None:
        await stale(turn)
    elif contact is None or not (contact.name or plan.whom == OWN):
        note(turn)
        turn.go(CONTACT, **{KEPT: kept(turn)})
        skip = Choice(SKIP_CHOICE, f"book-noname:{plan.tail}")
        turn.say(UNREAD, skip, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await known(turn, office, plan, contact)


def _sealed(office: Office, text: str | None) -> str:
    return office.vault.encrypt(text) if text else ""


def _only_name(text: str) -> Contact | None:
    found = _NAME.fullmatch(text.strip(" 。,，"))
    return Contact(found[1], None) if found else None
