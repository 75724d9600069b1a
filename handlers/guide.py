"""The service guide: the stages of life, their topics, and the questions of each, all by digits."""

from collections import Counter
from collections.abc import Sequence

from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.answer import question_choice
from handlers.turn import Turn, visit
from knowledge.entry import Entry
from knowledge.heard import Heard

routes: Router[Heard] = Router()

_TOGETHER = {"入伍": ("入伍", "服役")}
"""Stages that are one choice: those who join and their families ask about both, and a screen has seven choices."""
_WORK = "就业"
"""The stage under which work itself stands, before what the rules say of it."""
PAGE = 5
"""Options on a page beside 更多 and 返回: together at most seven."""
_PAGE_DIGITS = 4


def paged(options: Sequence[Choice], page: int, more: str) -> list[Choice]:
    """Return a page of options; `more` is the action that shows the next one, without its number."""
    shown = list(options[page * PAGE : (page + 1) * PAGE])
    if (page + 1) * PAGE < len(options):
        shown.append(Choice(texts.MORE, f"{more}:{page + 1}"))
    return [*shown, texts.BACK_CHOICE]


def page_number(text: str) -> int:
    """Read a page, the first being 0; anything that we never offered is the first."""
    return int(text) if text.isdecimal() and len(text) <= _PAGE_DIGITS else 0


def split_page(argument: str) -> tuple[str, int]:
    """Read "优待证:2" as the name and the page, the first page being 0."""
    name, _, page = argument.rpartition(":")
    return (name, page_number(page)) if name and page.isdecimal() else (argument, 0)


def _questions(entries: Sequence[Entry]) -> list[Choice]:
    return [question_choice(entry) for entry in entries]


def _show(turn: Turn, screen: str, text: str, choices: Sequence[Choice]) -> None:
    turn.result.journey, turn.result.outcome = "menu", "answer"
    visit(turn, screen)
    turn.say(text, *choices, replaces=True)


@routes.action("hot")
async def hot(turn: Turn) -> None:
    """Show the questions asked most."""
    snapshot = turn.heard.snapshot
    entries = [snapshot.entries[slug] for slug in snapshot.content.lexicon.hot if slug in snapshot.entries]
    _, page = split_page(f"hot:{turn.argument or 0}")
    _show(turn, "hot", texts.HOT, paged(_questions(entries), page, "hot"))


@routes.action("guide")
async def stages(turn: Turn) -> None:
    """Show the stages, or the topics of one."""
    stage, page = split_page(turn.argument)
    if stage not in texts.STAGE_LABELS:
        _show(turn, "guide", texts.GUIDE, [*texts.STAGE_CHOICES, texts.BACK_CHOICE])
        return
    topics = Counter(e.topic for e in turn.heard.snapshot.entries.values() if e.stage in _TOGETHER.get(stage, (stage,)))
    options = [texts.WORK_CHOICE] if stage == _WORK else []
    options += [Choice(topic, f"topic:{topic}") for topic, _ in topics.most_common()]
    _show(
        turn,
        f"guide:{stage}",
        texts.TOPICS.format(stage=texts.STAGE_LABELS[stage]),
        paged(options, page, f"guide:{stage}"),
    )


@routes.action("topic")
async def topic(turn: Turn) -> None:
    """Show the questions of a topic, the hot ones first."""
    name, page = split_page(turn.argument)
    snapshot = turn.heard.snapshot
    hot_slugs = snapshot.content.lexicon.hot
    entries = [e for e in snapshot.entries.values() if e.topic == name]
    entries.sort(key=lambda e: hot_slugs.index(e.slug) if e.slug in hot_slugs else len(hot_slugs))
    _show(turn, f"topic:{name}", texts.QUESTIONS.format(topic=name), paged(_questions(entries), page, f"topic:{name}"))
