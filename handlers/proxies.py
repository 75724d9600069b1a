"""Family may act for an elder (亲属代办): the elder gives out a code, and either side ends it with a word."""

from datetime import date

from core.clock import CHINA
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.people import Person
from db.proxies import Proxy
from handlers import account_notices, texts
from handlers.account_notices import DAY
from handlers.answer import question_choice
from handlers.binding import BIND_CHOICE
from handlers.guide import page_number, paged
from handlers.turn import Turn
from knowledge.heard import Heard
from services import bindings, proxies
from services.person_cards import called
from services.proxies import Consent
from services.vault import Vault

SCOPES = {
    "1": ("只替我收提醒", ("remind",)),
    "2": ("替我收提醒、预约", ("remind", "book")),
}
_BESIDE = 3
_ENTRY = "rz-proxy"
OFFER_CHOICE = Choice("让一位家人替我办", "proxy-offer")

FAMILY = "让家人替您收提醒、约时间，不用您自己操心手机。"
WHO_ACTS = "现在可以替您办事的："
WHO_LINE = "{relation}，到{until}"
NEEDS_BINDING = (
    "要先绑定您自己的账号，才能让家人代办。\n替家人办事的话：请家人把 6 位代办码告诉您，您发：代办 加 6 位数字。"
)
FOR_WHAT = "让家人替您办哪些事？选一个："
CODE = "请把这 6 位数字告诉家人：{code}\n让家人在自己的手机上发：代办 {code}\n24 小时内有效，只能用一次。只告诉您信得过的家人。\n以后不想让家人办了，随时回复：停止代办。"
WHICH_STOP = "要停哪一个？回复数字就行。"
NO_PROXY = "现在没有代办，不用停。"
STOPPED = "好的，已经停了，也告诉了对方。要重新办，请回复：亲属代办。"
STOP_GIVEN, STOP_HELD = "不让{relation}替我办", "不再替{whom}办"

_FAMILY = {"亲属代办", "家人代办", "家属代办", "代办授权", "授权家人", "让家人代办", "请家人代办"}
_STOP = {"停止代办", "取消代办", "不要代办", "不代办了", "结束代办", "解除代办"}


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.include(_elder(vault))
    router.include(_ending(vault))
    return router


def _elder(vault: Vault) -> Router[Heard]:
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _FAMILY)
    @router.action("proxy")
    async def family(turn: Turn) -> None:
        note(turn)
        turn.finish()
        own = await bindings.bound_to(turn.db, turn.address_id)
        if own is None:
            await _say_unbound(turn, vault)
            return
        given = [one for one in await proxies.given_by(turn.db, own.id, _today(turn)) if one.status == "active"]
        lines = [WHO_LINE.format(relation=one.relation, until=DAY.format(one.ends_on)) for one in given]
        text = "\n".join([WHO_ACTS, *lines] if lines else [FAMILY])
        turn.say(
            text,
            OFFER_CHOICE,
            *(await _stops(turn, vault))[:_BESIDE],
            *_rule(turn),
            texts.PERSON_CHOICE,
            texts.BACK_CHOICE,
        )

    @router.action("proxy-offer")
    async def ask_scope(turn: Turn) -> None:
        note(turn)
        offered = [Choice(label, f"proxy-scope:{number}") for number, (label, _) in SCOPES.items()]
        turn.say(FOR_WHAT, *offered, texts.BACK_CHOICE)

    @router.action("proxy-scope")
    async def give_code(turn: Turn) -> None:
        note(turn)
        own = await bindings.bound_to(turn.db, turn.address_id)
        if own is None or turn.argument not in SCOPES or own.deceased_at is not None:
            turn.say(texts.STALE, BIND_CHOICE, texts.START_CHOICE)
            return
        consent = Consent(SCOPES[turn.argument][1], proxies.in_a_year(turn.now))
        code = await proxies.offer(turn.db, vault, own.id, consent, turn.now)
        turn.say(CODE.format(code=code), texts.START_CHOICE)

    return router


def _ending(vault: Vault) -> Router[Heard]:
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _STOP)
    async def stop(turn: Turn) -> None:
        note(turn)
        turn.finish()
        offered = await _stops(turn, vault)
        if not offered:
            turn.say(NO_PROXY, texts.START_CHOICE)
        elif len(offered) == 1:
            await _end(turn, vault, offered[0].action.partition(":")[2])
        else:
            turn.say(WHICH_STOP, *paged(offered, 0, "proxy-stops"))

    @router.action("proxy-stops")
    async def more(turn: Turn) -> None:
        note(turn)
        turn.say(WHICH_STOP, *paged(await _stops(turn, vault), page_number(turn.argument), "proxy-stops"))

    @router.action("proxy-stop")
    async def stop_one(turn: Turn) -> None:
        note(turn)
        await _end(turn, vault, turn.argument)

    return router


async def _stops(turn: Turn, vault: Vault) -> list[Choice]:
    """Return a choice for each proxy that this account gave or holds."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    given = await proxies.given_by(turn.db, own.id, _today(turn)) if own else []
    found = [
        Choice(STOP_GIVEN.format(relation=one.relation), f"proxy-stop:{one.id}")
        for one in given
        if one.status == "active"
    ]
    held = await proxies.held_by(turn.db, turn.address_id, _today(turn))
    held_names = [(one.id, await whom_of(turn, vault, one)) for one in held]
    return found + [Choice(STOP_HELD.format(whom=whom), f"proxy-stop:{number}") for number, whom in held_names]


async def _end(turn: Turn, vault: Vault, number: str) -> None:
    """End a proxy, if it is one of this account's, and tell the other side."""
    if f"proxy-stop:{number}" not in [choice.action for choice in await _stops(turn, vault)]:
        turn.say(NO_PROXY, texts.START_CHOICE)
        return
    ended = await proxies.end(turn.db, number_in(number), turn.now)
    if ended is not None:
        await account_notices.tell_ended(turn.db, vault, ended, turn.now, not_address=turn.address_id)
    turn.say(STOPPED, texts.START_CHOICE)


async def _say_unbound(turn: Turn, vault: Vault) -> None:
    offered = await _stops(turn, vault)
    turn.say(NEEDS_BINDING, BIND_CHOICE, *offered[:_BESIDE], *_rule(turn), texts.PERSON_CHOICE, texts.BACK_CHOICE)


def _rule(turn: Turn) -> list[Choice]:
    """Return the question that says what family may do by the rules, where the knowledge has it."""
    entry = turn.heard.snapshot.entries.get(_ENTRY)
    return [question_choice(entry)] if entry else []


async def whom_of(turn: Turn, vault: Vault, proxy: Proxy) -> str:
    """Return how the elder of a proxy is called."""
    return called(vault, await turn.db.get(Person, proxy.person_id)) or "家人"


def number_in(text: str) -> int:
    """Return the row's id that an action names, 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _today(turn: Turn) -> date:
    return turn.now.astimezone(CHINA).date()


def note(turn: Turn) -> None:
    """Record which journey answered."""
    turn.result.journey, turn.result.outcome = "proxy", "answer"
