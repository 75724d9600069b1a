"""Asking for a person, from the first word to the thanks: opened, waited for, ended, and judged by whom it served."""

from datetime import datetime, timedelta

from core.menu import PERSON, bare
from core.router import Router
from db.cases import SupportCase
from db.people import Conversation
from handlers import texts
from handlers.plea import LONGEST_QUESTION, make_plea
from handlers.progress import stage_of
from handlers.turn import Turn, fill
from handlers.when import day_and_time
from knowledge.heard import Heard
from services import case_alerts, case_station, cases, sent_places, staff_group, turns
from services.calendar import read_calendar
from services.cases import Plea
from services.deadlines import reply_due

routes: Router[Heard] = Router()

_AGAIN = "handoff.again"
_SENT_BEFORE = "求助以前一天内发过位置（准到大约 100 米）：{latitude}, {longitude}"
_ONE_TALK = timedelta(hours=24)
"""What was written so long before still belongs to the plea."""
_PROGRESS = {"查进度", "进度", "查询进度", "办到哪了", "办得怎么样了", "求助单", "我的求助单", "求助单进度"}


def says_progress(turn: Turn) -> bool:
    """Tell whether the words ask how far the case is, by name or by its code."""
    text = bare(turn.heard.text)
    return text in _PROGRESS or (turn.case is not None and text.upper() == turn.case.code)


@routes.action(PERSON)
@routes.text(lambda turn: turn.heard.journey == "handoff")
async def reach_a_person(turn: Turn) -> None:
    """Pass on to staff; soon after a closed case, ask first whether it is the same matter."""
    _note(turn)
    words = turn.heard.text if turn.inbound.kind == "text" else ""
    if turn.case is not None:
        await _say_already_open(turn)
        return
    last = await cases.last_closed(turn.db, turn.address_id, turn.now)
    if last is not None and turn.state != _AGAIN and not words:
        turn.go(_AGAIN, case=last.id)
        turn.say(texts.SAME_OR_NEW.format(code=last.code), texts.SAME_CHOICE, texts.NEW_CHOICE, texts.BACK_CHOICE)
        return
    await _open(turn, words)


@routes.action("open")
async def open_new(turn: Turn) -> None:
    """Open a case of its own although another was closed not long ago."""
    _note(turn)
    if turn.case is not None:
        await _say_already_open(turn)
    else:
        await _open(turn)


@routes.text(state=_AGAIN)
async def matter_told(turn: Turn) -> None:
    """Take the words that were asked for as a new matter."""
    _note(turn)
    await _open(turn, turn.heard.text)


@routes.action("reopen")
async def same_matter(turn: Turn) -> None:
    """Open the last case again under its code."""
    _note(turn)
    turn.finish()
    last = await cases.last_closed(turn.db, turn.address_id, turn.now)
    if turn.case is not None or last is None:
        turn.say(texts.CANNOT_REOPEN, texts.PERSON_CHOICE, texts.START_CHOICE)
        return
    case = await cases.reopen(turn.db, last.id, await read_calendar(turn.db), turn.now)
    expected = await _expected(turn, case)
    turn.say(fill(turn, texts.REOPENED, code=case.code, expected=expected), texts.PROGRESS_CHOICE, texts.BACK_CHOICE)


@routes.action("withdraw")
async def withdraw(turn: Turn) -> None:
    """Take the plea back; one about a danger stays until staff know that all is well."""
    _note(turn)
    if turn.case is None:
        turn.say(texts.NO_CASE, texts.PERSON_CHOICE, texts.START_CHOICE)
    elif turn.case.crisis:
        turn.say(texts.NOT_WITHDRAWN)
    else:
        await cases.close(turn.db, turn.case.id, "withdrawn", turn.now)
        turn.say(texts.WITHDRAWN.format(code=turn.case.code), texts.START_CHOICE)


@routes.action("progress")
@routes.text(says_progress)
async def progress(turn: Turn) -> None:
    """Show stage, who has it, and when an answer is due."""
    _note(turn)
    case = await turn.db.get(SupportCase, turn.case.id) if turn.case else None
    case = case or await cases.last_closed(turn.db, turn.address_id, turn.now)
    if case is None:
        turn.say(texts.NO_CASE, texts.PERSON_CHOICE, texts.START_CHOICE)
        return
    stage = await stage_of(turn.db, case, turn.heard.snapshot.profile, turn.now)
    offered = (texts.WITHDRAW_CHOICE,) if case.status == "open" and not case.crisis else ()
    turn.say(texts.PROGRESS.format(code=case.code, stage=stage), *offered, texts.BACK_CHOICE)


