"""For whom a visit at home is asked: oneself, an elder one acts for, or somebody of the family by name and number."""

from collections.abc import Awaitable, Callable

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from db.people import Person
from handlers import home_draft, home_elsewhere, texts
from handlers.anytime import stale
from handlers.contact_words import Contact, kept, looks_like_one, read_contact
from handlers.event_errand import errand_for
from handlers.event_screens import FAMILY as SOMEBODY
from handlers.exam_errand import numbers
from handlers.guide import page_number, paged
from handlers.home_draft import CALL_CHOICE, FAMILY, OWN, REASONS, asked, draft, keep, note
from handlers.turn import Turn
from knowledge.heard import Heard
from services import person_cards, proxies
from services.vault import Vault

_CONTACT = "home.contact"
_WOUNDED, _OLD = "伤残军人", 80

ASK_WHO = "请工作人员上门，是给谁办？回复数字："
SELF_CHOICE = Choice("我自己", f"home-who:{OWN}")
FAMILY_CHOICE = Choice("家里别的人", "home-family")
ASK_CONTACT = (
    "请写{whose}姓名和电话，比如：\n王建国 13812345678\n只给上门的工作人员看，聊天记录里会遮住。\n不方便写字，回复 1。"
)
NOT_A_CONTACT = "没有看明白。请把姓名和电话写在一起，比如：\n王建国 13812345678\n不方便写字，回复 1。"
NO_NAME = "电话记下了。请把姓名和电话写在一起，比如：\n王建国 13812345678\n不方便写字，回复 1，工作人员打这个电话问您。"
YOURS, THEIRS = "您的", "这位家人的"


def routes(vault: Vault, whole: Router[Heard], go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `whole` answers words that are no name, `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()

    @router.action("home-people", when=asked)
    async def more_people(turn: Turn) -> None:
        note(turn)
        await ask(vault, turn, page_number(turn.argument))

    @router.action("home-who", when=asked)
    async def person_chosen(turn: Turn) -> None:
        found = numbers(turn.argument, 1)
        whom = await errand_for(turn, vault, found[0]) if found else None
        if found is None or whom is None:
            await stale(turn)
            return
        home_draft.forget(turn, "contact", "phone")
        keep(turn, who=found[0])
        if whom.person is not None and whom.person.phone:
            keep(turn, contact=None)
        reason = None if whom.person is None else _reason_on_file(whom.person, turn)
        if reason is not None:
            keep(turn, why=reason)
        await go_on(turn)

    @router.action("home-family", when=asked)
    async def family_chosen(turn: Turn) -> None:
        home_draft.forget(turn, "contact", "phone")
        keep(turn, who=FAMILY)
        await go_on(turn)

    @router.text(asked, state=_CONTACT)
    async def contact_said(turn: Turn) -> None:
        contact = read_contact(turn.inbound.text)
        if contact is None and not _is_number(turn) and await home_elsewhere.answered(turn, whole):
            return
        note(turn)
        turn.kept = kept(contact)
        if contact is None or not contact.name or not contact.phone:
            _ask_again(vault, turn, contact)
            return
        keep(turn, contact=[vault.encrypt(contact.name), vault.encrypt(contact.phone)])
        await go_on(turn)

    return router


def _is_number(turn: Turn) -> bool:
    """Tell a number with a slip in it, which no other journey may see."""
    return looks_like_one(turn) and any(sign.isdigit() for sign in turn.inbound.text)


def _ask_again(vault: Vault, turn: Turn, contact: Contact | None) -> None:
    """Ask for the name; the number alone is enough to be rung up."""
    phone = contact.phone if contact else None
    if phone:
        keep(turn, phone=vault.encrypt(phone))
    turn.go(_CONTACT)
    text = NO_NAME if phone else NOT_A_CONTACT
    turn.say(text, CALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


def _reason_on_file(person: Person, turn: Turn) -> str | None:
    if person.birth_year is not None and turn.now.astimezone(CHINA).year - person.birth_year > _OLD:
        return REASONS[1]
    return REASONS[0] if _WOUNDED in person.categories else None


async def ask(vault: Vault, turn: Turn, page: int = 0) -> None:
    """Ask for whom."""
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    options = [SELF_CHOICE]
    for proxy in held:
        elder = person_cards.called(vault, await turn.db.get(Person, proxy.person_id)) or SOMEBODY
        options.append(Choice(elder, f"home-who:{proxy.person_id}"))
    turn.say(ASK_WHO, *paged([*options, FAMILY_CHOICE], page, "home-people"), replaces=True)


async def ask_contact(turn: Turn) -> None:
    """Ask for a name and a number that are not on file."""
    turn.go(_CONTACT)
    whose = YOURS if draft(turn).get("who") == OWN else THEIRS
    turn.say(ASK_CONTACT.format(whose=whose), CALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
