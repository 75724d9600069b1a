"""Hear that somebody will be late for a visit, and by how much: 堵车了，晚到二十分钟; 还要半小时才到; 得十点半才能到; pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import CHINA
from knowledge.hour_said import read_time
from knowledge.job_numbers import value
from knowledge.visit_forms import (
    ASKED,
    CALLS,
    CLOCK,
    DAY,
    JAM,
    MODAL,
    PLACE,
    ROAD,
    THANKS,
    TODAY,
    WHO,
    WHY,
    N,
    form,
    said,
    without_day,
)

_D = "一二三四五六七八九"
_MINUTE, _HOUR = "分[钟中种终]?", "(?:小[时是事]|钟头)"
_MINUTES = rf"(?:{N}[多来几]?个?|十几|[{_D}]{{2}}十|[{_D}]?十[{_D}]{{2}}){_MINUTE}"
_HOURS = rf"(?:半个?多?|{N}个半|{N}个?多?|个把|俩){_HOUR}"
_SPAN = rf"(?:{_MINUTES}|{_HOURS}|[一三]刻钟)"
_FEW = f"(?:一?小?会儿?|一?点儿?|一?些|个?几{_MINUTE}|一下)"
_ABOUT = "(?:大概|大约|差不多|可能|估计|最多|至少|约|有|要|个|了|上)*"
_COME = "(?:[到道倒]|来|去|过来|过去|赶到|赶来)"
_BY = "[晚迟完碗玩]"
_LATE = rf"{_BY}{_COME}?{_ABOUT}{_SPAN}|(?:要|会|得|可能){_BY}{_FEW}|{_BY}{_FEW}?(?:再|才)?{_COME}(?:{_FEW})?|[迟池持驰][到道倒](?:{_ABOUT}{_SPAN})?|吃[到道]{_SPAN}"
_MISSED = rf"(?:来晚|到晚|赶不上|赶不到|赶不过[来去])了?(?:{_ABOUT}{_SPAN})?"
_AFTER = rf"(?:还[要得需差有]|要|得|需要|再[等过]|过)?{_ABOUT}{_SPAN}(?:以后|之后|后|左右|内)?(?:才|就|可以|能)*{_COME}"
_AT = rf"{CLOCK}(?:左右|前后|多)?才(?:能|可以)?{_COME}"
_BOOKED = rf"(?:我)?(?:预?约|定)?[的了]?(?:是|在)?{CLOCK}(?:的|那个|约的?|预约|号)*"
_BEFORE = f"{CALLS}|{WHO}|{TODAY}|{ROAD}|{JAM}|{WHY}|{MODAL}|{_BOOKED}|{DAY}(?:的|那个)*|预约"
_BEHIND = (
    f"{ASKED}|{THANKS}|{JAM}|{WHY}|{ROAD}|{PLACE}|{_FEW}|了|左右|上下|(?:再|才|能)*{_COME}|"
    "(?:能不能|可以)?(?:请|帮我?|给我|先|把)*(?:我的?)?号?(?:保?留)(?:一?下|着|个)?(?:我的?|个)?(?:号|位置?)?|别(?:给我|把我)?的?(?:取消|过号?|作废|号)了?"
)
_WHOLE = form(f"{_LATE}|{_MISSED}|{_AFTER}|{_AT}|{JAM}", _BEFORE, _BEHIND)
_IS_LATE = re.compile(f"{_LATE}|{_MISSED}|{JAM}")
_ONLY = form(_SPAN, "大概|大约|差不多|可能|估计|最多|晚|要|得|会|[晚迟]到", "左右|上下|吧|了|这样|的?样子")
_QUESTION = re.compile("[吗么]|[行能可中成]不|可不可以|能不能|[不没]$|要紧|还能|咋办|怎么办|有没有|作废")
_SURE = re.compile(f"{JAM}|{WHY}|可能|估计|恐怕|怕|会(?!不会)|要(?!是|紧)|得|已经|肯定|只好")
_SUPPOSED = re.compile("如果|要是|万一|假如")
_FIGURES = 2
"""Digits of a bare number that is minutes; one alone is a choice of the list."""
_STEP = 5
"""Minutes: whoever names an hour is not taken by the minute."""


@dataclass(frozen=True, slots=True)
class Late:
    """How late somebody will be; without any figure they did not say."""

    by: int | None = None
    """Minutes after the time that was booked."""
    after: int | None = None
    """Minutes from now."""
    at: time | None = None
    """The hour at which they will be there, China time."""
    asks: bool = False
    """Whether they only ask what would be."""

    def minutes(self, starts_at: datetime, now: datetime) -> int | None:
        """Return by how much they miss a time, 0 or less when they do not; None when they did not say."""
        if self.by is not None:
            return self.by
        if self.after is None and self.at is None:
            return None
        there = starts_at.astimezone(CHINA)
        at = (
            now + timedelta(minutes=self.after)
            if self.after is not None
            else datetime.combine(there, self.at or time(), CHINA)
        )
        return -int((starts_at - at).total_seconds() // 60 // _STEP) * _STEP


def read_late(text: str) -> Late | None:
    """Return how late somebody will be; None for words about anything else, such as money that comes late."""
    words = without_day(said(text))
    if not words or not _WHOLE.fullmatch(words):
        return None
    span = _span(re.sub(CLOCK, "", words))
    question = bool(_QUESTION.search(words)) or text.rstrip().endswith(("?", "\uff1f"))
    asks = question and (bool(_SUPPOSED.search(words)) or not _SURE.search(words))
    if _IS_LATE.search(words):
        return Late(by=span, asks=asks)
    return Late(after=span, asks=asks) if span is not None else Late(at=read_time(text), asks=asks)


def read_span(text: str) -> int | None:
    """Return the minutes that are all somebody says, after they were asked how late they will be."""
    words = said(text)
    if words.isascii() and words.isdigit() and len(words) == _FIGURES:
        return int(words)
    return _span(words) if _ONLY.fullmatch(words) else None


def _span(words: str) -> int | None:
    if found := re.search(rf"(半)个?多?{_HOUR}|({N})个(半){_HOUR}|({N})个?多?{_HOUR}|(个把){_HOUR}|(俩){_HOUR}", words):
        half, and_half, _, hours, one, two = found.groups()
        return (
            30 if half else 60 * value(and_half) + 30 if and_half else 60 if one else 120 if two else 60 * value(hours)
        )
    if found := re.search("([一三])刻钟", words):
        return 15 if found[1] == "一" else 45
    if found := re.search(rf"(十几|[{_D}]{{2}}十|[{_D}]?十[{_D}]{{2}}|{N})[多来几]?个?{_MINUTE}", words):
        return _minutes(found[1])
    return None


def _minutes(said_so: str) -> int:
    """Return the larger of two that are named at once: 二三十, 十五六."""
    if said_so == "十几":
        return 15
    if re.fullmatch(rf"[{_D}]{{2}}十", said_so) or re.fullmatch(rf"[{_D}]?十[{_D}]{{2}}", said_so):
        return value(
            re.sub(rf"[{_D}]([{_D}])", r"\1", said_so) if said_so.endswith("十") else said_so[:-2] + said_so[-1]
        )
    return value(said_so)
