"""Short words around a visit that is booked: I am there, several of us come, I want her again, is it booked now."""

from core.reply import Choice
from core.router import Router
from handlers import booking_late, texts
from handlers.booking_mine import NEW_CHOICE, SHOW, label, pick, visits_of
from handlers.booking_plan import STEP, Office, Plan, kept, note, or_pass, read_plan
from handlers.booking_screens import MINE_CHOICE, visit_choices, visit_facts
from handlers.booking_there import ahead_words, expected_of, waiting_number
from handlers.booking_wanted import told
from handlers.turn import Turn
from knowledge.heard import Heard
from services.booking_rules import BookingRules
from services.vault import Vault

HERE = "好的，到了把预约码给工作人员看，就取到号了。\n"
HERE_SEVERAL = "好的，到了把预约码给工作人员看，就取到号了。\n今天约了这些，回复数字看预约码："
NOT_YET = "还没有约好，请接着选。"
SEVERAL = "一个号给一个人办一件事，陪着来的不用约。\n要一起办的，每个人约一个号。\n先约一位的，再选“给家人约”约下一位。"
CHOOSE = "到站里按号叫，哪个窗口空了就到哪个，不能指定谁来办。\n有要照顾的，约的时候写一句，工作人员看得到。\n一定要找哪一位，回复 0 问工作人员。"
FAMILY_CHOICE, GO_ON = Choice("给家人约", f"book-whom:{Plan().tail}"), "接着约"
_RULES = {"several": SEVERAL, "choose": CHOOSE}
_SHOWN = 5


def routes(vault: Vault, whole: Router[Heard], rules: BookingRules, rest: Router[Heard]) -> Router[Heard]:
    """Return the routes; `rest` goes on with words that mean nothing of a visit to whoever says them."""
    office, router = Office(vault, rules, whole), Router[Heard]()
    router.include(booking_late.routes(office))
    router.text(lambda turn: told(turn) is not None)(or_pass(office, rest, _answer))
    return router


def calm(vault: Vault, whole: Router[Heard], rules: BookingRules, rest: Router[Heard]) -> Router[Heard]:
    """Return the route of words that sound like danger, and are those of whoever is on the way to a visit of today.

    我在服务站门口了 may be a threat, and is taken for one from everybody else; a whole message that says no more than that
    somebody is there, or late, is no danger from whoever a desk waits for.
    """
    router: Router[Heard] = Router()
    router.text(_sounds_like_danger)(or_pass(Office(vault, rules, whole), rest, _answer))
    return router


def _sounds_like_danger(turn: Turn) -> bool:
    said = told(turn) if turn.heard.crisis is not None and turn.case is None else None
    return said is not None and said.kind in ("late", "here")


async def _answer(turn: Turn, office: Office) -> bool:
    """Answer whoever has a visit, or is just booking one; False leaves the words to others."""
    said = told(turn)
    if said is not None and said.late is not None:
        return await booking_late.say_late(turn, office, said.late)
    kind = said.kind if said is not None else ""
    if kind == "here":
        return await _say_here(turn, office)
    plan = read_plan(kept(turn).get("plan", "")) if turn.state == STEP else None
    if kind == "done" and plan is not None:
        turn.result.journey, turn.result.outcome = "booking", "answer"
        turn.say(NOT_YET)
        await office.go_on(turn, plan)
    elif kind in _RULES and (plan is not None or await visits_of(turn, office)):
        say_rule(turn, kind, plan)
    elif kind == "again" and await visits_of(turn, office):
        await pick(turn, office, SHOW)
    else:
        return False
    return True


def say_rule(turn: Turn, kind: str, plan: Plan | None = None) -> None:
    """Say what cannot be had, and what can; a booking that is on its way goes on where it was."""
    turn.result.journey, turn.result.outcome = "booking", "answer"
    if plan is not None:
        turn.say(_RULES[kind], Choice(GO_ON, plan.action), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    note(turn)
    first = FAMILY_CHOICE if kind == "several" else NEW_CHOICE
    turn.say(_RULES[kind], first, MINE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _say_here(turn: Turn, office: Office) -> bool:
    """Say what to do at the desk: nobody but the desk notes that somebody came. False for whoever is not expected today."""
    found = await expected_of(turn, office)
    if len(found) == 1:
        _, one = found[0]
        note(turn)
        text = HERE + visit_facts(turn, one)
        turn.say(text, *visit_choices(one), texts.PERSON_CHOICE, texts.BACK_CHOICE, qr=one.booking.code)
    elif found:
        note(turn)
        options = [Choice(label(errand, one), f"book-show:{one.booking.id}") for errand, one in found[:_SHOWN]]
        turn.say(HERE_SEVERAL, *options, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    elif (count := await waiting_number(turn)) is not None:
        note(turn)
        turn.say(ahead_words(count), MINE_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        return False
    return True
