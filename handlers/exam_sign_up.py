"""Choosing a day and a half-day by digits, and winning the place; moving goes the same way and keeps the old one."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from core.clock import CHINA
from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from db.exams import ExamBatch, ExamSession
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.exam_errand import Errand, errand_about, errand_for, note, numbers
from handlers.exam_screens import MINE_CHOICE, day_label, facts, half_label, place_facts, when
from handlers.guide import paged, split_page
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import exam_places, exam_reminders, exam_sessions, exams
from services.exam_places import Appointment
from services.vault import Vault

LEFT = "{day}，还有 {count} 个名额"
DAYS = "{title}\n地点：{place}\n报名和改期到{closes}截止。\n{ask}"
ASK_DAY, ASK_NEW_DAY = "给{who}选一天，回复数字：", "{who}的现在是{when}，先给留着。\n改到哪天？回复数字："
NO_DAYS = "{title}的名额都报满了。\n有没有人退出来，请打 {phone} 问，或回复 0 找人工。"
ASK_HALF = "{day}，上午还是下午？"
CONFIRM = "请看一遍，对的话回复 1：\n{who}的{title}\n{facts}"
YES_CHOICE, YES_MOVE_CHOICE, OTHER_DAY = "确认报名", "确认改期", "换个时间"
DONE, MOVED = "{who}的{title}报好了。\n{facts}{reminded}", "{who}的{title}改好了。\n{facts}{reminded}"
REMINDED = "\n前三天和前一天，我会再提醒。"
OVER = "{title}的报名和改期已经截止。\n要改请打 {phone}，或回复 0 找人工。"
NOT_FOR = "{title}这次不是给{who}这一类安排的。\n想问清楚，请打 {phone}，或回复 0 找人工。"
NOW_CHOICES = ("改期", "取消报名")


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("exam-days")(partial(days, vault))
    router.action("exam-day")(partial(day, vault))
    router.action("exam-half")(partial(confirm, vault))
    router.action("exam-take")(partial(take, vault))
    router.action("exam-move")(partial(move, vault))
    return router


def days_action(batch_id: int, errand: Errand) -> str:
    """Return the action that shows the days of a batch."""
    return f"exam-days:{batch_id}.{errand.person.id}.{errand.place_id}"


def place_choices(one: Appointment) -> tuple[Choice, ...]:
    """Return what can be done with a place."""
    move_label, cancel_label = NOW_CHOICES
    return Choice(move_label, f"exam-move:{one.place.id}"), Choice(cancel_label, f"exam-drop:{one.place.id}")


async def move(vault: Vault, turn: Turn) -> None:
    """Show the days to move a place to."""
    found = numbers(turn.argument, 1)
    errand = await errand_about(turn, vault, found[0]) if found else None
    if errand is None or errand.moved is None:
        await stale(turn)
    else:
        await show_days(turn, errand, errand.moved.batch)


async def days(vault: Vault, turn: Turn) -> None:
    """Show a page of the days that have places."""
    argument, page = split_page(turn.argument)
    known = await _read(turn, vault, argument, 3)
    batch = await turn.db.get(ExamBatch, known[0]) if known else None
    if known is None or batch is None:
        await stale(turn)
    else:
        await show_days(turn, known[1], batch, page)


async def _read(turn: Turn, vault: Vault, argument: str, count: int) -> tuple[int, Errand] | None:
    """Read "row.person.place", behind which a day may stand; None for what was not offered or may not be done."""
    found = numbers(argument, count)
    if found is None:
        return None
    if found[2]:
        errand = await errand_about(turn, vault, found[2])
    else:
        errand = await errand_for(turn, vault, found[1])
    return None if errand is None or errand.person.id != found[1] else (found[0], errand)


async def show_days(turn: Turn, errand: Errand, batch: ExamBatch, page: int = 0, before: str = "") -> None:
    """Show the days of a batch, unless it is over or not for this person."""
    note(turn)
    if refused := _refused(turn, errand, batch):
        turn.say(refused, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    free = await _free(turn, errand, batch.id)
    screen, tail = days_action(batch.id, errand), f"{batch.id}.{errand.person.id}.{errand.place_id}"
    options = [
        Choice(LEFT.format(day=_days_label(list(group)), count=count), f"exam-day:{tail}.{on:%Y%m%d}")
        for on, sessions in groupby(free, lambda session: session.day)
        for group in [list(sessions)]
        for count in [sum(session.capacity - session.taken for session in group)]
    ]
    if not options:
        turn.say(before + NO_DAYS.format(title=batch.title, phone=batch.phone), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, screen if page == 0 else f"{screen}:{page}")
    ask = ASK_DAY.format(who=errand.who)
    if errand.moved is not None:
        ask = ASK_NEW_DAY.format(who=errand.who, when=when(errand.moved.session))
    text = DAYS.format(title=batch.title, place=batch.place, closes=day_label(batch.closes_on), ask=ask)
    turn.say(before + text, *paged(options, page, screen), replaces=True)


async def _free(turn: Turn, errand: Errand, batch_id: int) -> list[ExamSession]:
    free = await exam_sessions.free_sessions(turn.db, batch_id, turn.now.astimezone(CHINA).date())
    return [session for session in free if errand.moved is None or session.id != errand.moved.session.id]


def _days_label(sessions: Sequence[ExamSession]) -> str:
    first = sessions[0]
    return when(first) if first.half == "days" else day_label(first.day)


def _refused(turn: Turn, errand: Errand, batch: ExamBatch) -> str | None:
    if not exams.takes_changes(batch, turn.now.astimezone(CHINA).date()):
        return OVER.format(title=batch.title, phone=batch.phone)
    if errand.moved is None and not exams.is_for(batch, errand.person):
        return NOT_FOR.format(title=batch.title, who=errand.who, phone=batch.phone)
    return None


async def day(vault: Vault, turn: Turn) -> None:
    """Show the half-days of a day; the only one is not asked for."""
    known = await _read(turn, vault, turn.argument, 4)
    batch = await turn.db.get(ExamBatch, known[0]) if known else None
    if known is None or batch is None:
        await stale(turn)
        return
    note(turn)
    errand = known[1]
    on = turn.argument.rpartition(".")[2]
    halves = [session for session in await _free(turn, errand, batch.id) if f"{session.day:%Y%m%d}" == on]
    tail = f"{errand.person.id}.{errand.place_id}"
    if not halves:
        await show_days(turn, errand, batch, before=exam_places.FULL + "\n")
    elif len(halves) == 1:
        await _ask(turn, errand, halves[0])
    else:
        visit(turn, f"exam-day:{turn.argument}")
        options = [
            Choice(LEFT.format(day=half_label(one), count=one.capacity - one.taken), f"exam-half:{one.id}.{tail}")
            for one in halves
        ]
        turn.say(ASK_HALF.format(day=day_label(halves[0].day)), *options, texts.BACK_CHOICE, replaces=True)


async def confirm(vault: Vault, turn: Turn) -> None:
    """Show all that matters once more before the place is taken."""
    known = await _read(turn, vault, turn.argument, 3)
    session = await turn.db.get(ExamSession, known[0]) if known else None
    if known is None or session is None:
        await stale(turn)
    else:
        note(turn)
        await _ask(turn, known[1], session)


async def _ask(turn: Turn, errand: Errand, session: ExamSession) -> None:
    batch = await exams.batch_of(turn.db, session.batch_id)
    tail = f"{session.id}.{errand.person.id}.{errand.place_id}"
    visit(turn, f"exam-half:{tail}")
    yes = Choice(YES_MOVE_CHOICE if errand.moved else YES_CHOICE, f"exam-take:{tail}")
    other = Choice(OTHER_DAY, days_action(batch.id, errand))
    text = CONFIRM.format(who=errand.who, title=batch.title, facts=facts(session, batch))
    turn.say(text, yes, other, texts.BACK_CHOICE, replaces=True)


async def take(vault: Vault, turn: Turn) -> None:
    """Take the place; who was a moment late is shown the days that are left."""
    known = await _read(turn, vault, turn.argument, 3)
    session = await turn.db.get(ExamSession, known[0], populate_existing=True) if known else None
    if known is None or session is None:
        await stale(turn)
        return
    errand, batch = known[1], await exams.batch_of(turn.db, session.batch_id)
    place = await exam_places.place_in(turn.db, batch.id, errand.person.id)
    if place is not None and place.session_id == session.id:  # tapped twice
        await _say_done(turn, errand, Appointment(place, session, batch))
        return
    if refused := _refused(turn, errand, batch):
        note(turn)
        turn.say(refused, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    try:
        one = await _win(turn, errand, session)
    except Refusal as refusal:
        if place is not None and errand.moved is None:
            note(turn)
            turn.say(str(refusal), MINE_CHOICE, texts.BACK_CHOICE)
        else:
            await show_days(turn, errand, batch, before=f"{refusal}\n")
        return
    await _say_done(turn, errand, one)
    await record(turn, errand.vault, errand.acting, "改期" if errand.moved else "报名", f"exam_place:{one.place.id}")


async def _win(turn: Turn, errand: Errand, session: ExamSession) -> Appointment:
    if session.day <= turn.now.astimezone(CHINA).date():
        raise Refusal(exam_places.NO_SESSION)
    if errand.moved:
        return await exam_places.move(turn.db, errand.place_id, session.id, turn.now)
    return await exam_places.sign_up(turn.db, session.id, errand.person.id, errand.as_, turn.now)


async def _say_done(turn: Turn, errand: Errand, one: Appointment) -> None:
    note(turn)
    reminded = REMINDED if exam_reminders.steps(one.session.day)[-1] > turn.now else ""
    text = MOVED if errand.moved else DONE
    text = text.format(who=errand.who, title=one.batch.title, facts=place_facts(one), reminded=reminded)
    turn.say(text, *place_choices(one), texts.START_CHOICE, replaces=True)
