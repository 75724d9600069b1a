"""Once all is said: shown for a last look, and passed on to staff near where the person lives."""

from collections.abc import Awaitable, Callable
from functools import partial

from core.reply import Choice
from core.router import Router
from handlers import home_draft, home_visit_when, texts
from handlers.anytime import stale
from handlers.home_draft import FAMILY, asked, draft, note
from handlers.home_host import hand_on, host_of, say_sent, was_sent, who_in_short
from handlers.turn import Turn
from knowledge.heard import Heard
from services import home_visits
from services.vault import Vault

CONFIRM = "请看一遍，对的话回复 1：\n给{who}上门办：{service}\n原因：{why}\n姓名：{name}\n电话：{phone}\n地址：{place}\n时间：{when}"
YES_CHOICE, AGAIN_CHOICE = Choice("确认，请上门", "home-send"), Choice("重新填", "home-visit")
DONE = "已经转给{station}，求助单号 {code}。\n{expected}\n工作人员上门前会先打电话。\n能不能上门，工作人员看了再定，会给您回话。"
CALL_DONE = "已经转给{station}，求助单号 {code}。\n{expected}\n没有填的，工作人员打电话问您。"
NO_PHONE_DONE = (
    "已经转给{station}，求助单号 {code}。\n{expected}\n我们还没有您的电话。\n会写数字的话，把电话号码发在这里。"
)
DAY_OVER = "原来选的日子不能上门了，请再选一个。"
QUESTION = "申请上门：{service}。{who}，{why}。\n{when}。姓名、电话和地址在求助单的“上门”里。"
CALL_QUESTION = "申请上门：{service}。{who}，{why}。\n没有填完，请打电话问，电话在求助单的“上门”里。"
NO_PHONE_QUESTION = "申请上门：{service}。{who}，{why}。\n没有填完，也没有电话，请在聊天里问。"
UNSAID_SERVICE, UNSAID_WHY = "没有说办什么事", "没有说原因"


def routes(vault: Vault, _: Router[Heard], go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()
    router.action("home-send", when=asked)(partial(send, vault, go_on))
    router.action("home-call", when=asked)(partial(ask_to_be_called, vault))

    @router.action("home-call", when=was_sent)
    @router.action("home-send", when=was_sent)
    async def sent_before(turn: Turn) -> None:
        note(turn)
        say_sent(turn)

    return router


async def confirm(vault: Vault, turn: Turn) -> None:
    """Show all that staff will get, and ask once more; masked, for what is said stays in the transcript."""
    known = draft(turn)
    host = home_visits.masked(host_of(vault, turn, await home_draft.errand(turn, vault)))
    text = CONFIRM.format(
        who=await home_draft.called(turn, vault), service=known["service"], why=known["why"], name=host.name,
        phone=host.phone, place=host.place, when=home_visit_when.label(known["day"]),
    )  # fmt: skip
    turn.say(text, YES_CHOICE, AGAIN_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


async def send(vault: Vault, go_on: Callable[[Turn], Awaitable[None]], turn: Turn) -> None:
    """Pass it on, if it can still be done; what is missing by now is asked for again."""
    known = draft(turn)
    whom = await home_draft.errand(turn, vault)
    if known.get("who", FAMILY) != FAMILY and whom is None:  # the elder has ended the proxy meanwhile
        home_draft.end(turn)
        await stale(turn)
        return
    if known.get("contact") is None and (whom is None or whom.person is None):  # the account was bound until now
        home_draft.forget(turn, "contact")
    if not home_draft.complete(turn):
        await go_on(turn)
        return
    if known["day"] not in await home_visit_when.free(turn):
        home_draft.forget(turn, "day")
        turn.say(DAY_OVER)
        await go_on(turn)
        return
    note(turn)
    host = host_of(vault, turn, whom)
    question = QUESTION.format(
        service=known["service"], who=who_in_short(turn, whom, host), why=known["why"],
        when=home_visit_when.label(known["day"]),
    )  # fmt: skip
    await hand_on(turn, vault, whom, host, question, DONE)


async def ask_to_be_called(vault: Vault, turn: Turn) -> None:
    """Pass on what there is of it, for staff to ask the rest: not everybody can write a name or an address."""
    known = draft(turn)
    whom = await home_draft.errand(turn, vault)
    if known.get("who", FAMILY) != FAMILY and whom is None:
        home_draft.end(turn)
        await stale(turn)
        return
    note(turn)
    host = host_of(vault, turn, whom)
    asking, done = (CALL_QUESTION, CALL_DONE) if host.phone else (NO_PHONE_QUESTION, NO_PHONE_DONE)
    question = asking.format(
        service=known.get("service", UNSAID_SERVICE), who=who_in_short(turn, whom, host),
        why=known.get("why", UNSAID_WHY),
    )  # fmt: skip
    await hand_on(turn, vault, whom, host, question, done)
