"""Words of another matter in the middle of asking for a visit at home: answered, and then on from where it was."""

import re

from core.router import Router
from core.turn import Result
from handlers.turn import Turn
from knowledge.heard import Heard

_ASKS = re.compile(r"[吗么呢?？]|什么|啥|怎么|咋|哪|几点|几时|多久|多少|谁|能不能|可不可以|要不要|有没有|为何")
_SILENT = "none"
"""The journey of a turn for which nobody had an answer."""


def asks(turn: Turn) -> bool:
    """Tell a question from a statement."""
    return bool(_ASKS.search(turn.heard.text))


def means_more(turn: Turn) -> bool:
    """Tell whether words are known to mean something of their own."""
    return bool(turn.heard.answers) or turn.heard.journey not in ("faq", _SILENT)


async def answered(turn: Turn, whole: Router[Heard]) -> bool:
    """Let the other journeys answer; False, with nothing said or changed, when none of them knows the words.

    Who answers may not be the case that is waiting: what is asked for here is sealed, and would stand open in it.
    """
    asked_in, data, menu, case = turn.state, dict(turn.data), turn.menu, turn.case
    turn.case = None
    turn.finish()
    await whole.route(turn)
    turn.case = case
    guessed = turn.result.outcome == "pick" and not asks(turn)
    if turn.result.journey == _SILENT or guessed:
        turn.replies.clear()
        turn.state, turn.data, turn.menu, turn.result = asked_in, data, menu, Result()
        return False
    if turn.state is None:
        turn.state = asked_in
    trail = turn.data.get("trail", [])
    if trail and trail == data.get("trail"):  # a screen that 返回 does not know: it goes back to what was asked
        turn.data["trail"] = [*trail, trail[-1]]
    return True
