"""Whom a place is for, at an event or at a station, and which of what was made is theirs."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from db.bookings import Booking, Waiting
from db.events import EventSignUp
from db.people import Address

ONESELF = "本人"
BY_STAFF = "工作人员"


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is for, and by whom it is made: name and phone as given for this time, in clear."""

    address_id: int | None = None
    person_id: int | None = None
    name: str | None = None
    phone: str | None = None
    made_by: str = ONESELF
    staff_id: int | None = None


def person_key(person_id: int) -> str:
    """Return the who_key of somebody on file."""
    return f"p:{person_id}"


def theirs(
    table: type[EventSignUp | Booking | Waiting], address_id: int | None, person_ids: Collection[int]
) -> ColumnElement[bool]:
    """Return the condition on what an account made and what is for persons, also what they made before they were bound."""
    own = [] if address_id is None else [table.address_id == address_id]
    accounts = select(Address.id).where(Address.person_id.in_(list(person_ids)))
    unbound = table.person_id.is_(None) & table.address_id.in_(accounts)
    return or_(*own, table.person_id.in_(list(person_ids)), unbound)
