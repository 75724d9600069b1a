"""One's own sign-ups in the chat: what stands of them, the materials, and giving a place back."""

import re
from collections.abc import Awaitable, Callable
from functools import partial

from core.errors import Refusal
from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.event_errand import Errand, all_of, errand_of, note, sign_up_named
from handlers.event_screens import HAS_PLACE, MINE_CHOICE, WAITS, gone, place_facts, short, when, wrapped
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import event_list, event_places
from services.event_list import GROUP_LABELS, SignUp, group_of
from services.vault import Vault

_MINE = {
    "我的活动", "我的招聘会", "我的培训", "我的报名", "我报名的活动", "查报名", "报名查询", "我报了什么", "我报的名", "我报名了吗",
}  # fmt: skip
_DROP = {
    "取消报名", "取消活动", "取消培训", "取消招聘会", "活动取消报名", "培训取消报名", "取消活动报名", "取消培训报名", "取消招聘会报名",
    "不去活动了", "不去培训了", "不去招聘会了", "招聘会不去了", "培训不去了", "活动不去了", "不参加了", "去不了了",
}  # fmt: skip
_PAPERS = {"资料", "看资料", "活动资料", "培训资料", "学习资料", "材料", "课件"}
_OURS = re.compile("活动|招聘会|培训")
"""Words that name what is ours: they are answered here also where there is nothing."""
_MOST = 5

MINE = "报名的有这些，回复数字看看："
NO_MINE = "现在没有报名的活动。"
ONE = "{who}报名的“{title}”：\n{facts}\n{state}"
HERE = "到了门口，把门口写的四位数字发给我，就签到了。"
THERE = "已经签到了。"
ASK_DROP = "真的要取消吗？名额会让给后面的人。\n{who}的“{title}”\n{when}"
DROPPED = "取消好了：{who}的“{title}”\n{when}\n想再报名，回复：{label}"
PAPERS = "“{title}”的资料：\n{text}"
NO_PAPERS = "“{title}”还没有放资料。"
GOING = "好，{when}等{who}来。\n{facts}"
DROP_LABEL, PAPERS_LABEL, STANDS = "取消报名", "看资料", "看企业和岗位"
YES_CHOICE, NO_CHOICE = "确认取消", "不取消"
FOR_WHOM = "{event}（{who}）"

Screen = Callable[[Turn, Vault, Errand, SignUp], Awaitable[None]]


def routes(vault: Vault, behind: Router[Heard]) -> Router[Heard]:
    """Return the routes; `behind` answers the words for which there is nothing here."""
    router: Router[Heard] = Router()
    screens: dict[str, Screen] = {
        "event-mine": one, "event-drop": ask_drop, "event-gone": drop, "event-papers": papers, "event-go": going,
    }  # fmt: skip
    for name, screen in screens.items():
        router.action(name)(partial(_about, vault, screen))
    for words, then in ((_MINE, one), (_DROP, ask_drop), (_PAPERS, papers)):
        router.text(partial(_says, words))(partial(_in_words, vault, behind, then))

    @router.action("events-mine")
    async def mine(turn: Turn) -> None:
        await _pick(turn, vault, await all_of(turn), one)

    return router


def _says(words: set[str], turn: Turn) -> bool:
    return bare(turn.heard.text) in words


async def _in_words(vault: Vault, behind: Router[Heard], screen: Screen, turn: Turn) -> None:
    """Show a screen of the one sign-up there is, or ask which; words that may mean something else go on without one."""
    found = await all_of(turn)
    if found or _OURS.search(turn.heard.text):
        await _pick(turn, vault, found, screen)
    else:
        await behind.route(turn)


async def _pick(turn: Turn, vault: Vault, found: list[SignUp], screen: Screen) -> None:
    note(turn)
    if len(found) == 1 and (errand := await errand_of(turn, vault, found[0])):
        await screen(turn, vault, errand, found[0])
        return
    if not found:
        turn.say(NO_MINE, Choice("看看有什么", "events"), texts.START_CHOICE)
        return
    visit(turn, "events-mine")
    action = "event-drop" if screen is ask_drop else "event-papers" if screen is papers else "event-mine"
    options = [Choice(await _label(turn, vault, each), f"{action}:{each.row.id}") for each in found[:_MOST]]
    turn.say(MINE, *options, texts.BACK_CHOICE)


