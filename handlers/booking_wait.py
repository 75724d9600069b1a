"""The waiting list in the chat: join it for a day that is full, take or let pass the place that is kept, leave it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.booking_confirm import say_done
from handlers.booking_days import Offered, free_at, provision_of
from handlers.booking_plan import LINE, Office, Plan, keep, kept, note, read_plan, settle
from handlers.booking_screens import HALVES, MINE_CHOICE, half_of, listed, soon_label
from handlers.booking_whom import Errand, ask_for, decided, errand_for, errand_of
from handlers.event_screens import moment
from handlers.exam_errand import numbers
from handlers.exam_screens import day_label
from handlers.guide import split_page
from handlers.job_hearing import today_of
from handlers.turn import Turn, visit
from handlers.when import day_and_time
from knowledge.heard import Heard
from services import waits
from services.waits import Wait, WaitsError

_HALF_OF: Mapping[str, Literal["am", "pm", "any"]] = {"am": "am", "pm": "pm", "any": "any"}

ASK_DAY = "这些日子约满了，想排哪一天的候补？"
NOTHING_FULL = "现在没有约满的日子，直接约就行。"
ASK_HALF = "{day}，上午还是下午能来？"
ANY_HALF = "都可以"
WAITS = "{who}排在{station}{service}候补第 {number} 位：\n{when}\n空出号来马上告诉您，没有通知就先别跑一趟。"
KEPT_FOR = "{who}候补的号空出来了：\n{when} {service}，到{station}\n给您留到{until}。"
TAKE, LET_PASS, LEAVE = "我要这个号", "不要了", "不排了"
TAKEN = "好的，{who}的号约上了。\n{facts}{reminded}"
PASSED = "好的，这个号让给后面的人了。\n以后要约，随时说一声：预约。"
LEFT = "好的，不排了。以后要约，随时说一声：预约。"
OVER = "这个候补已经结束了。"
SEE_FREE, SEE_WAIT, WHOLE_DAY = "看看哪天有空", "看我的候补", "全天都行"
AGAIN_CHOICE = Choice("再约一个时间", "book")


def routes(office: Office) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("book-line")(partial(_line, office))
    for name, work in {"wait-show": show, "wait-yes": _take, "wait-no": _decline, "wait-leave": _leave}.items():
        router.action(name)(partial(_about, office, work))
    return router


async def _line(office: Office, turn: Turn) -> None:
    """Ask for the day, the half and for whom, and join."""
    tail, page = split_page(turn.argument)
    plan = read_plan(tail)
    there = await provision_of(turn, plan) if plan else None
    if plan is None or there is None:
        await stale(turn)
        return
    if plan.day is None:
        await _ask_day(turn, office, plan, there, page)
        return
    halves = {half_of(start) for start in there.table.starts(there.provision, plan.day)}
    if len(halves) == 1 and plan.at is None:
        plan = replace(plan, half=halves.pop())
    keep(turn, plan, LINE)
    visit(turn, f"{LINE}:{plan.tail}")
    if plan.half is None and plan.at is None:
        _ask_half(turn, plan)
        return
    plan = await decided(turn, plan)
    errand = await errand_for(turn, office.vault, plan.whom)
    if errand is None:
        await ask_for(turn, office, plan, LINE)
    else:
        await _join(turn, office, plan, errand)


async def _ask_day(turn: Turn, office: Office, plan: Plan, there: Offered, page: int) -> None:
    """Show the days that are full."""
    keep(turn, plan, LINE)
    visit(turn, f"{LINE}:{plan.tail}")
    free = await free_at(turn, office, there)
    options = [
        Choice(soon_label(day, turn.now), f"{LINE}:{replace(plan, day=day).tail}")
        for day in free.full_days(today_of(turn))
    ]
    if options:
        turn.say(ASK_DAY, *listed(options, page, f"{LINE}:{plan.tail}"), replaces=True)
    else:
        turn.say(NOTHING_FULL, Choice(SEE_FREE, plan.any_time().action), texts.BACK_CHOICE)


def _ask_half(turn: Turn, plan: Plan) -> None:
    assert plan.day is not None
    halves = {**HALVES, "any": ANY_HALF}
    options = [Choice(label, f"{LINE}:{replace(plan, half=half).tail}") for half, label in halves.items()]
    turn.say(ASK_HALF.format(day=soon_label(plan.day, turn.now)), *options, texts.BACK_CHOICE, replaces=True)


async def _join(turn: Turn, office: Office, plan: Plan, errand: Errand) -> None:
    assert plan.day is not None
    half = _HALF_OF[half_of(plan.starts_at) if plan.starts_at else plan.half or "any"]
    purpose, who = kept(turn).get("purpose", ""), errand.whose(turn.address_id)
    try:
        wait = await waits.join(
            turn.db, office.vault, office.rules, plan.station, plan.service, plan.day, half, who, purpose, turn.now
        )  # fmt: skip
    except WaitsError as error:
        note(turn)
        turn.say(str(error), Choice(SEE_WAIT, f"wait-show:{error.wait.row.id}"), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    except Refusal as refusal:
        turn.say(str(refusal), Choice(SEE_FREE, plan.any_time().action), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    settle(turn)
    await show(turn, office, errand, wait)
    await record(turn, office.vault, errand.acting, "候补", f"waiting:{wait.row.id}")


Screen = Callable[[Turn, Office, Errand, Wait], Awaitable[None]]


async def _about(office: Office, screen: Screen, turn: Turn) -> None:
    """Show a screen of a place in the list, if whoever writes may act on it."""
    found = numbers(turn.argument, 1)
    wait = await waits.find(turn.db, found[0]) if found else None
    errand = await errand_of(turn, office.vault, wait.row) if wait else None
    if wait is None or errand is None:
        await stale(turn)
    else:
        note(turn)
        await screen(turn, office, errand, wait)


async def show(turn: Turn, _: Office, errand: Errand, wait: Wait) -> None:
    """Show a place in the list, or the place at the station that is kept."""
    note(turn)
    visit(turn, f"wait-show:{wait.row.id}")
    if wait.row.status == "offered" and wait.slot is not None and wait.row.offer_until is not None:
        text = KEPT_FOR.format(
            who=errand.who, when=moment(wait.slot.starts_at), service=wait.service.name, station=wait.station.name,
            until=day_and_time(wait.row.offer_until, turn.now),
        )  # fmt: skip
        choices = Choice(TAKE, f"wait-yes:{wait.row.id}"), Choice(LET_PASS, f"wait-no:{wait.row.id}")
        turn.say(text, *choices, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)
    elif wait.row.status == "waiting":
        text = WAITS.format(
            who=errand.who, station=wait.station.name, service=wait.service.name, number=wait.position,
            when=wait_when(wait),
        )  # fmt: skip
        leave = Choice(LEAVE, f"wait-leave:{wait.row.id}")
        turn.say(text, leave, MINE_CHOICE, texts.START_CHOICE, texts.BACK_CHOICE, replaces=True)
    else:
        turn.say(OVER, AGAIN_CHOICE, texts.START_CHOICE)


def wait_when(wait: Wait) -> str:
    """Return for when somebody waits."""
    return day_label(wait.row.day) + HALVES.get(wait.row.half, WHOLE_DAY)


async def _take(turn: Turn, office: Office, errand: Errand, wait: Wait) -> None:
    """Take the place that is kept; two taps take one."""
    try:
        one = await waits.accept(turn.db, office.rules, wait.row.id, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), AGAIN_CHOICE, MINE_CHOICE, texts.START_CHOICE)
        return
    await say_done(turn, office, errand, one, TAKEN)


async def _decline(turn: Turn, office: Office, errand: Errand, wait: Wait) -> None:
    before = await waits.decline(turn.db, office.rules, wait.row.id, turn.now)
    if before.row.status == "waiting":
        await show(turn, office, errand, before)
    else:
        turn.say(PASSED if before.row.status == "offered" else OVER, AGAIN_CHOICE, texts.START_CHOICE, replaces=True)


async def _leave(turn: Turn, office: Office, _: Errand, wait: Wait) -> None:
    before = await waits.leave(turn.db, office.rules, wait.row.id, turn.now)
    left = before.row.status in ("waiting", "offered")
    turn.say(LEFT if left else OVER, AGAIN_CHOICE, texts.START_CHOICE, replaces=True)
