"""How the words about notices are answered, also in the middle of a talk with staff."""

from core.reply import Choice
from handlers.turn import Turn


def note(turn: Turn) -> None:
    """Record the turn as one about reminders."""
    turn.result.journey, turn.result.outcome = "reminders", "answer"


def say_done(turn: Turn, text: str, *choices: Choice) -> None:
    """Say that it is done, with what could be wanted next.

    While staff have the case nothing is offered: a digit meant for them must not stop or start anything.
    """
    note(turn)
    if turn.case is not None and turn.case.owner is not None:
        turn.menu, choices = (), ()
    turn.say(text, *choices)
