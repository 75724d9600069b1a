"""Which words ask for fairs, classes and activities, and which one of those to come they mean."""

import re
from collections.abc import Sequence

from core.menu import bare
from db.events import Event
from handlers.turn import Turn
from services.event_list import KINDS

_ASKED = {
    "fair": {"招聘会", "看招聘会", "招聘会报名", "报名招聘会", "专场招聘会", "退役军人招聘会", "近期招聘会", "最近招聘会"},
    "training": {
        "培训", "看培训", "培训报名", "报名培训", "参加培训", "老兵学院", "培训班", "适应性培训", "技能培训", "学历提升", "创业培训",
        "近期培训", "最近培训",
    },
    "activity": {"活动", "看活动", "活动报名", "报名活动", "参加活动", "讲座", "近期活动", "最近活动", "有什么活动"},
}  # fmt: skip
_ALL = {"招聘会和活动", "培训和活动", "招聘会培训和活动"}
_NOUNS = {"fair": "招聘会|双选会|招聘活动", "training": "培训|老兵学院|学历提升", "activity": "活动|讲座|祭扫"}
_WANTS = (
    "什么时候|啥时候|啥时|几号|几点|哪天|哪一天|日子|时间|在哪|哪里|哪儿|地点|报名|报个名|有没有|有哪些|有什么|近期|最近|下一场|"
    "下场|想参加|想去"
)
_QUESTIONS = {
    group: re.compile(f"(?:{noun}).{{0,8}}(?:{_WANTS})|(?:{_WANTS}).{{0,8}}(?:{noun})")
    for group, noun in _NOUNS.items()
}
_OTHERS = re.compile("优惠|促销|打折|补贴|补助|学费|证书|征兵|入伍|参军|取消|退订|订阅|提醒|认证|体检|疗养")
"""Words about something else; signing off and subscribing have words of their own."""
_JOBLESS = ("jobs", "none")
"""What words about a fair are taken for that ask for nothing else: a fair is never looked for among posts."""
_COMMON = "退役军人专场招聘会技能培训班活动讲座报名参加"


def asks_for_all(turn: Turn) -> bool:
    """Tell whether all groups were asked for."""
    return bare(turn.heard.text) in _ALL


def named(turn: Turn) -> str | None:
    """Return the group whose bare name was said."""
    said = bare(turn.heard.text)
    return next((group for group, words in _ASKED.items() if said in words), None)


def asked_about(turn: Turn) -> str | None:
    """Return the group that a question is about, when it asks for a day or to sign up."""
    text = turn.heard.text
    if _OTHERS.search(text):
        return None
    if turn.heard.journey in _JOBLESS and re.search(_NOUNS["fair"], text):
        return "fair"
    return next((group for group, question in _QUESTIONS.items() if question.search(text)), None)


def meant(text: str, found: Sequence[Event]) -> Sequence[Event]:
    """Return those that a text names by their kind or by words of their title; all of them when it names none."""
    shared = set.intersection(*(_pairs(event.title) for event in found)) if len(found) > 1 else set()
    said = _pairs(text) - _pairs(_COMMON) - shared
    named_so = [event for event in found if KINDS[event.kind] in text and event.kind != "fair"]
    return named_so or [event for event in found if _pairs(event.title) & said] or found


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
