"""Hearing of new fairs, training classes or activities: one digit or one word to begin, one to stop."""

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.event_errand import note
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import event_subscriptions
from services.event_list import GROUP_LABELS

routes: Router[Heard] = Router()

MENU_CHOICE = Choice("有新的就告诉我", "events-subscribe")
MENU = "想收到哪一种的通知？回复数字就行，再选一次就不发了。"
WANTED, NOT_YET = "{label}：会告诉您", "{label}：还没有订"
SUBSCRIBE = "有新的{label}就告诉我"
DONE = "好的，有新的{label}，会马上告诉您。\n不想收了，回复：不订{label}"
STOPPED = "好的，{label}的通知不再发给您。\n想再收到，回复：订阅{label}"


def _named(turn: Turn, *before: str) -> str | None:
    said = bare(turn.heard.text)
    return next(
        (
            group
            for group, label in GROUP_LABELS.items()
            for word in before
            if said in (word + label, f"{word}{label}通知")
        ),
        None,
    )


def _wants(turn: Turn) -> str | None:
    return _named(turn, "订阅", "订", "我要订阅", "我想订阅")


def _refuses(turn: Turn) -> str | None:
    return _named(turn, "不订", "不订阅", "取消订阅", "不要", "别发")


@routes.text(lambda turn: _wants(turn) is not None)
async def in_words(turn: Turn) -> None:
    """Subscribe to the group that was named."""
    await _subscribe(turn, _wants(turn) or "")


@routes.text(lambda turn: _refuses(turn) is not None)
async def stop_in_words(turn: Turn) -> None:
    """Stop the group that was named."""
    await _stop(turn, _refuses(turn) or "")


@routes.action("events-subscribe")
async def chosen(turn: Turn) -> None:
    """Subscribe to a group, or show which are."""
    if turn.argument in GROUP_LABELS:
        await _subscribe(turn, turn.argument)
        return
    note(turn)
    visit(turn, "events-subscribe")
    wanted = await event_subscriptions.of_account(turn.db, turn.address_id)
    options = [
        Choice(WANTED.format(label=label), f"events-stop:{group}")
        if group in wanted
        else Choice(NOT_YET.format(label=label), f"events-subscribe:{group}")
        for group, label in GROUP_LABELS.items()
    ]
    turn.say(MENU, *options, texts.BACK_CHOICE, replaces=True)


@routes.action("events-stop")
async def stop(turn: Turn) -> None:
    """Stop the group that was picked."""
    if turn.argument in GROUP_LABELS:
        await _stop(turn, turn.argument)
    else:
        note(turn)
        turn.say(texts.STALE, MENU_CHOICE, texts.START_CHOICE)


async def subscribe_choice(turn: Turn, group: str) -> Choice | None:
    """Return the choice to hear of a group, None for somebody who does already."""
    if group in await event_subscriptions.of_account(turn.db, turn.address_id):
        return None
    return Choice(SUBSCRIBE.format(label=GROUP_LABELS[group]), f"events-subscribe:{group}")


async def _subscribe(turn: Turn, group: str) -> None:
    note(turn)
    await event_subscriptions.subscribe(turn.db, turn.address_id, group, turn.now)
    label = GROUP_LABELS[group]
    turn.say(DONE.format(label=label), Choice(label, f"events:{group}"), MENU_CHOICE, texts.START_CHOICE)


async def _stop(turn: Turn, group: str) -> None:
    note(turn)
    await event_subscriptions.stop(turn.db, turn.address_id, group)
    turn.say(STOPPED.format(label=GROUP_LABELS[group]), MENU_CHOICE, texts.START_CHOICE)
