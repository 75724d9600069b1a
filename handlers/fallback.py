"""When nothing fits: say so, ask once more, then point to a person; never a third time."""

from core.router import Router
from core.text import has_words
from handlers import texts
from handlers.anytime import stale
from handlers.start import MAIN_MENU
from handlers.turn import CLARIFYING, Turn, clarify, fill
from knowledge.heard import Heard
from knowledge.index import LONGEST

routes: Router[Heard] = Router()


@routes.text(lambda turn: not has_words(turn.heard.text))
async def no_words(turn: Turn) -> None:
    """Ask for words when only signs or pictures came."""
    turn.say(texts.NO_WORDS, *MAIN_MENU)


@routes.text(lambda turn: len(turn.heard.text) > LONGEST)
async def too_long(turn: Turn) -> None:
    """Ask for a sentence or two."""
    turn.say(texts.TOO_LONG, texts.PERSON_CHOICE)


@routes.action("none")
async def none_of_these(turn: Turn) -> None:
    """Ask for other words when no near miss was meant."""
    _ask_again(turn)


@routes.text()
async def no_answer(turn: Turn) -> None:
    """Say that we do not know; when the words were already asked for once, how to reach a person."""
    turn.result.score = turn.heard.score
    turn.data["question"] = turn.heard.text
    if turn.data.get("missed"):
        turn.data["missed"] = CLARIFYING
    _ask_again(turn)


def _ask_again(turn: Turn) -> None:
    if clarify(turn):
        turn.say(texts.NO_ANSWER, *MAIN_MENU)
        return
    person = fill(turn, texts.PERSON_WAYS)
    turn.say(texts.NO_ANSWER_AGAIN.format(person=person), texts.PERSON_CHOICE, texts.START_CHOICE)


routes.action()(stale)
