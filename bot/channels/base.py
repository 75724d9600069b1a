"""What the delivery worker needs of a channel, and the ways a delivery can fail."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from core.reply import Document, Lane


@dataclass(frozen=True, slots=True)
class File:
    """A stored file that goes with a message."""

    path: Path
    kind: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """One outbox row as a channel gets it; `replaces` is the channel's own id of a message to edit instead."""

    recipient: str
    text: str
    choices: tuple[Mapping[str, Any], ...]
    """{"label", "action", "digit"} each"""
    replaces: str | None = None
    file: File | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    """The whole row, for the channel named "staff"."""
    lane: Lane = Lane.REPLY
    """A pace lets answers go first."""
    document: Document | None = None
    """What was made to go with the words; there is never a stored file beside it."""


class Channel(Protocol):
    """A way to send to people; receiving is each channel's own affair."""

    name: str
    takes_files: bool
    """Whether it shows a document that was made to go with the words; where not, a line with a link stands below them."""

    async def send(self, message: Message) -> str | None:
        """Send, and return the channel's id of the message.

        Raises:
            PauseChannelError, UnavailableError, UnreachableError, RejectedError: see each.
        """


class Source(Protocol):
    """A channel whose files have to be fetched after the message that named them."""

    def fetch(self, file_ref: str) -> AsyncIterator[bytes]:
        """Give a file's bytes as they come.

        Raises:
            PauseChannelError, UnavailableError: try again; RejectedError: it cannot be had, being "large" or "lost".
        """


class DeliveryError(Exception):
    """A message did not go out."""


class PauseChannelError(DeliveryError):
    """The channel asks for silence: nothing may be sent for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"pause of {seconds} s asked")
        self.seconds = seconds


class UnavailableError(DeliveryError):
    """Network trouble or a fault of the platform: try again later."""


class NotYetError(DeliveryError):
    """What belongs to the message is not there yet: ask again in `seconds`, which is no try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not there yet, again in {seconds} s")
        self.seconds = seconds


class UnreachableError(DeliveryError):
    """The person blocked us or left: do not try again."""


class RejectedError(DeliveryError):
    """The platform will never take this message: staff must see it."""
