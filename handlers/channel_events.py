"""What is not words: pictures, voice, places, a block or an unblock, a group."""

from core.router import Router
from core.turn import OpenCase
from handlers import handoff, texts
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


def _is_voice(turn: Turn) -> bool:
    return any(media.kind == "voice" and not media.refused for media in turn.inbound.media)


@routes.text(lambda turn: turn.case is None and _is_voice(turn))
async def voice_with_words(turn: Turn) -> None:
    """Have a person listen, whatever is written under the voice message."""
    await handoff.open_for_voice(turn)


@routes.event()
async def media(turn: Turn) -> None:
    """Put it into the case, have a person listen, or say honestly that it cannot be understood."""
    turn.result.journey, turn.result.outcome = "menu", "refuse"
    files = turn.inbound.media
    if files and all(file.refused for file in files):
        return  # the turn says why
    if turn.inbound.album is not None and turn.inbound.album == turn.data.get("album"):
        return  # its first picture was answered
    if turn.case is not None:
        await _in_case(turn, turn.case)
    elif turn.inbound.text == "voice":
        await handoff.open_for_voice(turn)
    else:
        text = texts.MEDIA.get(turn.inbound.text, texts.MEDIA["other"])
        turn.say(fill(turn, text), texts.PERSON_CHOICE, texts.START_CHOICE)


async def _in_case(turn: Turn, case: OpenCase) -> None:
    if not turn.inbound.media and not turn.inbound.place:
        if turn.inbound.text != "sticker":
            turn.say(texts.OTHER_IN_CASE)
        elif case.owner is None:
            turn.say(texts.MEDIA["sticker"])
        return
    turn.result.journey, turn.result.outcome = "handoff", "answer"
    if case.owner is None:
        turn.say(texts.MEDIA_NOTED.format(code=case.code))
    await handoff.tell_closed_hours(turn)