async def open_for_voice(turn: Turn) -> None:
    """Open a case for a voice message, which only a person can understand."""
    _note(turn)
    case = await _opened(turn, make_plea(turn, "voice", "", await _before(turn)))
    expected = await _expected(turn, case)
    text = fill(turn, texts.OPENED_VOICE, code=case.code, expected=expected)
    turn.say(text, texts.PROGRESS_CHOICE, texts.WITHDRAW_CHOICE, texts.BACK_CHOICE)


async def open_for_danger(turn: Turn, kind: str) -> SupportCase:
    """Open a case of kind crisis, or raise the open one to it, and call staff at once."""
    case = await _opened(turn, Plea("crisis", "crisis", turn.heard.text[:LONGEST_QUESTION], kind))
    if case.alerted_at is None:
        await case_alerts.call_to_danger(turn.db, case, turn.now)
        await _show_place(turn, case)
    return case


async def _show_place(turn: Turn, case: SupportCase) -> None:
    """Show staff where somebody in danger said to be earlier this day."""
    place = await sent_places.make_known(turn.db, turn.address_id, turn.now)
    if place is not None:
        words = _SENT_BEFORE.format(latitude=place.latitude, longitude=place.longitude)
        await staff_group.say(turn.db, case.id, words, turn.now, who="person", key=f"place:{case.id}")


async def tell_closed_hours(turn: Turn) -> None:
    """Say once a case that nobody is in the office, when the person writes to staff then."""
    assert turn.case is not None
    case = await turn.db.get_one(SupportCase, turn.case.id)
    calendar = await read_calendar(turn.db)
    if case.told_closed_hours or case.crisis or calendar.is_open(turn.now):
        return
    case.told_closed_hours = True
    due = case.due_at
    if due is None or due <= turn.now:  # these words start the clock of the next answer, or it has run out already
        first = case.first_answer_at is None
        due = await reply_due(turn.db, calendar, case.kind, turn.now, first=first)
    turn.say(fill(turn, texts.CLOSED_HOURS, when=day_and_time(due, turn.now)))


async def _before(turn: Turn) -> list[str]:
    return await turns.last_words(turn.db, turn.address_id, turn.now - _ONE_TALK)


async def _open(turn: Turn, words: str = "") -> None:
    plea = make_plea(turn, "asked", words, await _before(turn))
    case = await _opened(turn, plea)
    petition = plea.kind == "petition"
    text = fill(
        turn, texts.OPENED_PETITION if petition else texts.OPENED,
        code=case.code, expected=await _expected(turn, case), ask=texts.ASK_MORE if plea.question else texts.ASK_MATTER,
    )  # fmt: skip
    turn.say(text, texts.PROGRESS_CHOICE, texts.WITHDRAW_CHOICE, texts.BACK_CHOICE)


async def _opened(turn: Turn, plea: Plea) -> SupportCase:
    turn.finish()
    turn.data.pop("missed", None)
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    said = " ".join([plea.question, *await _before(turn)])
    station_id = await case_station.station_of(turn.db, turn.address_id, said)
    calendar = await read_calendar(turn.db)
    case, _ = await cases.open_case(turn.db, conversation, plea, calendar, turn.now, station_id=station_id)
    return case


async def _expected(turn: Turn, case: SupportCase) -> str:
    due: datetime = case.due_at or turn.now
    if case.crisis or (await read_calendar(turn.db)).is_open(turn.now):
        return texts.EXPECTED.format(when=day_and_time(due, turn.now))
    case.told_closed_hours = True
    return fill(turn, texts.EXPECTED_LATER, when=day_and_time(due, turn.now))


async def _say_already_open(turn: Turn) -> None:
    assert turn.case is not None
    case = await turn.db.get_one(SupportCase, turn.case.id)
    stage = await stage_of(turn.db, case, turn.heard.snapshot.profile, turn.now)
    text = fill(turn, texts.ALREADY_OPEN, code=case.code, stage=stage)
    withdraw = () if case.crisis else (texts.WITHDRAW_CHOICE,)
    turn.say(text, texts.PROGRESS_CHOICE, *withdraw, texts.BACK_CHOICE)


def _note(turn: Turn) -> None:
    turn.result.journey, turn.result.outcome, turn.result.score = "handoff", "answer", turn.heard.score
