"""What is being put together in the chat: a wish, how often to tell of it, and what comes when a step is answered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from handlers.turn import Turn
from knowledge.job_wish import Wish

_KEPT = "job"
"""Where the conversation keeps it."""
STEPS = ("kinds", "place", "pay", "shift", "often")
Then = Literal["results", "walk", "confirm"]
"""results: show posts; walk: ask the next step, and subscribe after the last; confirm: show it all once more."""
EIGHT = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said so far."""

    wish: Wish = field(default_factory=Wish)
    unparsed: tuple[str, ...] = ()
    """Pieces of the last words that were not understood."""
    then: Then = "results"
    cadence: str = "daily"
    hour: int = EIGHT
    weekday: int | None = None
    changes: int | None = None
    """The subscription that is being changed; None for a new one."""

    @classmethod
    def of(cls, turn: Turn) -> "Draft":
        """Return what the conversation keeps, an empty one where it keeps none."""
        kept: dict[str, Any] = dict(turn.data.get(_KEPT, {}))
        wish, unparsed = Wish.from_json(kept.pop("wish", {})), tuple(kept.pop("unparsed", ()))
        return cls(wish, unparsed, **kept)

    def keep(self, turn: Turn) -> "Draft":
        """Let the conversation keep it."""
        turn.data[_KEPT] = asdict(self) | {"wish": self.wish.to_json(), "unparsed": list(self.unparsed)}
        return self

    def with_wish(self, **criteria: Any) -> "Draft":
        """Return it with some criteria of the wish replaced; what was not understood before is settled by that."""
        return replace(self, wish=replace(self.wish, **criteria), unparsed=())

    def heard(self, wish: Wish, unparsed: Sequence[str]) -> "Draft":
        """Return it with what other words said laid over it: what they are silent of stays."""
        return replace(self, wish=laid_over(self.wish, wish), unparsed=tuple(unparsed))


def laid_over(wish: Wish, other: Wish) -> Wish:
    """Return a wish with every criterion that the other one has."""
    said = {name: getattr(other, name) for name in other.to_json()}
    if "cities" in said or "townships" in said:
        said = {"cities": other.cities, "townships": other.townships} | said
    if "kinds" in said or "not_kinds" in said:
        kinds = other.kinds or tuple(kind for kind in wish.kinds if kind not in other.not_kinds)
        said |= {"kinds": kinds, "not_kinds": other.not_kinds}
    return replace(wish, **said)


def has_draft(turn: Turn) -> bool:
    """Tell whether the conversation keeps one."""
    return _KEPT in turn.data
