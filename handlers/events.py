"""招聘会, 培训 and 活动 in the chat: what is to come, one of them, and the words that ask for it."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from core.reply import Choice
from core.router import Router
from db.events import Event
from handlers import event_door, event_fair, event_place, event_sign_up, event_subscribe, event_words, texts
from handlers.answer import question_choice
from handlers.anytime import stale
from handlers.event_errand import all_of, note
from handlers.event_screens import CLOSED, MINE_CHOICE, facts, gone, room, short
from handlers.event_subscribe import MENU_CHOICE, subscribe_choice
from handlers.exam_errand import numbers
from handlers.guide import paged, split_page
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import event_fair as fairs
from services import event_list
from services.event_list import GROUP_LABELS, GROUPS
from services.vault import Vault

_NEAR = 2

LIST = "近期的{label}有这些，回复数字看看："
NONE = "近期还没有安排{label}。"
ASK_TO_HEAR = "\n要是有了，要不要马上告诉您？"
HEARS = "\n有了新的，会马上告诉您。"
MENU = "想看哪一种？回复数字就行。"
COUNTED, NOTHING = "{label}（{count} 场）", "{label}（暂时没有）"
ONE = "{title}\n{facts}\n{room}"
SIGN_UP, QUEUE, FOR_FAMILY = "报名", "排候补", "给家人报名"
MY_SIGN_UP = "看我的报名"
STANDS, OTHERS = "看企业和岗位", "看看别的活动"


def routes(vault: Vault, behind: Router[Heard]) -> Router[Heard]:
    """Return the routes; `behind` answers the words that this journey has nothing for."""
    router: Router[Heard] = Router()
    router.include(event_subscribe.routes)
    router.include(event_sign_up.routes(vault))
    router.include(event_place.routes(vault, behind))
    router.include(event_fair.routes)
    router.include(event_door.routes(vault, behind))
    router.text(event_words.asks_for_all)(menu)
    router.text(lambda turn: event_words.named(turn) is not None)(named)
    router.text(lambda turn: event_words.asked_about(turn) is not None)(_else(behind, partial(asked, vault)))
    router.action("events")(listing)
    router.action("event")(partial(one, vault))
    return router


def _else(behind: Router[Heard], work: Callable[[Turn], Awaitable[bool]]) -> Callable[[Turn], Awaitable[None]]:
    async def ask(turn: Turn) -> None:
        if not await work(turn):
            await behind.route(turn)

    return ask


async def named(turn: Turn) -> None:
    """Show what is to come of the group that was named, and what there is to read of it."""
    await show_group(turn, event_words.named(turn) or "", near=True)


async def asked(vault: Vault, turn: Turn) -> bool:
    """Show what is to come of what was asked about; False when nothing is, and the words may mean something else."""
    group = event_words.asked_about(turn) or ""
    found = await event_list.to_come(turn.db, turn.now, GROUPS[group])
    meant = event_words.meant(turn.heard.text, found)
    if len(meant) == 1:
        await show(vault, turn, meant[0], _questions(turn))
    elif found or group == "fair":
        await show_group(turn, group, near=True)
    return bool(found) or group == "fair"


def _questions(turn: Turn) -> list[Choice]:
    """Return what there is to read of it: what answers the words, or else the nearest there is."""
    entries = [answer.entry for answer in turn.heard.answers[:_NEAR]] or turn.heard.near[:1]
    return [question_choice(entry) for entry in entries]


async def listing(turn: Turn) -> None:
    """Show the groups, or a page of what is to come of one."""
    group, page = split_page(turn.argument)
    if group in GROUPS:
        await show_group(turn, group, page)
    else:
        await menu(turn)


async def menu(turn: Turn) -> None:
    """Show the groups, with how much is to come of each."""
    note(turn)
    visit(turn, "events")
    found = await event_list.to_come(turn.db, turn.now)
    counts = {group: sum(event.kind in kinds for event in found) for group, kinds in GROUPS.items()}
    options = [
        Choice((COUNTED if count else NOTHING).format(label=GROUP_LABELS[group], count=count), f"events:{group}")
        for group, count in counts.items()
    ]
    mine = [MINE_CHOICE] if await all_of(turn) else []
    turn.say(MENU, *options, *mine, MENU_CHOICE, texts.BACK_CHOICE, replaces=True)


async def show_group(turn: Turn, group: str, page: int = 0, *, near: bool = False) -> None:
    """Show a page of what is to come of a group; with nothing to come, offer to tell."""
    note(turn)
    label = GROUP_LABELS[group]
    visit(turn, f"events:{group}" if page == 0 else f"events:{group}:{page}")
    options = [
        Choice(short(event), f"event:{event.id}")
        for event in await event_list.to_come(turn.db, turn.now, GROUPS[group])
    ]
    tell = await subscribe_choice(turn, group)
    questions = _questions(turn) if near else []
    if options:
        text, offered = LIST.format(label=label), options + ([tell] if tell else [])
        turn.say(text, *paged(offered + questions, page, f"events:{group}"), replaces=True)
        return
    text = NONE.format(label=label) + (ASK_TO_HEAR if tell else HEARS)
    turn.say(text, *([tell] if tell else []), *questions, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def one(vault: Vault, turn: Turn) -> None:
    """Show one event."""
    found = numbers(turn.argument, 1)
    event = await turn.db.get(Event, found[0], populate_existing=True) if found else None
    if event is None or event.status == "draft":
        await stale(turn)
    elif said := gone(event, turn.now):
        note(turn)
        turn.say(said, Choice(OTHERS, "events"), texts.START_CHOICE)
    else:
        await show(vault, turn, event)


async def show(vault: Vault, turn: Turn, event: Event, near: Sequence[Choice] = ()) -> None:
    """Show an event with what can be done: sign up, see one's own place, look at who recruits."""
    note(turn)
    visit(turn, f"event:{event.id}")
    mine = await all_of(turn, event.id)
    choices = [Choice(MY_SIGN_UP, f"event-mine:{mine[0].row.id}" if len(mine) == 1 else "events-mine")] if mine else []
    takes = event_list.takes_sign_ups(event, turn.now)
    if takes and not mine:
        choices.append(Choice(SIGN_UP if event.taken < event.capacity else QUEUE, f"event-join:{event.id}"))
    elif takes and await event_sign_up.others(turn, vault, mine):
        choices.append(Choice(FOR_FAMILY, f"event-join:{event.id}"))
    if event.kind == "fair" and await fairs.stands(turn.db, event.id, event_list.day_of(event)):
        choices.append(Choice(STANDS, f"event-fair:{event.id}"))
    text = ONE.format(
        title=event.title, facts=facts(event, about=True),
        room=room(event) if takes else CLOSED.format(phone=event.phone),
    )  # fmt: skip
    turn.say(text, *choices, *near, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)
