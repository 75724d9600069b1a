"""What is said to a person, before any channel has drawn it."""

from dataclasses import dataclass
from enum import IntEnum


class Lane(IntEnum):
    """Which queue a message waits in; a lower lane is always delivered first."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A button or number: what it says and the action it stands for (at most 64 bytes, Telegram's callback limit)."""

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: text in plain Chinese, the choices under it, and whether it takes the pressed message's place."""

    text: str
    choices: tuple[Choice, ...] = ()
    replaces: bool = False
