"""What was understood of one text: the journey, the entries, and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.turn import Outcome
from knowledge.entry import AskFirst, Entry, Small
from knowledge.follow import Field
from knowledge.match import Hit
from knowledge.place import Place

if TYPE_CHECKING:
    from knowledge.index import Snapshot

Journey = Literal["faq", "goods", "handoff", "crisis", "smalltalk", "jobs", "reminders", "booking", "none"]
Crisis = Literal["self_harm", "violence", "medical"]


@dataclass(frozen=True, slots=True)
class Context:
    """What was said before, for words that lean on it."""

    entry: str | None = None
    question: str = ""

    @classmethod
    def remembered(cls, data: Mapping[str, Any]) -> "Context":
        """Read it from a conversation's data."""
        return cls(data.get("entry"), data.get("question", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry to be answered with; `place` is set when the entry is another place's example."""

    entry: Entry
    score: float
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The understanding of a text by one snapshot; deciding what to say is the handlers' work."""

    snapshot: "Snapshot"
    text: str = ""
    journey: Journey = "none"
    outcome: Outcome = "none"
    answers: tuple[Answer, ...] = ()
    near: tuple[Entry, ...] = ()
    score: float | None = None
    """Probability, 0 to 1, that the first answer is the right one."""
    crisis: Crisis | None = None
    small: Small | None = None
    part: Field | None = None
    """Which part of the last answer a follow-up asks for."""
    ask: AskFirst | None = None
    """What has to be asked before one of `near` can answer."""
    place: Place | None = None
    hits: tuple[Hit, ...] = ()
