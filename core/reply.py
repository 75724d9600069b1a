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
class Document:
    """A small file of text that goes with a message, as a calendar entry does."""

    name: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: text in plain Chinese, the choices under it, and whether it takes the pressed message's place."""

    text: str
    choices: tuple[Choice, ...] = ()
    replaces: bool = False
    document: Document | None = None
    qr: str | None = None
    """What a QR code under the text says, on channels that can draw one; the text says it in words too."""
