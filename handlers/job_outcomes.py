"""What people answer when they are asked, after 7 and 30 days, what came of a post they wanted: one digit."""

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from handlers import referral_plan, texts
from handlers.anytime import stale
from handlers.job_hearing import note, row_number
from handlers.turn import Turn
from knowledge.heard import Heard

SEEK_CHOICE = Choice("看看别的岗位", "job-seek")
_LOOKS_ON = (3, 4, 6)
"""The answers of those who may want another post."""

routes: Router[Heard] = Router()


@routes.action(referral_plan.ANSWER)
async def answered(turn: Turn) -> None:
    """Keep the answer, and offer what may be wanted next."""
    number, _, digit = turn.argument.partition(":")
    referral_id, answer = row_number(number), row_number(digit)
    if referral_id is None or answer is None:
        await stale(turn)
        return
    note(turn)
    turn.finish()
    try:
        said = await referral_plan.answered(turn.db, referral_id, turn.address_id, answer, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.START_CHOICE)
        return
    look = [SEEK_CHOICE] if answer in _LOOKS_ON else []
    turn.say(said, *look, texts.PERSON_CHOICE, texts.START_CHOICE)
