"""A reminder went to the wrong one: to a stranger, or to somebody who has moved."""

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from db.people import Address
from handlers import account_notices, acting, open_reminders, texts
from handlers.acting import SELF
from handlers.binding import BIND_CHOICE
from handlers.reminded_for import Answered, answered, pass_on
from handlers.turn import Turn
from knowledge.heard import Heard
from services import audit, person_records, proxies
from services.vault import Vault

WHAT = "{above}麻烦您告诉我们是哪一种："
STRANGER, DIED, MOVED = "发错人了", "本人已去世", "本人已迁走"
SURE = "从此这里收不到这些提醒，账号也会解除绑定。"
SURE_FAMILY = "从此这里收不到{whom}的提醒，您替{whom}的代办也会停。"
YES, NO = "是，发错了", "不是，返回"
SORRY = "对不起，打扰您了，以后不再把这份提醒发到这里。\n{over}\n{passed}\n要是弄错了，{again}"
OVER, AGAIN = "这个账号已经解除绑定。", "请回复：绑定，再发服务站打印的绑定码。"
OVER_FAMILY, AGAIN_FAMILY = "您替{whom}的代办已经停了。", "请家人回复：亲属代办，再把代办码告诉您。"
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
            sure = SURE if one.acting.as_ == SELF else SURE_FAMILY.format(whom=one.whom)
            number = one.reminder.id
            turn.say(sure, Choice(YES, f"cert-unbind:{number}"), Choice(NO, f"{open_reminders.SHOW}:{number}"))

    @router.action("cert-unbind")
    async def unbind(turn: Turn) -> None:
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
    passed = await pass_on(turn, vault, one, IS_STRANGER)
    await person_records.call_off(turn.db, one.person.id, turn.address_id, turn.now)
    if one.acting.as_ == SELF:
        (await turn.db.get_one(Address, turn.address_id)).person_id = None
        await turn.db.flush()
    else:
        for proxy in await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date()):
            if proxy.person_id == one.person.id and await proxies.end(turn.db, proxy.id, turn.now):
                await account_notices.tell_ended(turn.db, vault, proxy, turn.now, not_address=turn.address_id)
    again = (BIND_CHOICE,) if one.acting.as_ == SELF else ()
    turn.say(_sorry(one, passed), *again, texts.START_CHOICE)
    detail = {"address": turn.address_id, "as": one.acting.as_}
    await audit.record(turn.db, turn.now, None, "reminder_stranger", f"person:{one.person.id}", detail)


def _sorry(one: Answered, passed: str) -> str:
    """Say plainly what is over now, under which code staff look into it, and the way back from a mistake."""
    own = one.acting.as_ == SELF
    over = OVER if own else OVER_FAMILY.format(whom=one.whom)
    return SORRY.format(over=over, passed=passed, again=AGAIN if own else AGAIN_FAMILY)
