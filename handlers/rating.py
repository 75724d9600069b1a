"""How satisfied somebody was: one digit, and one sentence for whoever likes."""

from core.reply import Choice
from core.router import Router
from db.cases import SupportCase
from handlers import texts
from handlers.turn import Turn
from knowledge.heard import Heard
from services import satisfaction

routes: Router[Heard] = Router()

_RATED = "rated"
_WHILE = 30 * 60
"""Seconds after the mark in which words belong to it; later ones are a new question."""


def choices(case: SupportCase) -> tuple[Choice, ...]:
    """Return the five marks; the digit before each is its mark."""
    return tuple(Choice(texts.RATINGS[mark], f"rate:{case.id}.{mark}") for mark in range(1, 6))


@routes.action("rate")
async def rate(turn: Turn) -> None:
    """Keep the mark, and ask for a sentence."""
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    case_id, _, mark = turn.argument.partition(".")
    numbers = case_id.isdecimal() and mark in map(str, texts.RATINGS)
    if not numbers or not await satisfaction.rate(turn.db, int(case_id), turn.address_id, int(mark), turn.now):
        turn.say(texts.RATE_STALE, texts.START_CHOICE)
        return
    turn.go(_RATED, rated=int(case_id), rated_at=turn.now.timestamp())
    turn.say(texts.RATED, texts.NO_COMMENT_CHOICE)


def _still_asked(turn: Turn) -> bool:
    return turn.state == _RATED and turn.now.timestamp() - turn.data["rated_at"] < _WHILE


@routes.text(lambda turn: _still_asked(turn) and (turn.heard.journey, turn.heard.outcome) != ("faq", "answer"))
async def comment(turn: Turn) -> None:
    """Keep the sentence; a question that we know the answer to is answered instead."""
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    turn.finish()
    await satisfaction.comment(turn.db, turn.data.pop("rated"), turn.address_id, turn.inbound.text)
    turn.say(texts.COMMENTED, texts.START_CHOICE)
