"""How a message will look to people: as a Telegram bubble, on our web page, and as plain words with digits."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.menu import numbered
from core.reply import Choice


@dataclass(frozen=True, slots=True)
class Look:
    """One message drawn for one kind of screen."""

    kind: str
    label: str
    text: str
    buttons: tuple[str, ...] = ()


def looks(text: str, choices: Sequence[Choice] = ()) -> list[Look]:
    """Return the message as each channel shows it; where there are no buttons, the digits stand in the words."""
    labels = tuple(f"{digit} {choice.label}" for digit, choice in numbered(choices))
    return [
        Look("telegram", "Telegram", text, labels),
        Look("web", "网页聊天", text, labels),
        Look("text", "纯文字（微信等）", "\n".join([text, *labels])),
    ]
