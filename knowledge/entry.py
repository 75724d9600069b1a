"""What the knowledge base is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

STAGES = ("入伍", "服役", "退役", "就业", "优待")
"""The five stages of a soldier's life that the bureau's service items are ordered by."""

NATIONWIDE = "全国"

PHRASING_KINDS = ("formal", "colloquial", "keyword", "wrong_term", "third_person", "rambling")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from; `url` only when the address is official."""

    title: str | None
    number: str | None = None
    article: str | None = None
    effective_from: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One atomic policy fact in our own words."""

    id: str
    topic: str
    text: str
    source: Source
    scope: str
    confidence: str
    current: bool = True

    @property
    def usable(self) -> bool:
        """Tell whether an answer may state it: outdated and self-media facts may not be stated."""
        return self.current and self.confidence in ("high", "medium")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question people have, the ways they ask it, and the answer returned verbatim."""

    slug: str
    stage: str
    topic: str
    question: str
    phrasings: Mapping[str, tuple[str, ...]]
    answer: str
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    scope: str
    who: tuple[str, ...]
    reviewed_on: date
    bring: tuple[str, ...] = ()
    where: str | None = None
    how_long: str | None = None
    note: str | None = None
    general: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    related: tuple[str, ...] = ()

    def asked_as(self) -> list[str]:
        """Return every way of asking, the title first."""
        return [self.question, *(p for kind in PHRASING_KINDS for p in self.phrasings.get(kind, ()))]

    def valid_on(self, day: date) -> bool:
        """Tell whether the answer may be given on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Offer:
    """One preferential good or service of the catalogue (优待目录)."""

    code: str
    name: str
    category: str
    offer: str
    who: str
    place: str
    address: str | None
    batch: str | None
    valid_from: date | None
    valid_to: date | None
    checked_on: date | None
    source: str | None
    note: str | None = None
    sample: bool = False

    def valid_on(self, day: date) -> bool:
        """Tell whether the offer runs on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Small:
    """Something people say that is no question of ours: small talk, or another office's matter."""

    slug: str
    phrasings: tuple[str, ...]
    reply: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one thing is spoken of: whole phrasings, and cues, short pieces that point to it by themselves."""

    phrasings: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskFirst:
    """A question back to the person: words that fit several entries, and what tells these apart."""

    slug: str
    cues: tuple[str, ...]
    told: tuple[str, ...]
    """Cues that what is asked for was said already, or that something else is meant."""
    ask: str
    choices: Mapping[str, str]
    """What can be chosen, with the slug of the entry that then answers."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words, and all that a person can say that is not a policy question."""

    words: Mapping[str, str]
    places: Mapping[str, str]
    categories: Mapping[str, tuple[str, ...]]
    """Categories of the catalogue with the words people use for them."""
    journeys: Mapping[str, Spoken]
    smalltalk: tuple[Small, ...]
    elsewhere: tuple[Small, ...]
    crisis: Mapping[str, Spoken]
    not_crisis: tuple[str, ...]
    ask_first: tuple[AskFirst, ...] = ()
    hot: tuple[str, ...] = ()
    """Slugs of the questions asked most, the first shown first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The bureau as answers name it; a field left empty is worded around."""

    name: str = "退役军人事务局"
    region: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    hotline: str = ""
    staff_shown_as: str = "number"
    """How people of staff are called towards those we serve: "number" (工作人员3号) or "name"."""

    def variables(self) -> dict[str, str]:
        """Return what {bureau}, {phone}, {address} and {hours} stand for in answers."""
        return {
            "bureau": self.name,
            "phone": self.phone or "12345",
            "address": self.address or self.name,
            "hours": self.hours or "工作日",
        }
