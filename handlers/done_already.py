"""Somebody says in words, with no reminder on the screen, that a certification is done: asked which, never guessed."""

import re
from dataclasses import replace

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import open_reminders
from handlers.open_reminders import label_of, which_of
from handlers.reminded_for import FAMILY
from handlers.turn import Turn
from knowledge.heard import Heard
from services.open_certifications import Waiting
from services.person_cards import called
from services.vault import Vault

REALLY = "您是说{whom}{which}办好了？"
WHICH = "您是说哪一份认证办好了？"
YES, NOT_YET, NONE_YET = "是的", "还没有", "都还没有"
_LISTED = 5

_RELATIVE = (
    "爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|姥爷|姥姥|老伴|老头子?|丈夫|爱人|公公|婆婆|岳父|岳母|老人家?|他|她"
)
_SAID = re.compile(
    rf"(?:我|俺|咱|本人)?们?家?里?(?P<relative>{_RELATIVE})?(?:自己)?的?(?:今年的?|这次的?)?(?:生存)?(?:认证)?"
    r"(?:早就|早|已经|已|都|也|刚刚?|刚才|昨天|今天|前几天|上周|上个月)*(?:办|弄|做|搞|认证)[理过好完成]*了?"
    r"(?:生存)?(?:认证)?(?:手续)?[了啦的呀啊]*(?:[，,。 ]*(?:不用|不要|别)再?(?:提醒|发|催)我?了?)?"
)
"""Whole sentences only, so that 优待证办好了 and 办好了吗 stay questions."""
_IS_DONE = re.compile("[过好完成了啦已]")


def routes(vault: Vault, rest: Router[Heard]) -> Router[Heard]:
    """Return the routes; where nothing waits, `rest` goes on with the words."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: _said(turn) is not None)
    async def ask(turn: Turn) -> None:
        found = await open_reminders.of_account(turn.db, turn.address_id, turn.now)
        if not found:
            await rest.route(turn)
            return
        turn.result.journey, turn.result.outcome = "reminder", "answer"
        said = _said(turn)
        family = bool(said and said["relative"])
        meant = [one for one in found if not (family and one.own)] or found
        if len(meant) == 1:
            _ask(turn, vault, meant[0], found, by_name=family)
        else:
            listed = [Choice(label_of(vault, one), f"cert-done:{one.reminder.id}") for one in meant[:_LISTED]]
            turn.say(WHICH, *listed, replace(open_reminders.LIST_CHOICE, label=NONE_YET))

    return router


def _said(turn: Turn) -> re.Match[str] | None:
    text = turn.inbound.text
    found = None if "\uff1f" in text or "?" in text else _SAID.fullmatch(bare(text))
    return found if found and _IS_DONE.search(bare(text)) else None


def _ask(turn: Turn, vault: Vault, one: Waiting, found: list[Waiting], *, by_name: bool) -> None:
    """Ask of one; whoever holds the elder's own telephone speaks of the elder by a name."""
    whom = called(vault, one.person) or FAMILY if by_name else open_reminders.whom_of(vault, one)
    text = REALLY.format(whom=whom, which=which_of(one, found, turn.now))
    number = one.reminder.id
    turn.say(text, Choice(YES, f"cert-done:{number}"), Choice(NOT_YET, f"{open_reminders.SHOW}:{number}"))
