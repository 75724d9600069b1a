"""Words about visits outside a step: booking, one's own visits, the line, hours, and coming without a booking."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.clock import day_of
from handlers import booking_late, booking_mine, booking_talk, booking_there, booking_words, texts
from handlers.answer import offered, question_choice
from handlers.booking_confirm import go_on
from handlers.booking_else import asks_first, is_none_of_ours, is_of_elsewhere, say_near
from handlers.booking_hearing import filled
from handlers.booking_plan import LINE, STEP, Office, Plan, forget, keep, kept, note, read_plan
from handlers.booking_screens import MINE_CHOICE
from handlers.booking_steps import ask_among, is_open
from handlers.booking_wanted import Wanted, exactly, is_about, told, wanted
from handlers.booking_whom import Errand
from handlers.booking_words import Said
from handlers.job_hearing import today_of
from handlers.turn import Turn, fill
from knowledge.day_said import plain, read_day, without_days
from knowledge.visit_late import Late
from services.booking_rows import Visit
from services.timetable import read_timetable

_MOST_NEAR = 3
_AT_STATION = re.compile("站|大厅|窗口|取")
_MOVED = re.compile("[改换挪推调延]")

NOT_OPEN = "网上预约还没有开通。\n请打 {phone} 约时间；行动不便要上门的，打电话时说明就行。\n办公时间：{hours}"
NEAR = "\n下面这些我可以答："
WALK_IN = "没有预约也能来，到了取现场号，约好的先叫。\n想少等一会儿，可以先约个时间。"
LATE = "晚一会儿不要紧，到了把预约码给工作人员看，照样取号。\n晚得多的话，改个时间更稳当。"
NOT_TODAY = "您约的不是今天，请看一下：\n"
LATE_NOT_TODAY = "您约的不是今天。哪天要晚到，当天说一声，我告诉服务站。\n"
NO_VISIT = "今天没有查到您到服务站的预约。\n要是体检、招聘会这些要晚到，请打 {phone} 说一声。\n到服务站办事，没有预约也能来，到了取现场号。"
ELSEWHERE = "我这里能约的，是到服务站办的事。\n您说的这件请打 {phone} 问，或从下面选："
_HOW: Mapping[Wanted | None, str] = {"walk_in": WALK_IN, "several": booking_talk.SEVERAL, "choose": booking_talk.CHOOSE}
OTHER_DAY = "好的，换一天。"
NEVER_MIND = "好的，不约了。以后要约，随时说一声：预约。"


async def fill_in(turn: Turn, office: Office, plan: Plan, said: Said) -> None:
    """Go on with what was understood, asking where several may be meant; what was wrong with it is said first."""
    plan = await filled(turn, plan, said)
    asks_for_day = bool(plan.service) or read_day(turn.heard.text, turn.now).problem is None
    before = said.problem + "\n" if said.problem and asks_for_day else ""
    if kept(turn).get("then") == LINE and not said.problem:
        keep(turn, plan, LINE)
        await office.go_on(turn, plan)
    elif not await ask_among(turn, plan, said, before):
        await go_on(turn, office, plan, before=before)


async def answer(turn: Turn, office: Office) -> bool:
    """Answer words about visits; False where there is nothing here that they could mean."""
    kind, sure = wanted(turn), is_about(turn) or "约" in turn.heard.text
    if kind in ("book", "elsewhere"):
        return await _begin(turn, office, elsewhere=kind == "elsewhere")
    if kind in ("here", "late"):
        return await _say_coming(turn, office, late=kind == "late")
    if kind == "ahead":
        await booking_there.say_ahead(turn)
        return True
    if kind == "hours":
        return await _show_hours(turn, office)
    if kind in _HOW:
        return await _say_how(turn, _HOW[kind])
    return await _about_mine(turn, office, kind, sure=sure)


async def _show_hours(turn: Turn, office: Office) -> bool:
    """Show when a station is open: the only one, or whichever is chosen; False where none takes bookings."""
    day = read_day(turn.heard.text, turn.now).day
    table = await read_timetable(turn.db, today=today_of(turn))
    stations = {one.station.id for one in table.provisions}
    on = f"{day:%Y%m%d}" if day else "0"
    action = f"station:{min(stations)}.{on}" if len(stations) == 1 else f"stations-list:{on}"
    if stations:
        turn.inbound = replace(turn.inbound, kind="action", text=action)
        await office.whole.route(turn)
    else:
        say_not_open(turn)
    return True


async def _say_coming(turn: Turn, office: Office, *, late: bool) -> bool:
    """Answer those who are there or will be late on another day than theirs; False for words that may mean something else."""
    about = told(turn)
    if late and (about is None or about.late is None) and await booking_late.say_late(turn, office, Late(asks=True)):
        return True
    if await booking_mine.say_next(turn, office, LATE_NOT_TODAY if late else NOT_TODAY):
        return True
    if not late:
        return bool(_AT_STATION.search(turn.heard.text)) and await _say_how(turn, WALK_IN)
    if about is not None and about.late is not None and about.late.by and await is_open(turn):
        note(turn)
        turn.say(fill(turn, NO_VISIT), MINE_CHOICE, booking_mine.NEW_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return True
    return is_about(turn) and await _say_how(turn, LATE)


async def _say_how(turn: Turn, text: str) -> bool:
    """Say how it is done at a station, where bookings are taken at all."""
    if not await is_open(turn):
        say_not_open(turn)
        return True
    note(turn)
    near = [question_choice(entry) for entry in turn.heard.near[:_MOST_NEAR]]
    turn.say(text, booking_mine.NEW_CHOICE, MINE_CHOICE, *near, texts.PERSON_CHOICE, texts.BACK_CHOICE)
    return True


async def _about_mine(turn: Turn, office: Office, kind: Wanted | None, *, sure: bool) -> bool:
    """Show, move or cancel what one has; False for words that may mean something else, of somebody who has nothing."""
    plan = read_plan(kept(turn).get("plan", "")) if turn.state == STEP else None
    if turn.state == STEP and (kind == "stay" or (kind == "drop" and not _names_visit(turn))):
        if plan is not None and plan.moved:
            await booking_mine.stay(turn, office, plan.moved)
            return True
        _never_mind(turn)
        return True
    mine = await booking_mine.visits_of(turn, office)
    if not mine and not await booking_mine.waits_of(turn, office):
        if plan is not None and kind in ("mine", "drop", "move"):
            await _none_yet(turn, office, plan, kind)
            return True
        if is_of_elsewhere(turn) and not exactly(turn):
            return say_near(turn, Plan())
        sure = sure or kind == "line"
        if not sure or not await is_open(turn):
            if sure:
                say_not_open(turn)
            return sure
    meant = _of_day(turn, mine) if kind in ("move", "drop") else mine
    if kind == "move" and len(meant) == 1:
        note(turn)
        forget(turn)
        said = await booking_words.read(turn)
        await fill_in(turn, office, booking_mine.moving(meant[0][1]), said)
    else:
        actions = {"move": booking_mine.MOVE, "drop": booking_mine.DROP}
        await booking_mine.pick(turn, office, actions.get(kind or "", booking_mine.SHOW), meant)
    return True


async def _none_yet(turn: Turn, office: Office, plan: Plan, kind: Wanted) -> None:
    """Take for what is just being booked the words of somebody who has nothing booked yet."""
    if kind == "drop" and not _names_day(turn):
        _never_mind(turn)
        return
    turn.say(booking_talk.NOT_YET if kind == "mine" else OTHER_DAY)
    await office.go_on(turn, plan if kind == "mine" else plan.any_time())


def _never_mind(turn: Turn) -> None:
    note(turn)
    forget(turn)
    turn.say(NEVER_MIND, MINE_CHOICE, texts.START_CHOICE)


def _names_day(turn: Turn) -> bool:
    said = plain(turn.heard.text)
    return without_days(said) != said


def _names_visit(turn: Turn) -> bool:
    """Tell whether a visit is meant, and not what is just being booked: 明天那个不去了."""
    return "预约" in turn.heard.text or "那个" in turn.heard.text or _names_day(turn)


def _of_day(turn: Turn, mine: Sequence[tuple[Errand, Visit]]) -> Sequence[tuple[Errand, Visit]]:
    """Return the visits of the day that is named, before the day they are moved to; all of them where none is."""
    day = read_day(_MOVED.split(turn.heard.text)[0], turn.now).day
    return [one for one in mine if day_of(one[1].slot.starts_at) == day] or mine


async def _begin(turn: Turn, office: Office, *, elsewhere: bool) -> bool:
    """Begin with what the words say; a mere wish to come counts only with something that can be booked."""
    sure = is_about(turn) or exactly(turn)
    if not await is_open(turn):
        if sure:
            say_not_open(turn)
        return sure
    said = await booking_words.read(turn)
    if not sure and not (said.service_id or said.services):
        return False
    if not exactly(turn):
        if is_none_of_ours(turn, said):
            return say_near(turn, await filled(turn, Plan(), said))
        if not elsewhere and asks_first(turn, said) and say_near(turn, await filled(turn, Plan(), said)):
            return True
    note(turn)
    if elsewhere and not said.service_id:
        near = [question_choice(entry) for entry in turn.heard.near[:_MOST_NEAR]]
        turn.say(fill(turn, ELSEWHERE), *near, booking_mine.NEW_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return True
    forget(turn)
    await fill_in(turn, office, Plan(), said)
    return True


def say_not_open(turn: Turn) -> None:
    """Say that nothing can be booked here yet, and how to get it done all the same."""
    turn.result.journey, turn.result.outcome, turn.result.score = "booking", "refuse", turn.heard.score
    turn.result.near = offered(turn, turn.heard.near)
    near = [question_choice(entry) for entry in turn.heard.near]
    turn.say(fill(turn, NOT_OPEN) + (NEAR if near else ""), *near, texts.PERSON_CHOICE, texts.BACK_CHOICE)
