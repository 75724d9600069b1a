"""Asking for a person: until cases are built, an honest word about how to reach one."""

from core.menu import PERSON
from core.router import Router
from handlers import texts
from handlers.turn import Turn, fill
from knowledge.heard import Heard

routes: Router[Heard] = Router()


@routes.action(PERSON)
@routes.text(lambda turn: turn.heard.journey == "handoff")
async def reach_a_person(turn: Turn) -> None:
    """Tell telephone, hours and address."""
    turn.result.journey, turn.result.outcome, turn.result.score = "handoff", "answer", turn.heard.score
    turn.finish()
    turn.data.pop("missed", None)
    turn.say(fill(turn, texts.HANDOFF + texts.HANDOFF_URGENT), texts.START_CHOICE, texts.BACK_CHOICE)
