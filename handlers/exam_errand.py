"""For whom something is done in the chat of examinations, checked anew at each step: buttons of old messages stay."""

from dataclasses import dataclass

from core.clock import CHINA
from db.people import Person
from handlers.acting import SELF, Acting
from handlers.exam_screens import FAMILY, YOU
from handlers.turn import Turn
from services import bindings, exam_places, person_cards, proxies
from services.exam_places import Appointment
from services.vault import Vault

_LONGEST = 18
"""Digits of a row's id."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A person, by whom it is done for them, and the place that is to be moved; none when a new one is wanted."""

    person: Person
    as_: str
    who: str
    """您, or 王同志."""
    vault: Vault
    moved: Appointment | None = None

    @property
    def acting(self) -> Acting:
        """Return the same as the audit of proxies wants it."""
        return Acting(self.person.id, self.as_)

    @property
    def place_id(self) -> int:
        """Return the id of the place that is to be moved, 0 for none, as actions carry it."""
        return self.moved.place.id if self.moved else 0


def note(turn: Turn) -> None:
    """Leave whatever was going on: each screen of ours says in its choices all that the next one needs."""
    turn.finish()
    turn.result.journey, turn.result.outcome = "exams", "answer"


def numbers(argument: str, count: int) -> list[int] | None:
    """Read "12.7.0" as so many numbers; None for anything that we never offered."""
    parts = argument.split(".")
    fits = len(parts) == count and all(p.isascii() and p.isdecimal() and len(p) <= _LONGEST for p in parts)
    return [int(part) for part in parts] if fits else None


async def errand_for(turn: Turn, vault: Vault, person_id: int, moved: Appointment | None = None) -> Errand | None:
    """Return the errand if whoever writes may do it for this person."""
    person = await turn.db.get(Person, person_id)
    as_ = await _role(turn, person_id)
    if person is None or person.deceased_at or person.erased_at or as_ is None:
        return None
    who = YOU if as_ == SELF else person_cards.called(vault, person) or FAMILY
    return Errand(person, as_, who, vault, moved)


async def errand_about(turn: Turn, vault: Vault, place_id: int) -> Errand | None:
    """Return the same about a place that stands."""
    one = await exam_places.find(turn.db, place_id)
    return None if one is None else await errand_for(turn, vault, one.place.person_id, one)


async def _role(turn: Turn, person_id: int) -> str | None:
    own = await bindings.bound_to(turn.db, turn.address_id)
    if own is not None and own.id == person_id:
        return SELF
    today = turn.now.astimezone(CHINA).date()
    held = await proxies.held_by(turn.db, turn.address_id, today, "book")
    return next((proxy.relation for proxy in held if proxy.person_id == person_id), None)
