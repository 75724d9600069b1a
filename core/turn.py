"""What arrives from a channel, and what a handler gets to answer it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice, Document, Reply

Heard = TypeVar("Heard")
Kind = Literal["text", "action", "event"]
Outcome = Literal["answer", "pick", "none", "refuse"]


MediaKind = Literal["photo", "voice", "video", "document"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with an inbound: still to be fetched by the channel's `file_ref`, or stored under its hash."""

    kind: MediaKind
    name: str
    file_ref: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    size: int | None = None
    """Bytes."""
    refused: str | None = None
    """Why it was not accepted, as a sentence for the sender."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The case of whoever writes, while it is not closed."""

    id: int
    code: str
    owner: int | None
    """The person of staff who has it; None while the bot still answers."""
    crisis: bool


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that happened in a channel: words, a pressed choice, or an event such as "photo"."""

    channel: str
    event_id: str
    sender: str
    kind: Kind
    text: str
    """The words, the action, or the event's name."""
    pressed: str | None = None
    """The channel's id of the message whose button was pressed."""
    recipient: str | None = None
    """Where replies go when that is not the sender."""
    message_id: str | None = None
    """The channel's id of what was written, by which a later edit names it."""
    media: tuple[Media, ...] = ()
    album: str | None = None
    """What the pictures of one album have in common: only the first is answered."""
    place: Mapping[str, float] | None = None
    """{"latitude", "longitude"} in degrees, of a sent location."""


@dataclass(slots=True)
class Result:
    """How a turn ended, in the words that others measure with."""

    journey: str = "none"
    outcome: Outcome = "none"
    entry: str | None = None
    score: float | None = None
    facts: list[str] = field(default_factory=list)
    near: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Turn(Generic[Heard]):
    """One inbound, what was understood of it, the conversation so far, and what is decided."""

    db: AsyncSession
    now: datetime
    inbound: Inbound
    heard: Heard
    address_id: int
    case: OpenCase | None = None
    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    menu: tuple[Choice, ...] = ()
    argument: str = ""
    """What stands behind the colon of the action that was chosen."""
    kept: str | None = None
    """What the transcript keeps in place of the words, where those identify somebody."""
    replies: list[Reply] = field(default_factory=list)
    result: Result = field(default_factory=Result)

    def say(
        self,
        text: str,
        *choices: Choice,
        replaces: bool = False,
        document: Document | None = None,
        qr: str | None = None,
    ) -> None:
        """Answer with text; the choices of the last message that has any become the menu for digits."""
        self.replies.append(Reply(text, choices, replaces, document, qr))
        if choices:
            self.menu = choices

    def go(self, state: str, **data: Any) -> None:
        """Stay in a flow: remember the step and what was said in it."""
        self.state = state
        self.data |= data

    def finish(self) -> None:
        """Leave the flow."""
        self.state = None
