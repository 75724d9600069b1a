"""Words about work: what one looks for in one sentence, the answer to a step, and what narrows the list just shown."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers import job_list, job_rhythm, job_steps, job_subscribe
from handlers.job_draft import Draft
from handlers.job_hearing import answers_step, understood
from handlers.turn import Turn
from knowledge.job_parse import Understood
from knowledge.job_wish import Wish
from services.job_board import Shelf

MISSED = "没看明白，请再说一次，或者回复数字选，回复 0 找人工。"
_MISSED = "job_missed"
Show = Callable[[Turn], Awaitable[None]]


async def wished(shelf: Shelf, menu: Show, turn: Turn) -> None:
    """Search for what was said, or, where it is to be told later, show it to be confirmed."""
    heard = await understood(turn, turn.inbound.text)
    rhythm, words = job_rhythm.said_beside(turn.inbound.text)
    unparsed = tuple(part for part in heard.unparsed if part not in words)
    draft = Draft(wish=heard.wish, unparsed=unparsed, then="confirm" if heard.subscribes else "results")
    if rhythm is not None:
        draft = replace(draft, cadence=rhythm[0], hour=rhythm[1], weekday=rhythm[2])
    turn.data.pop(_MISSED, None)
    if heard.unknown_place is not None:
        draft.keep(turn)
        await job_steps.ask_which(turn, heard.unknown_place, heard.near_names)
    elif not (narrows(heard.wish) or heard.wish.words):
        await _begin(turn, draft, menu)
    elif heard.subscribes:
        draft.keep(turn)
        await job_subscribe.check(turn)
    else:
        await job_list.show(shelf, turn, draft)


async def _begin(turn: Turn, draft: Draft, menu: Show) -> None:
    """Ask step by step whoever said nothing yet of what they look for."""
    if draft.then == "confirm":
        replace(draft, then="walk", unparsed=()).keep(turn)
        await job_steps.ask(turn, "kinds")
    else:
        await menu(turn)


async def narrowed(shelf: Shelf, turn: Turn) -> bool:
    """Lay what was said over the search just shown; False when the words are about something else."""
    step = job_steps.dropped(turn.inbound.text)
    if step is not None:
        await job_list.show(shelf, turn, replace(job_steps.without(Draft.of(turn), step), then="results"))
        return True
    heard = await understood(turn, turn.inbound.text)
    if not narrows(heard.wish) or (heard.unparsed and not answers_step(turn)):
        return False
    draft = replace(Draft.of(turn).heard(heard.wish, heard.unparsed), then="results")
    await job_list.show(shelf, turn, draft)
    return True


async def step_said(shelf: Shelf, step: str, turn: Turn) -> bool:
    """Take words as the answer to a step; False when they are about something else, or none twice in a row."""
    draft = Draft.of(turn)
    answered = await _answered(turn, draft, step)
    if not answers_step(turn) and (isinstance(answered, Understood) or answered.unparsed):
        return False
    if isinstance(answered, Draft):
        turn.data.pop(_MISSED, None)
        await job_subscribe.go_on(shelf, turn, answered, step)
    elif answered.unknown_place is not None:
        await job_steps.ask_which(turn, answered.unknown_place, answered.near_names)
    elif turn.data.pop(_MISSED, False):
        turn.finish()
        return False
    else:
        await job_steps.ask(turn, step, before=MISSED)
        turn.data[_MISSED] = True
    return True


async def _answered(turn: Turn, draft: Draft, step: str) -> Draft | Understood:
    text = turn.inbound.text
    if step == "often":
        rhythm = job_rhythm.said(text)
        return replace(draft, cadence=rhythm[0], hour=rhythm[1], weekday=rhythm[2]) if rhythm else Understood(Wish())
    if job_steps.says_any(text):
        return job_steps.without(draft, step)
    heard = await understood(turn, text)
    return draft.heard(heard.wish, heard.unparsed) if narrows(heard.wish) else heard


def narrows(wish: Wish) -> bool:
    """Tell whether a wish leaves any post out, or prefers some."""
    return replace(wish, words="") != Wish()
