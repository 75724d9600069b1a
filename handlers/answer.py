"""How an entry looks on the screen: the answer, what to bring, where, how long, what to mind, and the source."""

from core.reply import Choice
from handlers import texts
from handlers.turn import Turn, fill
from knowledge.entry import NATIONWIDE, Entry, Source
from knowledge.heard import Answer

_MOST_SOURCES = 3


def question_choice(entry: Entry) -> Choice:
    """Return the choice that asks an entry's question."""
    return Choice(entry.question, f"faq:{entry.slug}")


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
    named = title if "《" in title else f"《{title}》"
    articles = "、".join(dict.fromkeys(s.article for s in found if s.article))
    start = first.effective_from
    details = [first.number, f"{start.year}年{start.month}月{start.day}日起" if start else None]
    extra = ",".join(d for d in details if d)
    link = f"\n{first.url}" if first.url else ""
    return named + articles + (f"({extra})" if extra else "") + link
