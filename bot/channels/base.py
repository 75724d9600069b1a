"""What the delivery worker needs of a channel, and the ways a delivery can fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One outbox row as a channel gets it; `replaces` is the channel's own id of a message to edit instead."""

    recipient: str
    text: str
    choices: tuple[Mapping[str, Any], ...]
    """{"label", "action", "digit"} each"""
    replaces: str | None = None


class Channel(Protocol):
    """A way to send to people; receiving is each channel's own affair."""

    name: str

    async def send(self, message: Message) -> str | None:
        """Send, and return the channel's id of the message.

        Raises:
            PauseChannelError, UnavailableError, UnreachableError, RejectedError: see each.
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


class UnreachableError(DeliveryError):
    """The person blocked us or left: do not try again."""


class RejectedError(DeliveryError):
    """The platform will never take this message: staff must see it."""
