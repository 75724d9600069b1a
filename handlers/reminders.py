"""What somebody answers to a reminder of the certification: done, how, later; by a choice, or in words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from core.clock import CHINA
from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import acting, open_reminders, texts
from handlers.answer import render
from handlers.ladder import certification_choices
from handlers.reminded_for import answered
from handlers.turn import Turn, fill
from handlers.when import day_of
from knowledge.entry import Entry
from knowledge.heard import Answer, Heard
from services import certifications, reminders
from services.vault import Vault

CLAIMED = "{above}记下了，谢谢您。工作人员核对以后就不再提醒{whom}。\n要是还没办成，回复 0 告诉我们。"
WHEN_LATER = "{above}什么时候再提醒{whom}？"
LATER = "{above}好的，{when}再提醒{whom}，截止是{deadline}。"
NO_LATER = "{above}离截止日很近了，不好再往后推。\n来不及的话，选“申请上门”，或回复 0，我们帮{whom}想办法。"
NO_ENTRY = "每年的认证怎么办，请打 {phone} 问，或回复 0 找工作人员。"

_ENTRY, _TOPIC = "rz-how", "生存认证"
_DELAYS = {"1": 1, "7": 7}
_AT = time(9)
_WORDS: Mapping[str, frozenset[str]] = {
    "cert-done": frozenset({"办好了", "已办", "已经办了", "已经办好了", "办过了", "认证过了", "认证好了", "弄好了", "办完了", "搞好了"}),
    "cert-how": frozenset({"怎么弄", "怎么办理", "咋办", "咋弄", "怎么认证"}),
    "cert-visit": frozenset({"上门", "上门办", "走不动", "来家里办"}),
    "cert-book": frozenset({"预约", "到站办", "我去站里办"}),
    "cert-later": frozenset({"等会再说", "过几天再说", "晚点再说", "稍后", "以后再说", "等几天"}),
    "cert-wrong": frozenset({"不是本人", "发错了", "发错人了", "搞错了", "找错人了"}),
    "cert-died": frozenset({"去世了", "已经去世了", "人不在了", "人已经不在了", "已去世", "老人走了", "过世了", "已经过世了"}),
    "cert-moved": frozenset({"搬走了", "迁走了", "已迁走"}),
}  # fmt: skip
"""What people type instead of a choice while a reminder is the last thing they read."""


def routes(vault: Vault, whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` takes words as the choice that they mean."""
    router: Router[Heard] = Router()

    @router.text(lambda turn: _meant(turn) is not None)
    async def in_words(turn: Turn) -> None:
        turn.inbound = replace(turn.inbound, kind="action", text=_meant(turn) or "")
        await whole.route(turn)

    @router.action("cert-done")
    async def done(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument)
        if one is not None:
            await certifications.claim_done(turn.db, one.reminder.id, turn.address_id, turn.now)
            turn.say(CLAIMED.format(above=one.above, whom=one.whom), texts.START_CHOICE)
            await acting.record(turn, vault, one.acting, "cert-done", f"reminder:{one.reminder.id}")

    @router.action("cert-how")
    async def how(turn: Turn) -> None:
        await _say_how(turn, vault)

    @router.action("cert-later")
    async def ask_when(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument)
        if one is None:
            return
        offered = [
            Choice(texts.TOMORROW, f"cert-snooze:{one.reminder.id}.1"),
            Choice("下周", f"cert-snooze:{one.reminder.id}.7"),
        ]
        turn.say(WHEN_LATER.format(above=one.above, whom=one.whom), *offered, texts.BACK_CHOICE)

    @router.action("cert-snooze")
    async def later(turn: Turn) -> None:
        await _snooze(turn, vault)

    return router


async def _say_how(turn: Turn, vault: Vault) -> None:
    """Answer with the entry word for word, below what holds for this one, with the choices under their old digits."""
    turn.result.journey, turn.result.outcome = "reminder", "answer"
    found = await open_reminders.of_account(turn.db, turn.address_id, turn.now)
    mine = next((one for one in found if str(one.reminder.id) == turn.argument), None)
    above = open_reminders.sentence(vault, mine, found, turn.now) + "\n\n" if mine else ""
    kept = certification_choices(mine.reminder.id) if mine else (texts.START_CHOICE,)
    entry = _entry(turn)
    if entry is None:
        turn.say(above + fill(turn, NO_ENTRY), *kept, texts.PERSON_CHOICE)
        return
    turn.result.entry = turn.data["entry"] = entry.slug
    answer = Answer(entry, 1.0, turn.heard.snapshot.is_elsewhere(entry))
    turn.say(above + render(turn, answer), *kept, texts.PERSON_CHOICE)


async def _snooze(turn: Turn, vault: Vault) -> None:
    """Put the next reminder off, but never past the day before the deadline."""
    number, _, days = turn.argument.partition(".")
    one = await answered(turn, vault, number)
    if one is None:
        return
    last = datetime.combine(one.reminder.due_on - timedelta(days=1), _AT, CHINA)
    wanted = turn.now.astimezone(CHINA).date() + timedelta(days=_DELAYS.get(days, 1))
    until = min(datetime.combine(wanted, _AT, CHINA), last)
    if until <= turn.now or not await reminders.snooze(turn.db, one.reminder.id, until):
        turn.say(NO_LATER.format(above=one.above, whom=one.whom), texts.PERSON_CHOICE, texts.START_CHOICE)
        return
    deadline = texts.DEADLINE.format(month=one.reminder.due_on.month, day=one.reminder.due_on.day)
    when = day_of(until, turn.now)
    turn.say(LATER.format(above=one.above, when=when, whom=one.whom, deadline=deadline), texts.START_CHOICE)
    await acting.record(turn, vault, one.acting, "cert-later", f"reminder:{one.reminder.id}")


def _meant(turn: Turn) -> str | None:
    """Return the action that words mean while the choices of a reminder stand."""
    numbers = [c.action.partition(":")[2] for c in turn.menu if c.action.startswith("cert-done:")]
    if len(numbers) != 1:  # of several, words do not say which
        return None
    said = bare(turn.inbound.text)
    return next((f"{action}:{numbers[0]}" for action, words in _WORDS.items() if said in words), None)


def _entry(turn: Turn) -> Entry | None:
    """Return the entry on how the certification is done; a bureau may have put one of its own in its place."""
    entries = turn.heard.snapshot.entries
    return entries.get(_ENTRY) or next((entry for entry in entries.values() if _TOPIC in entry.topic), None)
