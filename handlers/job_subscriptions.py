"""One's own subscriptions: listed, changed, paused, stopped, and kept for another year."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from db.jobs import JobSubscription
from handlers import job_list, job_subscribe, texts
from handlers.anytime import stale
from handlers.job_draft import Draft
from handlers.job_hearing import note, row_number, today_of, township_names
from handlers.job_lines import cut
from handlers.job_list import SUBSCRIPTIONS_CHOICE
from handlers.job_words import in_short, rhythm, told, wrapped
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from knowledge.job_wish import Wish
from services import notice_stops, subscriptions
from services.job_board import Shelf

LIST = "您订了 {count} 样，回复数字，改或停："
LINE = "{number} {wish}\n   {often}"
NONE = "您还没有订阅岗位。\n订了以后，有合适的岗位就告诉您，没有就不打扰。"
STOPPED_KIND = "您退订过岗位提醒，现在不会发。想再收到，回复：恢复提醒"
PAUSED = "先停着，不发"
ONE = "{told}\n{often}"
PAUSE, RESUME, CHANGE, STOP = "先停一停", "接着发", "改一改", "不要了"
PAUSED_NOW = "好，先停着。什么时候想接着收，回复：我的订阅"
RESUMED = "好，接着发，{often}。"
STOPPED = "好，这一样不再发了。\n以后想再订，回复：找工作"
KEPT = "好，接着给您留意，{often}。"
FIRST_CHOICE, NEW_CHOICE = Choice("现在就订", "job-tell"), Choice("再订一样", "job-tell")
WANTED_CHOICE = Choice("我想去的岗位", "job-wanted")
_MOST = 5
"""Subscriptions of an account."""
_LABEL = 20

Act = Callable[[Turn, JobSubscription], Awaitable[None]]


def routes(shelf: Shelf) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("job-subs")(listing)
    acts: dict[str, Act] = {
        "job-sub": one, "job-pause": pause, "job-resume": resume, "sub-stop": stop, "sub-keep": keep,
        "job-change": change, "job-now": partial(look, shelf),
    }  # fmt: skip
    for name, act in acts.items():
        router.action(name)(partial(_about, act))
    return router


async def listing(turn: Turn) -> None:
    """Show them all."""
    note(turn)
    turn.finish()
    visit(turn, "job-subs")
    found = await subscriptions.of_account(turn.db, turn.address_id)
    new = [NEW_CHOICE] if len(found) < _MOST else []
    if not found:
        turn.say(NONE, FIRST_CHOICE, WANTED_CHOICE, texts.BACK_CHOICE)
        return
    names = await township_names(turn)
    lines = [
        wrapped(LINE.format(number=n, wish=in_short(Wish.from_json(each.wish), names), often=_often(each)))
        for n, each in enumerate(found, 1)
    ]
    if job_subscribe.KIND in await notice_stops.stopped(turn.db, turn.address_id):
        lines.append(STOPPED_KIND)
    choices = [Choice(cut(in_short(Wish.from_json(each.wish), names), _LABEL), f"job-sub:{each.id}") for each in found]
    turn.say("\n".join([LIST.format(count=len(found)), *lines]), *choices, *new, WANTED_CHOICE, texts.BACK_CHOICE)


async def one(turn: Turn, subscription: JobSubscription) -> None:
    """Show one, and what can be done with it."""
    visit(turn, f"job-sub:{subscription.id}")
    words = told(Wish.from_json(subscription.wish), await township_names(turn), (), today_of(turn))
    number = subscription.id
    paused = subscription.status == "paused"
    pause_or_resume = Choice(RESUME, f"job-resume:{number}") if paused else Choice(PAUSE, f"job-pause:{number}")
    turn.say(
        ONE.format(told=words, often=_often(subscription)),
        Choice(job_subscribe.NOW_CHOICE.label, f"job-now:{number}"), Choice(CHANGE, f"job-change:{number}"),
        pause_or_resume, Choice(STOP, f"sub-stop:{number}"), texts.BACK_CHOICE,
    )  # fmt: skip


async def change(turn: Turn, subscription: JobSubscription) -> None:
    """Show it to be put right."""
    _draft(subscription, changes=subscription.id).keep(turn)
    await job_subscribe.check(turn)


async def look(shelf: Shelf, turn: Turn, subscription: JobSubscription) -> None:
    """Show what there is just now."""
    await job_list.show(shelf, turn, _draft(subscription))


async def pause(turn: Turn, subscription: JobSubscription) -> None:
    """Send nothing until it is resumed."""
    await subscriptions.pause(turn.db, turn.address_id, subscription.id, turn.now)
    turn.say(PAUSED_NOW, Choice(RESUME, f"job-resume:{subscription.id}"), SUBSCRIPTIONS_CHOICE, texts.START_CHOICE)


async def resume(turn: Turn, subscription: JobSubscription) -> None:
    """Go on sending."""
    again = await subscriptions.resume(turn.db, turn.address_id, subscription.id, turn.now)
    turn.say(RESUMED.format(often=rhythm(again)), SUBSCRIPTIONS_CHOICE, texts.START_CHOICE)


async def stop(turn: Turn, subscription: JobSubscription) -> None:
    """End it."""
    await subscriptions.stop(turn.db, turn.address_id, subscription.id, turn.now)
    turn.say(STOPPED, SUBSCRIPTIONS_CHOICE, texts.START_CHOICE)


async def keep(turn: Turn, subscription: JobSubscription) -> None:
    """Let it run for another year."""
    kept = await subscriptions.keep(turn.db, turn.address_id, subscription.id, turn.now)
    turn.say(KEPT.format(often=rhythm(kept)), SUBSCRIPTIONS_CHOICE, texts.START_CHOICE)


async def _about(act: Act, turn: Turn) -> None:
    """Do something with a subscription of the account, which may have ended since it was shown."""
    number = row_number(turn.argument)
    subscription = None if number is None else await turn.db.get(JobSubscription, number)
    if subscription is None or subscription.address_id != turn.address_id:
        await stale(turn)
        return
    note(turn)
    turn.finish()
    try:
        await act(turn, subscription)
    except Refusal as refusal:
        turn.say(str(refusal), SUBSCRIPTIONS_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


def _draft(subscription: JobSubscription, changes: int | None = None) -> Draft:
    return replace(
        Draft(), wish=Wish.from_json(subscription.wish), cadence=subscription.cadence, hour=subscription.hour,
        weekday=subscription.weekday, changes=changes,
    )  # fmt: skip


def _often(subscription: JobSubscription) -> str:
    return PAUSED if subscription.status == "paused" else rhythm(subscription)
