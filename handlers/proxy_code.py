"""A relative uses the code that an elder, or the counter, gave out, and acts for the elder from then on."""

import re
import unicodedata

from core.errors import Refusal
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.proxies import Proxy
from handlers import account_notices, acting, open_reminders, texts
from handlers.account_notices import DAY
from handlers.binding import say_wait
from handlers.proxies import note, number_in, whom_of
from handlers.turn import Turn
from knowledge.heard import Heard
from services import guesses, proxies
from services.proxies import RELATIONS
from services.vault import Vault

ASK_CODE = "请发：代办，后面加上家人告诉您的 6 位数字。"
WRONG = "这个代办码不对，或者已经用过、过期了。\n请向家人再问一次，或者请家人重新回复：亲属代办。"
ASK_RELATION = "码对上了。您是{whom}的什么人？回复数字就行。"
BEGUN = "好了，您现在可以替{whom}办事，到{until}为止。\n{whom}的提醒也会发给您。不想办了，随时回复：停止代办。"
_WITH_CODE = re.compile(r"代办码?[是为:\s]*([0-9零〇一二两三四五六七八九幺\s\-]{2,20})")
_DIGITS = str.maketrans("零〇一二两三四五六七八九幺", "0012234567891")
_CODE = "proxy.code"
_HIDDEN_CODE = "代办 ******"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: bare(turn.inbound.text) in {"代办", "代办码"})
    async def ask_code(turn: Turn) -> None:
        note(turn)
        turn.go(_CODE)
        turn.say(ASK_CODE, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.text(lambda turn: _code_in(turn) is not None)
    async def typed_code(turn: Turn) -> None:
        note(turn)
        turn.kept = _HIDDEN_CODE
        turn.go(_CODE)
        until = await guesses.short_blocked_until(turn.db, turn.address_id, turn.now)
        if until is not None:
            say_wait(turn, until)
            return
        try:
            proxy = await proxies.use_code(turn.db, vault, turn.address_id, _code_in(turn) or "", turn.now)
        except Refusal as refusal:
            turn.finish()
            turn.say(str(refusal), texts.START_CHOICE)
            return
        if proxy is None:
            turn.say(WRONG, texts.PERSON_CHOICE, texts.BACK_CHOICE)
            return
        turn.finish()
        await (_begin(turn, vault, proxy) if proxy.status == "active" else _ask_relation(turn, vault, proxy))

    @router.action("proxy-rel")
    async def relation_said(turn: Turn) -> None:
        note(turn)
        number, _, place = turn.argument.partition(".")
        proxy = await turn.db.get(Proxy, number_in(number))
        offered = proxy is not None and proxy.status == "offered" and proxy.address_id == turn.address_id
        if proxy is None or not offered or place not in map(str, range(len(RELATIONS))):
            turn.say(texts.STALE, texts.START_CHOICE)
            return
        await proxies.activate(turn.db, proxy, RELATIONS[int(place)], turn.now)
        await _begin(turn, vault, proxy)

    return router


async def _begin(turn: Turn, vault: Vault, proxy: Proxy) -> None:
    turn.data[acting.CHOSEN] = proxy.id
    await account_notices.tell_begun(turn.db, proxy, turn.now)
    whom = await whom_of(turn, vault, proxy)
    begun = BEGUN.format(whom=whom, until=DAY.format(proxy.ends_on))
    await open_reminders.say_known(turn, vault, begun, proxy.person_id)


async def _ask_relation(turn: Turn, vault: Vault, proxy: Proxy) -> None:
    offered = [Choice(label, f"proxy-rel:{proxy.id}.{place}") for place, label in enumerate(RELATIONS)]
    turn.say(ASK_RELATION.format(whom=await whom_of(turn, vault, proxy)), *offered)


def _code_in(turn: Turn) -> str | None:
    text = unicodedata.normalize("NFKC", turn.inbound.text).strip(" 。.")
    behind = _WITH_CODE.fullmatch(text)
    said = behind[1] if behind else text if turn.state == _CODE else ""
    signs = "".join(c for c in said.translate(_DIGITS) if c.isascii() and c.isdigit())
    return signs if behind or (len(signs) == proxies.LENGTH and len(text) <= 20) else None
