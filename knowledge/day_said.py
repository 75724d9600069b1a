"""Hear which day is meant, so that nobody has to look through a list for what they have already said; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.clock import CHINA
from knowledge.day_forms import FORMS, Problem
from knowledge.normalise import simplify

_CLOSES = time(18)
"""From then on a bare weekday, said on that very weekday, is the next week's."""
_BLANK = "\0"
_SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_HALF = "(?:上午|下午|早上|中午|晚上)"
_DENIED = re.compile(
    rf"({_HALF})?(?:那天|一天|全天)?[,、]?(?:[我他她俺]们?|家里|孩子|都|就|又|也|可能|恐怕|怕是|实在)*"
    r"(?:不(?:行|成|可以|得空|得闲|方便|能[去来]|[去来在约]|想)|没有?(?:空|时间|工夫|功夫)|[去来]不[了成]|忙|有事(?![要想去来找问])|"
    r"有别的事|要(?:上班|值班|住院|开会))(?![吗么嘛])"
)
_DENIED_BEFORE = re.compile(r"(?:不是|除了|别约|不要|不想约|不约|不想要|别)(?:在)?$")
_MOVED_TO = re.compile(r"(?:[改换挪推调延移约定订放排]|提前|推迟|延后)(?:到|成|为|至|在)$")
_TOLD = re.compile(
    r"(?:.{0,4}[退入]伍|.{0,4}退役|.{0,4}参军|.{0,4}当兵|.{0,4}转业|.{0,4}复员|出?生|.{0,3}去世|的?生日|.{0,3}牺牲|(?:就|我|刚)?"
    r"(?:约|预约|办|领|来|去|取|交|认证|报名|登记|采集|申请)(?:过|的(?!话)|好的))"
)
_SPEAKING = re.compile("^(?:就|我)?(?:想|要|来问|问|预约|约|打算|能不能|能|可以|帮)")
_OR = re.compile("[、或和跟到至还改-]")
_BESIDE = 4
"""So near a weekday stands to the date that it goes with: 12月3号，也就是周四."""


@dataclass(frozen=True, slots=True)
class DayHeard:
    """A day, or what was wrong with it; nothing at all when no day was spoken of."""

    day: date | None = None
    problem: Problem | None = None
    words: str = ""
    """How it was said."""
    meant: date | None = None
    """The day that is over, or that is no such weekday."""


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    words: str
    found: date | Problem
    weekday: bool

    @property
    def day(self) -> date | None:
        return self.found if isinstance(self.found, date) else None

    @property
    def problem(self) -> Problem:
        """Return what is wrong with it, when no day of it is to come."""
        return "past" if isinstance(self.found, date) else self.found


def read_day(text: str, now: datetime) -> DayHeard:
    """Return the day that is meant; nothing is guessed where two may be."""
    said, there = plain(text), now.astimezone(CHINA)
    mentions = _alive(said, _mentions(said, there.date()))
    mentions = [_next_week(one, there) for one in mentions]
    if clash := _clash(said, mentions):
        return clash
    mentions = _without_confirmation(mentions)
    days = {one.day: one for one in mentions}
    to_come = [one for day, one in days.items() if day is not None and day >= there.date()]
    if len(to_come) > 1:
        to_come = to_come[1:] if _only_speaking(said, to_come, there.date()) else to_come
    if len(to_come) == 1:
        return DayHeard(to_come[0].day, words=to_come[0].words)
    if to_come:
        return DayHeard(problem="too vague", words=said[to_come[0].start : to_come[-1].end])
    return _wrong(mentions)


def _wrong(mentions: Sequence[_Mention]) -> DayHeard:
    """Return the gravest of what is wrong; a day that is over weighs less than one that never comes."""
    for problem in ("no such day", "past", "lunar", "too vague"):
        for one in mentions:
            if one.problem == problem:
                return DayHeard(None, one.problem, one.words, one.day)
    return DayHeard()


def plain(text: str) -> str:
    """Return half-width text without the spaces that part no numbers."""
    return _SPACES.sub("", simplify(text))


def without_days(text: str) -> str:
    """Blank out what names a day, so that 周三十点 leaves 十点; plain text comes in."""
    for start, end in ((one.start, one.end) for one in _mentions(text, date(2000, 1, 1))):
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text


def _mentions(said: str, today: date) -> list[_Mention]:
    """Return what names a day, in the order of the words; what one form took is gone for the next."""
    found: list[_Mention] = []
    left = said
    for form in FORMS:
        for match in form.pattern.finditer(left):
            result = form.read(match, today)
            left = left[: match.start()] + _BLANK * len(match[0]) + left[match.end() :]
            if result is not None:
                found.append(_Mention(match.start(), match.end(), match[0], result, form.weekday))
    return sorted(found, key=lambda one: one.start)


def _alive(said: str, mentions: Sequence[_Mention]) -> list[_Mention]:
    """Leave out what was refused, what tells of the past, and all but the one that something is moved to."""
    told = [one for one in mentions if not _TOLD.match(said, one.end)]
    moved = [one for one in told if _MOVED_TO.search(said[: one.start])]
    if moved:
        return moved[-1:]
    kept = []
    for one in told:
        denied = _DENIED.match(said, one.end)
        if _DENIED_BEFORE.search(said[: one.start]) or (denied and (not denied[1] or len(told) > 1)):
            continue
        kept.append(one)
    return kept


def _next_week(one: _Mention, there: datetime) -> _Mention:
    if one.weekday and one.day == there.date() and there.time() >= _CLOSES:
        return _Mention(one.start, one.end, one.words, there.date() + timedelta(days=7), weekday=True)
    return one


def _pairs(mentions: Sequence[_Mention]) -> Iterator[tuple[_Mention, _Mention]]:
    """Return each date with the weekday that stands beside it."""
    for one in mentions:
        for other in mentions:
            near = 0 <= other.start - one.end <= _BESIDE or 0 <= one.start - other.end <= _BESIDE
            if other.weekday and not one.weekday and one.day is not None and near:
                yield one, other


def _clash(said: str, mentions: Sequence[_Mention]) -> DayHeard | None:
    for one, other in _pairs(mentions):
        first, second = sorted((one, other), key=lambda each: each.start)
        beside = not _OR.search(said[first.end : second.start])
        if beside and one.day and other.day and one.day.weekday() != other.day.weekday():
            return DayHeard(None, "clash", other.words, one.day)
    return None


def _without_confirmation(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Leave out weekdays that only say once more which day a date is."""
    dates = [one.day for one in mentions if one.day and not one.weekday]
    return [
        one for one in mentions if not (one.weekday and one.day and one.day.weekday() in {d.weekday() for d in dates})
    ]


def _only_speaking(said: str, to_come: Sequence[_Mention], today: date) -> bool:
    """Tell whether 今天 is only when somebody speaks: 我今天想约明天."""
    return len(to_come) == 2 and to_come[0].day == today and bool(_SPEAKING.match(said[to_come[0].end :]))
