"""The turn as handlers see it, and the screens a person can go back to."""

from core.turn import Turn as CoreTurn
from knowledge.heard import Heard

Turn = CoreTurn[Heard]

_LONGEST_TRAIL = 8
CLARIFYING = 2
"""Questions back in a row: people in trials felt stuck when asked again and again (VA chatbot test, 2025)."""


def visit(turn: Turn, screen: str) -> None:
    """Remember the action that shows the present screen, for 返回."""
    trail = [s for s in turn.data.get("trail", []) if s != screen]
    turn.data["trail"] = [*trail, screen][-_LONGEST_TRAIL:]


def fill(turn: Turn, text: str, **values: object) -> str:
    """Put the bureau's name, telephone, address and hours, and other values, into a text."""
    return text.format(**(turn.heard.snapshot.profile.variables() | values))


def clarify(turn: Turn) -> bool:
    """Count a question back to the person; False when two were asked already and a third would be one too many."""
    asked: int = turn.data.get("missed", 0)
    turn.data["missed"] = asked + 1
    if asked < CLARIFYING:
        return True
    del turn.data["missed"]
    return False
