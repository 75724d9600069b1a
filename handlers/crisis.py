"""A person in danger: the right numbers in the first lines, in every state and before anything else."""

from core.router import Router
from db.cases import SupportCase
from handlers import texts
from handlers.handoff import open_for_danger
from handlers.turn import Turn, fill
from knowledge.heard import Heard

routes: Router[Heard] = Router()


def _staff_are_there(case: SupportCase, kind: str, turn: Turn) -> bool:
    """Tell whether somebody of staff is with this very danger; a second one has numbers of its own."""
    return case.claimed_until is not None and case.claimed_until > turn.now and case.category == kind


@routes.text(lambda turn: turn.heard.crisis is not None)
async def help_now(turn: Turn) -> None:
    """Show the numbers for this kind of danger, and call staff."""
    kind = turn.heard.crisis
    assert kind is not None
    turn.result.journey, turn.result.outcome, turn.result.entry = "crisis", "answer", kind
    known = turn.case is not None and turn.case.crisis
    case = await open_for_danger(turn, kind)
    attended, case.category = _staff_are_there(case, kind, turn), kind
    if known:
        if not attended:
            turn.say(texts.CRISIS_AGAIN[kind])
        return
    phone = fill(turn, texts.CRISIS_PHONE) + "\n" + texts.CRISIS_TOLD.format(code=case.code)
    turn.say(
        fill(turn, texts.CRISIS[kind], crisis_phone=phone),
        texts.PROGRESS_CHOICE,
        texts.START_CHOICE,
        texts.PERSON_CHOICE,
    )
