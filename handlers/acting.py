"""Whom a chat speaks for just now: the person it is bound to, or one of the elders it is a proxy of."""

from dataclasses import dataclass, replace

from core.clock import CHINA
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.people import Person
from db.proxies import Proxy
from handlers import texts
from handlers.guide import page_number, paged
from handlers.turn import Turn
from knowledge.heard import Heard
from services import audit, bindings, proxies
from services.masks import surname
from services.person_cards import called, open_sealed
from services.proxies import Scope
from services.vault import Vault

SELF = "本人"
CHOSEN, _THEN = "acting", "acting_then"
"""Where the conversation keeps the proxy that was chosen (0 is the person's own matters), and what to go on with."""
_SWITCH = {"换人", "切换", "换个人", "换一个人", "换老人", "切换老人", "给谁办"}

WHOM = "您替几位家人办事，这次给谁办？"
NOW_FOR = "好的，现在办的是{whom}的事。要换人，回复：换人。"
ONLY_OWN = "您现在只办自己的事。要替家人办事，请家人先回复：亲属代办。"
FOR_SELF = "我自己"
ACTS = "（现在替{whom}办，要换人请回复：换人）\n"


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom, and as what; without a person id there is nobody, or several of whom one must be chosen first."""

    person_id: int | None
    as_: str = SELF
    several: bool = False
    """Nobody was chosen among several: let `ask_whom` ask."""


async def acting_for(turn: Turn, scope: Scope = "book") -> Acting:
    """Return for whom the chat speaks in matters of a scope; never an elder without an active proxy of that scope."""
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), scope)
    chosen = turn.data.get(CHOSEN)
    for proxy in held:
        if proxy.id == chosen:
            return Acting(proxy.person_id, proxy.relation)
    own = await bindings.bound_to(turn.db, turn.address_id)
    if own is not None and (chosen == 0 or not held):
        return Acting(own.id)
    if own is None and len(held) == 1:
        return Acting(held[0].person_id, held[0].relation)
    return Acting(None, several=bool(held))


async def heading(turn: Turn, vault: Vault, acting: Acting) -> str:
    """Return the line that stands above what concerns somebody else, "" for one's own matters."""
    if acting.as_ == SELF or acting.person_id is None:
        return ""
    return ACTS.format(whom=called(vault, await turn.db.get(Person, acting.person_id)))


async def record(turn: Turn, vault: Vault, acting: Acting, what: str, object_: str) -> None:
    """Audit what a proxy did, such as 女儿 代 王某; one's own acts need no line. Call it last."""
    if acting.as_ == SELF or acting.person_id is None:
        return
    person = await turn.db.get_one(Person, acting.person_id)
    who = f"{acting.as_} 代 {surname(open_sealed(vault, person.name))}某"
    await audit.record(turn.db, turn.now, None, "proxy_acted", object_, {"what": what, "who": who})


async def ask_whom(turn: Turn, vault: Vault, then: str = "", page: int = 0) -> None:
    """Let the person choose by digit for whom to act; `then` is the action to go on with."""
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date())
    if not held:
        turn.say(ONLY_OWN, texts.START_CHOICE)
        return
    own = await bindings.bound_to(turn.db, turn.address_id)
    options = [Choice(await _label(turn, vault, proxy), f"act:{proxy.id}") for proxy in held]
    turn.data[_THEN] = then or turn.data.get(_THEN, "")
    turn.say(WHOM, *paged(([Choice(FOR_SELF, "act:0")] if own else []) + options, page, "whom"))


async def _label(turn: Turn, vault: Vault, proxy: Proxy) -> str:
    return called(vault, await turn.db.get(Person, proxy.person_id)) or f"{proxy.id}号家人"


def routes(vault: Vault, whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` goes on with what the choice was asked for."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in _SWITCH)
    async def switch(turn: Turn) -> None:
        turn.result.journey, turn.result.outcome = "proxy", "answer"
        turn.data.pop(_THEN, None)
        await ask_whom(turn, vault)

    @router.action("whom")
    async def more(turn: Turn) -> None:
        turn.result.journey, turn.result.outcome = "proxy", "answer"
        await ask_whom(turn, vault, page=page_number(turn.argument))

    @router.action("act")
    async def chosen(turn: Turn) -> None:
        turn.result.journey, turn.result.outcome = "proxy", "answer"
        held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date())
        ids = {str(proxy.id): proxy for proxy in held} | {"0": None}
        if turn.argument not in ids:
            turn.say(texts.STALE, texts.START_CHOICE)
            return
        proxy = ids[turn.argument]
        turn.data[CHOSEN] = proxy.id if proxy else 0
        then = turn.data.pop(_THEN, "")
        if then:
            turn.inbound = replace(turn.inbound, kind="action", text=then)
            await whole.route(turn)
            return
        whom = await _label(turn, vault, proxy) if proxy else FOR_SELF
        turn.say(NOW_FOR.format(whom=whom), texts.START_CHOICE)

    return router
