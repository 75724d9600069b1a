"""A person in danger: the right numbers in the first lines, in every state and before anything else."""

from core.router import Router
from handlers import texts
from handlers.handoff import open_for_danger
from handlers.turn import Turn, fill
from knowledge.heard import Heard

routes: Router[Heard] = Router()


def _staff_are_there(turn: Turn) -> bool:
    return turn.case is not None and turn.case.crisis and turn.case.owner is not None


@routes.text(lambda turn: turn.heard.crisis is not None and not _staff_are_there(turn))
async def help_now(turn: Turn) -> None:
    """Show the numbers for this kind of danger, and call staff."""
    kind = turn.heard.crisis
    assert kind is not None
    turn.result.journey, turn.result.outcome, turn.result.entry = "crisis", "answer", kind
    known = turn.case is not None and turn.case.crisis
    case = await open_for_danger(turn, kind)
    if known:
        turn.say(texts.CRISIS_AGAIN[kind])
        return
    phone = fill(turn, texts.CRISIS_PHONE) + "\n" + texts.CRISIS_TOLD.format(code=case.code)
    turn.say(
        fill(turn, texts.CRISIS[kind], crisis_phone=phone),
        texts.PROGRESS_CHOICE,
        texts.START_CHOICE,
        texts.PERSON_CHOICE,
    )
