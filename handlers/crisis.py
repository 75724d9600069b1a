"""A person in danger: the right numbers in the first lines, in every state and before anything else."""

from core.router import Router
from handlers import texts
from handlers.turn import Turn, fill
from knowledge.heard import Heard

routes: Router[Heard] = Router()


@routes.text(lambda turn: turn.heard.crisis is not None)
async def help_now(turn: Turn) -> None:
    """Show the numbers for this kind of danger."""
    kind = turn.heard.crisis
    assert kind is not None
    turn.result.journey, turn.result.outcome, turn.result.entry = "crisis", "answer", kind
    turn.finish()
    turn.data.pop("missed", None)
    phone = fill(turn, texts.CRISIS_PHONE)
    turn.say(fill(turn, texts.CRISIS[kind], crisis_phone=phone), texts.PERSON_CHOICE)
