"""What work somebody wants, and what a post offers: the two sides that are compared, apart from any database."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from json import dumps
from typing import Any, Literal

Shift = Literal["", "no_night", "day", "night", "rotating", "flexible"]
Form = Literal["", "full", "part", "temporary"]


@dataclass(frozen=True, slots=True)
class Wish:
    """Criteria; every empty one means that it does not matter."""

    cities: tuple[str, ...] = ()
    """Counties or cities in short names, such as 如东."""
    townships: tuple[int, ...] = ()
    """Ids of the townships of the bureau's own place; the ones next to them count as near."""
    kinds: tuple[str, ...] = ()
    """Kinds of work, names of knowledge/data/jobs.yaml: one of them."""
    not_kinds: tuple[str, ...] = ()
    pay_from: int | None = None
    """Yuan a month that a post must be able to reach."""
    shift: Shift = ""
    form: Form = ""
    birth_year: int | None = None
    """Of the person, for the age limits of posts."""
    perks: tuple[str, ...] = ()
    """What they would like beside, such as 包住: it orders, and leaves nothing out."""
    words: str = ""
    """Other words of the wish, compared with a post's title and text: they order, too."""

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back; empty criteria are left out."""
        return {name: value for name, value in asdict(self).items() if value not in ((), "", None)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Wish":
        """Read what `to_json` returned."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in kept.items() if k in known}
        return cls(**values)

    @property
    def key(self) -> str:
        """Return one text for equal wishes, whatever order their parts were said in."""
        kept = {k: sorted(v) if isinstance(v, tuple) else v for k, v in self.to_json().items()}
        return dumps(kept, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Post:
    """What of a post is compared and shown in one line; the rest stays in its row."""

    id: int
    group: int
    """The post that it counts as the same with: its own id when it stands alone."""
    title: str
    employer: str
    employer_id: int
    verified: bool
    kind: str
    city: str
    township: int | None
    pay_from: int | None
    pay_to: int | None
    form: str
    shift: str | None
    age_from: int | None
    age_to: int | None
    veterans: bool
    """Some of its places are kept for veterans."""
    closes_on: date
    about: str
    event: int | None = None
    """The fair that it is offered at."""
