"""Small talk, and matters of other offices."""

from core.router import Router
from handlers import texts
from handlers.start import MAIN_MENU
from handlers.turn import Turn
from knowledge.heard import Heard

routes: Router[Heard] = Router()


@routes.text(lambda turn: turn.heard.journey == "smalltalk")
async def chat(turn: Turn) -> None:
    """Answer small talk with its sentence."""
    small = turn.heard.small
    assert small is not None
    turn.result.journey, turn.result.outcome = "smalltalk", "answer"
    turn.result.entry, turn.result.score = small.slug, turn.heard.score
    turn.say(small.reply or texts.WELCOME, texts.START_CHOICE)


@routes.text(lambda turn: turn.heard.journey == "none" and turn.heard.small is not None)
async def other_office(turn: Turn) -> None:
    """Say whose matter it is, when it is not ours."""
    small = turn.heard.small
    assert small is not None
    turn.result.journey, turn.result.outcome, turn.result.score = "none", "refuse", turn.heard.score
    text = texts.OTHER_OFFICE.format(office=small.office) if small.office else texts.NOT_OURS
    turn.say(text, *MAIN_MENU)
