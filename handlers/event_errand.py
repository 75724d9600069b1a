"""For whom something is done in the chat of events, checked anew at each step: buttons of old messages stay."""

from dataclasses import dataclass

from core.clock import CHINA
from db.people import Person
from handlers.acting import SELF, Acting
from handlers.event_screens import FAMILY, YOU
from handlers.exam_errand import numbers
from handlers.turn import Turn
from services import bindings, event_sign_ups, person_cards, proxies
from services.event_list import SignUp
from services.vault import Vault
from services.who import Who


@dataclass(frozen=True, slots=True)
class Errand:
    """Whom a place is for, and by whom it is done for them; without a person it is for the owner of the account."""

    person: Person | None
    as_: str
    who: str
    """您, or 王同志."""
    address_id: int | None
    """The account, where the place is for its own owner."""

    @property
    def relation(self) -> bool:
        """Tell whether it is done for somebody else."""
        return self.as_ != SELF

    @property
    def acting(self) -> Acting:
        """Return the same as the audit of proxies wants it."""
        return Acting(self.person.id if self.person else None, self.as_)

    def whose(self, name: str | None = None, phone: str | None = None) -> Who:
        """Return the same as a sign-up wants it."""
        return Who(self.address_id, self.person.id if self.person else None, name, phone, self.as_)


def note(turn: Turn) -> None:
    """Leave whatever was going on: each screen of ours says in its choices all that the next one needs."""
    turn.finish()
    turn.result.journey, turn.result.outcome = "events", "answer"


async def errand_for(turn: Turn, vault: Vault, person_id: int) -> Errand | None:
    """Return the errand if whoever writes may do it for this person; 0 is the owner of an account that is not bound."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    if person_id in (0, own.id if own else 0):
        living = own is None or not (own.deceased_at or own.erased_at)
        return Errand(own, SELF, YOU, turn.address_id) if living else None
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    relation = next((proxy.relation for proxy in held if proxy.person_id == person_id), None)
    person = await turn.db.get(Person, person_id)
    if relation is None or person is None:
        return None
    return Errand(person, relation, person_cards.called(vault, person) or FAMILY, None)


async def errand_of(turn: Turn, vault: Vault, one: SignUp) -> Errand | None:
    """Return for whom a sign-up is, if whoever writes may act on it."""
    if one.row.address_id == turn.address_id:
        return await errand_for(turn, vault, 0)
    return None if one.row.person_id is None else await errand_for(turn, vault, one.row.person_id)


async def sign_up_named(turn: Turn, vault: Vault) -> tuple[Errand, SignUp] | None:
    """Return the sign-up that the argument names, and for whom it is, if whoever writes may act on it."""
    found = numbers(turn.argument, 1)
    one = await event_sign_ups.find(turn.db, found[0]) if found else None
    errand = await errand_of(turn, vault, one) if one else None
    return None if one is None or errand is None else (errand, one)


async def all_of(turn: Turn, event_id: int | None = None) -> list[SignUp]:
    """Return what the account signed up for, for its owner and for those it is a proxy of, that is not over."""
    own = await bindings.bound_to(turn.db, turn.address_id)
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    people = {proxy.person_id for proxy in held} | ({own.id} if own else set())
    return await event_sign_ups.to_come(turn.db, turn.address_id, people, turn.now, event_id)
