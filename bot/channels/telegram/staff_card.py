"""The card that a case shows in the staff group; its first line is also the name of the case's topic."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.telegram import staff_texts as texts
from core.clock import CHINA
from services.case_facts import CaseFacts

TitleOf = Callable[[str], str | None]
"""The question of an entry by its slug, None where there is none any more."""

_QUESTION, _LINE = 500, 160
"""Characters shown of the question and of a line said before; ten lines and the rest stay under Telegram's 4,096."""
_FOUND = 3


def draw(facts: CaseFacts, title_of: TitleOf, *, topic: bool, broken: bool = False) -> str:
    """Return the whole card; it holds no clock that runs, so that it changes only when the case does."""
    case = facts.case
    lines = [name(facts)]
    if broken:
        lines.append(texts.BROKEN)
    if case.question:
        lines.append(texts.QUESTION.format(question=_cut(case.question, _QUESTION)))
    whence = [texts.CHANNELS.get(facts.channel, facts.channel), facts.region, "、".join(facts.categories)]
    lines.append(texts.FROM.format(channel=" · ".join(filter(None, whence))))
    if not facts.reachable:
        lines.append(texts.BLOCKED_US)
    if facts.station:
        lines.append(texts.STATION.format(station=facts.station))
    if case.waiting_since and case.due_at:
        lines.append(texts.WAITING.format(since=_time(case.waiting_since), due=_time(case.due_at)))
    lines += _before(facts) + _found(facts, title_of)
    return "\n".join([*lines, "", texts.HOW_TOPIC if topic else texts.HOW_CARD, texts.HOW])


def name(facts: CaseFacts) -> str:
    """Return code, stage and kind in one line, short enough for a topic's name."""
    case = facts.case
    stage = texts.CRISIS_OPEN if case.crisis else texts.OPEN
    if case.status == "closed":
        stage = texts.CLOSED
    elif facts.holder:
        stage = texts.CLAIMED.format(name=_cut(facts.holder, 20))
    return texts.NAME.format(code=case.code, stage=stage, kind=texts.KINDS[case.kind])


def _before(facts: CaseFacts) -> list[str]:
    who = {True: texts.PERSON, False: texts.BOT}
    said = [texts.LINE.format(who=who[by_person], text=_cut(text, _LINE)) for by_person, text in facts.before]
    return ["", texts.BEFORE, *said] if said else []


def _found(facts: CaseFacts, title_of: TitleOf) -> list[str]:
    known = [(title, score) for slug, score in facts.found if (title := title_of(slug))]
    lines = [
        texts.UNSURE.format(question=title) if score is None else texts.SURE.format(question=title, score=score)
        for title, score in known[:_FOUND]
    ]
    return ["", texts.FOUND, *lines] if lines else []


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"
