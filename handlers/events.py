"""What is not words: pictures, voice, places, a block or an unblock, a group."""

from core.router import Router
from handlers import texts
from handlers.turn import Turn, fill
from knowledge.heard import Heard
from services import people

routes: Router[Heard] = Router()


@routes.event("blocked")
async def blocked(turn: Turn) -> None:
    """Note that the person cannot be written to any more."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    await people.set_reachable(turn.db, turn.inbound.channel, turn.inbound.sender, reachable=False)


@routes.event("unblocked")
async def unblocked(turn: Turn) -> None:
    """Note that the person can be written to again."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    await people.set_reachable(turn.db, turn.inbound.channel, turn.inbound.sender, reachable=True)


@routes.event("group")
async def group(turn: Turn) -> None:
    """Decline to speak of personal matters in a group."""
    turn.result.journey, turn.result.outcome = "menu", "refuse"
    turn.say(texts.GROUP)


@routes.event()
async def media(turn: Turn) -> None:
    """Say honestly that this cannot be understood yet, and offer a person."""
    turn.result.journey, turn.result.outcome = "menu", "refuse"
    text = texts.MEDIA.get(turn.inbound.text, texts.MEDIA["other"])
    turn.say(fill(turn, text), texts.PERSON_CHOICE, texts.START_CHOICE)
