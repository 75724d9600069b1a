"""A reminder went to the wrong one: to a stranger, or to somebody who has moved."""

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from db.people import Address
from db.turns import Outbox
from handlers import account_notices, acting, texts
from handlers.acting import SELF
from handlers.reminded_for import Answered, answered, pass_on
from handlers.turn import Turn
from knowledge.heard import Heard
from services import audit, notice_hold, proxies
from services.notice_gate import CANCELLED
from services.vault import Vault

WHAT = "{above}麻烦您告诉我们是哪一种："
STRANGER, DIED, MOVED = "发错人了", "本人已去世", "本人已迁走"
SORRY = "对不起，打扰您了。以后不再把这份提醒发给您，工作人员会去核对。"
NOTED_MOVED = "{above}谢谢您告诉我们。\n{passed}"
IS_MOVED = "有人告诉我们：{whom}已迁走，请核对。"
IS_STRANGER = "这个账号说认证提醒发错人了，已经移出档案，请核对。"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.action("cert-wrong")
    async def ask(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, running=False)
        if one is not None:
            turn.say(WHAT.format(above=one.above), *_kinds(one), texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.action("cert-stranger")
    async def stranger(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, running=False)
        if one is not None:
            await _not_theirs(turn, vault, one)

    @router.action("cert-moved")
    async def moved(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, running=False)
        if one is not None:
            await _moved(turn, vault, one)

    return router


def _kinds(one: Answered) -> list[Choice]:
    number = one.reminder.id
    named = ((STRANGER, "cert-stranger"), (DIED, "cert-died"), (MOVED, "cert-moved"))
    return [Choice(label, f"{action}:{number}") for label, action in named]


async def _moved(turn: Turn, vault: Vault, one: Answered) -> None:
    who = SELF if one.acting.as_ == SELF else one.whom
    passed = await pass_on(turn, vault, one, IS_MOVED.format(whom=who))
    turn.say(NOTED_MOVED.format(above=one.above, passed=passed), texts.START_CHOICE)
    await acting.record(turn, vault, one.acting, "cert-moved", f"reminder:{one.reminder.id}")


async def _not_theirs(turn: Turn, vault: Vault, one: Answered) -> None:
    """Let the account have nothing more to do with the person."""
    await pass_on(turn, vault, one, IS_STRANGER)
    here = Outbox.address_id == turn.address_id
    await notice_hold.cancel(turn.db, CANCELLED, turn.now, here, Outbox.reminder_id == one.reminder.id)
    if one.acting.as_ == SELF:
        (await turn.db.get_one(Address, turn.address_id)).person_id = None
        await turn.db.flush()
    else:
        for proxy in await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date()):
            if proxy.person_id == one.person.id and await proxies.end(turn.db, proxy.id, turn.now):
                await account_notices.tell_ended(turn.db, vault, proxy, turn.now, not_address=turn.address_id)
    turn.say(SORRY, texts.START_CHOICE)
    detail = {"address": turn.address_id, "as": one.acting.as_}
    await audit.record(turn.db, turn.now, None, "reminder_stranger", f"person:{one.person.id}", detail)
