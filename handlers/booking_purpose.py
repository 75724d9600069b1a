"""What is written below the confirmation: a number to be called at, another time, or what is to be said beforehand."""

import re
import unicodedata
from dataclasses import replace

from core.menu import bare
from core.reply import Choice
from handlers import texts
from handlers.answer import offered, question_choice
from handlers.booking_else import is_none_of_ours, say_near
from handlers.booking_plan import Office, Plan, keep
from handlers.booking_wanted import asks
from handlers.booking_whom import errand_for, known
from handlers.booking_words import Said
from handlers.contact_words import Contact, read_contact
from handlers.contact_words import kept as masked
from handlers.turn import Turn
from services.masks import HIDDEN

_LONGEST, _MOST_NEAR = 100, 3
"""Characters of what somebody says of their matter beforehand."""
_DROPS = re.compile("取消|退掉|停掉|停了|注销")
"""Words that may be of the visit, and may be of something else."""
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}[\dXx]?")
_LABELS = re.compile(r"(?:我的?)?(?:手机|电话|联系方式|号码)+号?码?[是为]?|[\s,;:、。]+")
_PERSON = re.compile("(?![我他她它打请有是要叫])[\u3400-\u9fff]{2,3}")
"""A name as it stands beside a number; longer words have something else to say."""
_OTHER_TIME = re.compile(
    "(?:这个?|那个?|我|约的)*(?:时间|日子|时候)(?:不行|不成|不对|不好|不合适|不方便|太早|太晚)了?|"
    "(?:我|那天|这天|那时候?)*(?:没空|没时间|不方便|不得空)|太[早晚]了?|[换改]一?个?(?:别的)?(?:时间|日子|天)"
)

STAYS = "号码先不动，要改的话，回复 0 告诉工作人员。"
FOR_STAFF = "这句话写给工作人员看吗？要的话回复 1。\n要问事情，从下面选，或者换个说法问："
TO_STAFF = "写给工作人员看，接着约"
NOTED = "电话记下了，只给工作人员看。"


def is_other_time(turn: Turn) -> bool:
    """Tell whether the time that is shown does not suit."""
    return _OTHER_TIME.fullmatch(bare(turn.heard.text)) is not None


async def number_said(turn: Turn, office: Office, plan: Plan) -> bool:
    """Keep a telephone number, sealed, with whom the visit is for, and what is said beside it; False without one."""
    contact = read_contact(turn.inbound.text)
    if contact is None or contact.phone is None:
        return False
    name = contact.name if contact.name and _PERSON.fullmatch(contact.name) else None
    beside = "" if name else _LABELS.sub("", _NUMBER.sub("", _plain(turn)))[:_LONGEST]
    turn.kept = masked(replace(contact, name=name)) + beside
    if beside:
        keep(turn, plan, purpose=beside)
    errand = await errand_for(turn, office.vault, plan.whom)
    if plan.moved or errand is None or errand.person is not None:
        turn.say(STAYS)
        await office.go_on(turn, plan)
    else:
        turn.say(NOTED)
        await known(turn, office, plan, Contact(name or errand.name, contact.phone))
    return True


async def purpose_said(turn: Turn, office: Office, plan: Plan, said: Said) -> bool:
    """Keep what somebody wants to have said beforehand, without any number in it, and show all once more."""
    text, heard = turn.inbound.text.strip(), turn.heard
    if is_none_of_ours(turn, said):
        return say_near(turn, plan)
    if heard.journey not in ("none", "booking", "faq", "reminders") or asks(turn) or len(text) > _LONGEST:
        return False
    if _NUMBER.search(_plain(turn)):
        turn.kept = text = _NUMBER.sub(HIDDEN, _plain(turn))
    keep(turn, plan, purpose=text)
    near = heard.near[:_MOST_NEAR]
    if near or _DROPS.search(text):
        turn.result.near = offered(turn, near)
        options = [question_choice(entry) for entry in near]
        turn.say(FOR_STAFF, Choice(TO_STAFF, plan.action), *options, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await office.go_on(turn, plan)
    return True


def _plain(turn: Turn) -> str:
    return unicodedata.normalize("NFKC", turn.inbound.text.strip())
