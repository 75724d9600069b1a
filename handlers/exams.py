"""体检 and 疗养 in the chat: what is open for whom one speaks for, one's own places."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from core.clock import CHINA
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.people import Person
from handlers import exam_place, exam_sign_up, texts
from handlers.acting import Acting, acting_for, ask_whom
from handlers.answer import question_choice
from handlers.anytime import stale
from handlers.binding import BIND_CHOICE
from handlers.booking_plan import STEP
from handlers.exam_errand import Errand, errand_for, note
from handlers.exam_sign_up import days_action, show_days
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import exam_places, exams
from services.exam_places import Appointment
from services.vault import Vault

_ASKED = {
    "体检", "疗养", "短期疗养", "体检报名", "疗养报名", "报名体检", "报名疗养", "我要体检", "我要疗养", "预约体检",
    "体检预约", "预约疗养", "疗养预约",
}  # fmt: skip
_MINE = {"我的体检", "我的疗养", "我的报名", "查体检", "体检查询"}
_MOVE = {"改期", "体检改期", "疗养改期", "改体检", "改体检时间", "体检改时间", "改时间"}
_DROP = {
    "取消", "取消体检", "取消疗养", "体检取消", "取消报名", "取消体检报名", "不去体检了", "体检不去了", "不去疗养了",
}  # fmt: skip
_SIGN_UP = re.compile("(?:体检|疗养).{0,8}(?:报名|报个名|预约|登记)|(?:报名|报个名|预约|登记).{0,6}(?:体检|疗养)")
_OTHERS = re.compile("征兵|入伍|参军|当兵|驾|学车|招聘|上岗|入职|学生|高考")
"""Examinations that are not ours."""
_PASSED = "exams.passed"
"""The words are asked again behind this journey, which has nothing for them."""
_MOST, _BATCHES = 4, 3
"""Options under a list, and batches that are named to a stranger."""

OPEN = "给{who}可以报名的有这些，回复数字："
MINE = "{who}报名的有这些，回复数字看看："
UNKNOWN = "现在可以报名：{titles}。\n报名前要先核对您是谁。\n请回复：绑定。也可以打 {phone}，请工作人员报名。"
SIGNED_UP = "已报名：{title}"


def _says(words: set[str]) -> Callable[[Turn], bool]:
    return lambda turn: turn.state not in (_PASSED, STEP) and bare(turn.heard.text) in words


def _asks(turn: Turn) -> bool:
    text = turn.heard.text
    return _says(_ASKED)(turn) or (
        turn.state != _PASSED and bool(_SIGN_UP.search(text)) and not _OTHERS.search(text)
    )  # fmt: skip


def routes(whole: Router[Heard], vault: Vault) -> Router[Heard]:
    """Return the routes; `whole` answers the words that this journey has nothing for, as if it were not there."""
    router: Router[Heard] = Router()

    def words(when: Callable[[Turn], bool], work: Callable[[Turn], Awaitable[bool]]) -> None:
        async def ask(turn: Turn) -> None:
            if not await work(turn):
                before, turn.state = turn.state, _PASSED
                await whole.route(turn)
                turn.state = before if turn.state == _PASSED else turn.state

        router.text(when)(ask)

    words(_asks, partial(ask, vault))
    words(_says(_MINE), partial(mine, vault))
    words(_says(_MOVE), partial(pick, vault, "exam-move"))
    words(_says(_DROP), partial(pick, vault, "exam-drop"))
    for name, work in {"exam": ask, "exam-mine": mine}.items():
        router.action(name)(partial(_or_stale, partial(work, vault)))
    router.include(exam_place.routes(vault))
    router.include(exam_sign_up.routes(vault))
    return router


async def _or_stale(work: Callable[[Turn], Awaitable[bool]], turn: Turn) -> None:
    if not await work(turn):
        await stale(turn)


async def ask(vault: Vault, turn: Turn) -> bool:
    """Show what is open, and what one has; False when there is nothing to say of either."""
    today = turn.now.astimezone(CHINA).date()
    acting = await acting_for(turn)
    errand = await _errand(turn, vault, acting)
    if errand is None:
        return await _ask_who(turn, vault, acting)
    places = await exam_places.of_person(turn.db, errand.person.id, today)
    taken = {one.batch.id for one in places}
    batches = [batch for batch in await exams.open_for(turn.db, errand.person, today) if batch.id not in taken]
    if not places and not batches:
        return False
    note(turn)
    if len(batches) == 1 and not places:
        await show_days(turn, errand, batches[0])
        return True
    visit(turn, "exam")
    options = [Choice(batch.title, days_action(batch.id, errand)) for batch in batches]
    options += [_place_choice(one) for one in places]
    near = [question_choice(answer.entry) for answer in turn.heard.answers]
    text = (OPEN if batches else MINE).format(who=errand.who)
    turn.say(text, *[*options, *near][:_MOST], texts.BACK_CHOICE, replaces=True)
    return True


async def _ask_who(turn: Turn, vault: Vault, acting: Acting) -> bool:
    """Ask for which elder, or say how to be known; False when nothing is open and the question can wait."""
    batches = await exams.open_for(turn.db, None, turn.now.astimezone(CHINA).date())
    if acting.several:
        note(turn)
        await ask_whom(turn, vault, "exam")
        return True
    if not batches:
        return False
    note(turn)
    titles = "、".join(batch.title for batch in batches[:_BATCHES])
    near = [question_choice(answer.entry) for answer in turn.heard.answers][:_MOST]
    text = UNKNOWN.format(titles=titles, phone=batches[0].phone)
    turn.say(text, BIND_CHOICE, *near, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    return True


async def _errand(turn: Turn, vault: Vault, acting: Acting) -> Errand | None:
    return None if acting.person_id is None else await errand_for(turn, vault, acting.person_id)


async def mine(vault: Vault, turn: Turn) -> bool:
    """Show one's places; whoever has none sees what is open."""
    acting = await acting_for(turn)
    errand = await _errand(turn, vault, acting)
    places = [] if errand is None else await _places(turn, errand.person)
    if errand is None or not places:
        return await ask(vault, turn)
    if len(places) == 1:
        await exam_place.one(turn, errand, places[0])
        return True
    note(turn)
    visit(turn, "exam-mine")
    turn.say(MINE.format(who=errand.who), *map(_place_choice, places[:_MOST]), texts.BACK_CHOICE)
    return True


async def pick(vault: Vault, action: str, turn: Turn) -> bool:
    """Move or cancel the one place there is, or ask which; False for somebody without any."""
    errand = await _errand(turn, vault, await acting_for(turn))
    places = [] if errand is None else await _places(turn, errand.person)
    if errand is None or not places:
        return False
    note(turn)
    if len(places) > 1:
        options = [Choice(each.batch.title, f"{action}:{each.place.id}") for each in places]
        turn.say(MINE.format(who=errand.who), *options[:_MOST], texts.BACK_CHOICE)
    elif action == "exam-drop":
        await exam_place.ask_drop(turn, errand, places[0])
    else:
        await show_days(turn, replace(errand, moved=places[0]), places[0].batch)
    return True


async def _places(turn: Turn, person: Person) -> list[Appointment]:
    return await exam_places.of_person(turn.db, person.id, turn.now.astimezone(CHINA).date())


def _place_choice(place: Appointment) -> Choice:
    return Choice(SIGNED_UP.format(title=place.batch.title), f"exam-place:{place.place.id}")
