"""The first screen."""

from core.router import Router
from handlers import texts
from handlers.turn import Turn, visit
from knowledge.heard import Heard

routes: Router[Heard] = Router()

MAIN_MENU = (texts.HOT_CHOICE, texts.GOODS_CHOICE, texts.MINE_CHOICE, *texts.STAGE_CHOICES)
"""Every question is at most three choices away: stage, topic, question."""


def show_start(turn: Turn, text: str = texts.WELCOME) -> None:
    """Say something with the main menu under it."""
    turn.say(text, *MAIN_MENU)


@routes.action("start")
async def start(turn: Turn) -> None:
    """Greet, and show what can be done."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    turn.finish()
    visit(turn, "start")
    show_start(turn)
