"""An account says whose it is, with a code that the station printed."""

import re
import unicodedata
from datetime import datetime

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import account_notices, open_reminders, texts
from handlers.turn import Turn, fill
from handlers.when import day_and_time
from knowledge.heard import Heard
from services import bindings, guesses
from services.masks import HIDDEN
from services.person_cards import called
from services.vault import Vault

BIND_CHOICE = Choice("绑定账号", "bind")
CODE_CHOICE, NO_CODE_CHOICE = Choice("我有绑定码", "bind-code"), Choice("我没有绑定码", "bind-name")

WHY = "绑定以后，认证和体检的提醒会发到这里，也能让家人代您办。\n您手里有服务站打印的绑定码吗？"
BOUND_ALREADY = "这个账号已经绑定了，{whom}。\n要让家人替您办事，回复：亲属代办。绑错了的话，回复 0。"
ASK_CODE = "请把纸上的 8 位绑定码发给我，大小写、空格都不要紧。"
NOT_EIGHT = "绑定码一共 8 位，请照纸上的再发一次。\n没有码的话，回复：绑定，再选“我没有绑定码”。"
WRONG = "这个码不对，或者已经用过、过期了。\n请照纸上的再发一次，或者请服务站重新打一张。"
WAIT = "为了您的安全，绑定码先停一停，{when}以后再试。\n着急的话，请打 {phone}，或去服务站办。"
DONE = "绑定好了，{whom}。\n以后认证、体检的提醒会发到这里。要让家人代您办，回复：亲属代办。"
_HIDDEN_CODE = "绑定 ********"

_WORDS = {"绑定", "绑定账号", "账号绑定", "绑定身份", "身份绑定", "我要绑定", "绑定档案", "绑定码"}
_WITH_CODE = re.compile(r"绑定(?:码)?[是为:：\s]*([A-Za-z0-9二两三四六七八九\s\-－—.。]{4,30})")
_CODE_ALONE = re.compile(r"(?=.*[A-Za-z])(?:(?=.*\d)[A-Za-z0-9]{8}|[A-Za-z0-9]{4}[ -][A-Za-z0-9]{4})[。.]?")
"""A code sent without a word: two halves as printed, or letters and digits in one; no telephone number is either."""
_CODE = "binding.code"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _WORDS)
    @router.action("bind")
    async def begin(turn: Turn) -> None:
        note(turn)
        turn.finish()
        person = await bindings.bound_to(turn.db, turn.address_id)
        if person is not None:
            turn.say(BOUND_ALREADY.format(whom=called(vault, person)), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        else:
            turn.say(WHY, CODE_CHOICE, NO_CODE_CHOICE, texts.BACK_CHOICE)

    @router.action("bind-code")
    async def ask_code(turn: Turn) -> None:
        note(turn)
        turn.go(_CODE)
        turn.say(ASK_CODE, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.text(lambda turn: _code_in(turn) is not None)
    async def typed_code(turn: Turn) -> None:
        note(turn)
        turn.kept = _HIDDEN_CODE
        await _try(turn, vault, _code_in(turn) or "")

    @router.text(still_asked, state=_CODE)
    async def no_code(turn: Turn) -> None:
        note(turn)
        turn.kept = HIDDEN  # a code with a slip in it, or the number of an ID
        turn.say(NOT_EIGHT, NO_CODE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    return router


def note(turn: Turn) -> None:
    """Record which journey answered."""
    turn.result.journey, turn.result.outcome = "binding", "answer"


def still_asked(turn: Turn) -> bool:
    """Tell whether words belong to what was asked; a question that we know the answer to does not."""
    return (turn.heard.journey, turn.heard.outcome) != ("faq", "answer")


def _code_in(turn: Turn) -> str | None:
    """Return the code that words hold: behind the word 绑定 whatever has the look of one, alone what can be no word."""
    text = unicodedata.normalize("NFKC", turn.inbound.text).strip()
    behind = _WITH_CODE.fullmatch(text)
    if behind is not None:
        return bindings.read_code(behind[1]) or ""
    return bindings.read_code(text) if turn.state == _CODE or _CODE_ALONE.fullmatch(text) else None


async def _try(turn: Turn, vault: Vault, code: str) -> None:
    bound = await bindings.bound_to(turn.db, turn.address_id)
    if bound is not None:
        turn.finish()
        turn.say(BOUND_ALREADY.format(whom=called(vault, bound)), texts.PERSON_CHOICE, texts.START_CHOICE)
        return
    if not code:
        turn.go(_CODE)
        turn.say(NOT_EIGHT, NO_CODE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    until = await guesses.blocked_until(turn.db, turn.address_id, turn.now)
    if until is not None:
        say_wait(turn, until)
        return
    person = await bindings.use_code(turn.db, vault, turn.address_id, code, turn.now)
    if person is None:
        turn.go(_CODE)
        turn.say(WRONG, NO_CODE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    turn.finish()
    await account_notices.tell_others(turn.db, person.id, turn.address_id, turn.now)
    await open_reminders.say_known(turn, vault, DONE.format(whom=called(vault, person)), person.id)


def say_wait(turn: Turn, until: datetime) -> None:
    """Say until when no code of this account is tried."""
    turn.finish()
    turn.say(fill(turn, WAIT, when=day_and_time(until, turn.now)), texts.PERSON_CHOICE, texts.START_CHOICE)
