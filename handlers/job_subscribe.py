"""From what was said to a subscription: shown back as understood, put right by a digit, and confirmed."""

from dataclasses import replace

from core.errors import Refusal
from core.reply import Choice
from handlers import job_list, job_steps, texts
from handlers.job_draft import Draft
from handlers.job_hearing import note, today_of, township_names
from handlers.job_list import SUBSCRIPTIONS_CHOICE
from handlers.job_words import how_often, told
from handlers.turn import Turn, visit
from services import notice_stops, subscriptions
from services.job_board import Shelf

CHECK = "job-check"
ASK_RIGHT = "我记下的是这样，您看对不对：\n{told}\n有合适的，{often}。\n对的话回复 1，要改哪一样选哪一样。"
ASK_SEEK = "现在按这些找：\n{told}\n要改哪一样？回复数字。"
DONE = "订好了。有合适的，{often}：\n{told}\n没有合适的就不打扰您。不想收了，随时回复：退订"
CHANGED = "改好了。有合适的，{often}：\n{told}\n没有合适的就不打扰您。不想收了，随时回复：退订"
KNOWN = "这一样您订过了，现在改成{often}：\n{told}\n不想收了，随时回复：退订"
RIGHT_CHOICE, SEEK_CHOICE = Choice("对，就这样", "job-ok"), Choice("对，去找", "job-go")
FIXES = {"kinds": "改工种", "place": "改地方", "pay": "改工资", "shift": "改班次", "often": "改多久告诉一次"}
NOW_CHOICE = Choice("现在就看看有没有", "job-go")
KIND = "jobs"


def fix_choices(*steps: str) -> list[Choice]:
    """Return the choices that put one thing right."""
    return [Choice(FIXES[step], f"job-fix:{step}") for step in steps]


async def check(turn: Turn) -> None:
    """Show what a subscription would be, to be confirmed or put right."""
    note(turn)
    turn.finish()
    visit(turn, CHECK)
    draft = replace(Draft.of(turn), then="confirm").keep(turn)
    words = told(draft.wish, await township_names(turn), draft.unparsed, today_of(turn))
    often = how_often(draft.cadence, draft.hour, draft.weekday)
    turn.say(ASK_RIGHT.format(told=words, often=often), RIGHT_CHOICE, *fix_choices(*FIXES), texts.BACK_CHOICE)


async def fix_search(turn: Turn) -> None:
    """Show what is looked for, to be put right."""
    note(turn)
    turn.finish()
    visit(turn, "job-fix")
    draft = replace(Draft.of(turn), then="results").keep(turn)
    words = told(draft.wish, await township_names(turn), draft.unparsed, today_of(turn))
    fixes = fix_choices("kinds", "place", "pay", "shift")
    turn.say(ASK_SEEK.format(told=words), SEEK_CHOICE, *fixes, job_list.TELL_CHOICE, texts.BACK_CHOICE)


async def go_on(shelf: Shelf, turn: Turn, draft: Draft, step: str) -> None:
    """Go on behind a step that was answered: the next one, all once more, or posts."""
    if draft.then == "results":
        await job_list.show(shelf, turn, draft)
        return
    draft.keep(turn)
    following = job_steps.following(draft, step) if draft.then == "walk" else None
    if following is not None:
        await job_steps.ask(turn, following)
    elif draft.then == "walk":
        await subscribe(turn)
    else:
        await check(turn)


async def subscribe(turn: Turn) -> None:
    """Do it, or say why not."""
    note(turn)
    turn.finish()
    draft = Draft.of(turn)
    try:
        text, number = await _kept(turn, draft)
    except Refusal as refusal:
        turn.say(str(refusal), SUBSCRIPTIONS_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    await notice_stops.resume(turn.db, turn.address_id, [KIND])
    replace(draft, then="results", changes=None).keep(turn)
    words = told(draft.wish, await township_names(turn), (), today_of(turn))
    often = how_often(draft.cadence, draft.hour, draft.weekday)
    change = Choice("改一改", f"job-sub:{number}")
    turn.say(text.format(often=often, told=words), NOW_CHOICE, change, SUBSCRIPTIONS_CHOICE, texts.START_CHOICE)


async def _kept(turn: Turn, draft: Draft) -> tuple[str, int]:
    if draft.changes is not None:
        one = await subscriptions.change(
            turn.db, turn.address_id, draft.changes, turn.now,
            wish=draft.wish, cadence=draft.cadence, hour=draft.hour, weekday=draft.weekday,
        )  # fmt: skip
        return CHANGED, one.id
    one, new = await subscriptions.subscribe(
        turn.db, turn.address_id, draft.wish, draft.cadence, draft.hour, draft.weekday, turn.now
    )
    return DONE if new else KNOWN, one.id