async def _label(turn: Turn, vault: Vault, each: SignUp) -> str:
    errand = await errand_of(turn, vault, each)
    return FOR_WHOM.format(event=short(each.event), who=errand.who) if errand and errand.relation else short(each.event)


async def _about(vault: Vault, screen: Screen, turn: Turn) -> None:
    """Show a screen of a sign-up, if it stands and whoever writes may act on it."""
    found = await sign_up_named(turn, vault)
    if found is None:
        await stale(turn)
        return
    note(turn)
    said = gone(found[1].event, turn.now)
    if said and screen is not papers:
        turn.say(said, MINE_CHOICE, texts.START_CHOICE)
    else:
        await screen(turn, vault, *found)


async def one(turn: Turn, _: Vault, errand: Errand, one: SignUp) -> None:
    """Show a sign-up and what can be done with it."""
    visit(turn, f"event-mine:{one.row.id}")
    state = HAS_PLACE if one.position is None else WAITS.format(number=one.position, who=errand.who)
    if one.row.attended_at is not None:
        state = THERE
    elif one.position is None and event_list.is_on_day(one.event, turn.now):
        state = HERE
    choices = []
    if one.row.attended_at is None and turn.now < one.event.starts_at:
        choices.append(Choice(DROP_LABEL, f"event-drop:{one.row.id}"))
    if one.event.materials and one.position is None:
        choices.append(Choice(PAPERS_LABEL, f"event-papers:{one.row.id}"))
    if one.event.kind == "fair":
        choices.append(Choice(STANDS, f"event-fair:{one.event.id}"))
    text = ONE.format(who=errand.who, title=one.event.title, facts=place_facts(one), state=state)
    turn.say(text, *choices, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


async def ask_drop(turn: Turn, vault: Vault, errand: Errand, one_: SignUp) -> None:
    """Ask once more before a place is given to others."""
    if turn.now >= one_.event.starts_at or one_.row.attended_at is not None:
        await one(turn, vault, errand, one_)
        return
    yes, no = Choice(YES_CHOICE, f"event-gone:{one_.row.id}"), Choice(NO_CHOICE, f"event-mine:{one_.row.id}")
    text = ASK_DROP.format(who=errand.who, title=one_.event.title, when=when(one_.event))
    turn.say(text, yes, no, texts.BACK_CHOICE, replaces=True)


async def drop(turn: Turn, vault: Vault, errand: Errand, one_: SignUp) -> None:
    """Give the place back; the first who waits gets it."""
    if turn.now >= one_.event.starts_at:
        await one(turn, vault, errand, one_)
        return
    try:
        await event_places.cancel(turn.db, one_.row.id, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), MINE_CHOICE, texts.BACK_CHOICE)
        return
    label = GROUP_LABELS[group_of(one_.event.kind)]
    text = DROPPED.format(who=errand.who, title=one_.event.title, when=when(one_.event), label=label)
    turn.say(text, texts.START_CHOICE, replaces=True)
    await record(turn, vault, errand.acting, "取消", f"event_sign_up:{one_.row.id}")


async def papers(turn: Turn, _: Vault, __: Errand, one: SignUp) -> None:
    """Show what those who have a place may read."""
    visit(turn, f"event-papers:{one.row.id}")
    text = NO_PAPERS.format(title=one.event.title)
    if one.event.materials and one.row.status == "active":
        text = PAPERS.format(title=one.event.title, text=wrapped(one.event.materials))
    turn.say(text, Choice("看我的报名", f"event-mine:{one.row.id}"), texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def going(turn: Turn, _: Vault, errand: Errand, one: SignUp) -> None:
    """Thank whoever says they will come, with all they need to know."""
    turn.say(GOING.format(who=errand.who, when=when(one.event), facts=place_facts(one)), texts.START_CHOICE)
