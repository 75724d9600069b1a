"""How an entry looks on the screen: the answer, what to bring, where, how long, what to mind, and the source."""

import re
from collections.abc import Sequence
from typing import Any

from core.reply import Choice
from handlers import texts
from handlers.turn import Turn, fill
from knowledge.entry import NATIONWIDE, Entry, Source
from knowledge.heard import Answer

_MOST_SOURCES = 3
_DOCUMENT = re.compile(r"(?:法|条例|办法|规定|规则|细则|通知|意见|公告|标准|方案|决定|令)(?:[》(\uff08].*)?$")
"""Titles of laws and official documents; anything else is a report or a digest."""


def question_choice(entry: Entry) -> Choice:
    """Return the choice that asks an entry's question."""
    return Choice(entry.question, f"faq:{entry.slug}")


def offered(turn: Turn, near: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return how near misses are recorded for staff; score is the share of the best candidate's score, 0 to 1."""
    scores = {hit.key: max(hit.score, 0.0) for hit in turn.heard.hits}
    best = max(scores.values(), default=0.0) or 1.0
    found = [(e, scores.get(f"faq:{e.slug}")) for e in near]
    return [
        {"entry": e.slug, "facts": list(e.facts), "score": None if score is None else round(score / best, 2)}
        for e, score in found
    ]


def render(turn: Turn, answer: Answer) -> str:
    """Return the whole text of an answer."""
    entry = answer.entry
    lines = [fill(turn, entry.answer)]
    if entry.bring:
        lines.append(texts.BRING + fill(turn, "、".join(entry.bring)))
    for label, value in ((texts.WHERE, entry.where), (texts.HOW_LONG, entry.how_long), (texts.NOTE, entry.note)):
        if value:
            lines.append(label + fill(turn, value))
    if entry.scope != NATIONWIDE:
        lines.append(texts.SCOPE + entry.scope)
    preface = fill(turn, texts.ELSEWHERE, place=entry.scope) if answer.elsewhere else ""
    return preface + "\n".join(lines) + "\n\n" + sources(turn, entry)


def sources(turn: Turn, entry: Entry) -> str:
    """Return the lines that say where the rule stands."""
    if not entry.sources:
        return texts.SOURCE + fill(turn, texts.NO_SOURCE)
    by_title: dict[str, list[Source]] = {}
    for source in entry.sources:
        by_title.setdefault(source.title or "", []).append(source)
    cited = [_cite(title, found) for title, found in list(by_title.items())[:_MOST_SOURCES]]
    return texts.SOURCE + "\n".join(cited)


def _cite(title: str, found: list[Source]) -> str:
    first = found[0]
    if not _DOCUMENT.search(title):
        return texts.REPORT.format(title=title)
    named = title if "《" in title else f"《{title}》"
    articles = dict.fromkeys(part for source in found if source.article for part in source.article.split("、"))
    start = first.effective_from
    force = texts.IN_FORCE.format(year=start.year, month=start.month, day=start.day) if start else None
    extra = "\uff0c".join(detail for detail in (first.number, force) if detail)
    link = f"\n{first.url}" if first.url else ""
    return named + "、".join(articles) + (f"\uff08{extra}\uff09" if extra else "") + link
