"""Who hears of a place: the person on the best account, and family who may be reminded beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, Person
from services import proxies, reach


@dataclass(frozen=True, slots=True)
class Contacts:
    """A person and the accounts that are told, with whether each is the person's own."""

    person: Person
    accounts: tuple[tuple[Address, bool], ...]


async def contacts(db: AsyncSession, person_ids: Iterable[int], today: date) -> dict[int, Contacts]:
    """Return by person who is told; nobody of those who have died or were erased."""
    ids = list(person_ids)
    rows = await db.execute(
        select(Person, Address)
        .outerjoin(Address, Address.id == reach.best_address())
        .where(Person.id.in_(ids), Person.deceased_at.is_(None), Person.erased_at.is_(None))
    )
    family = await proxies.for_reminders(db, ids, today)
    wanted = {proxy.address_id for theirs in family.values() for proxy in theirs}
    known = {one.id: one for one in await db.scalars(select(Address).where(Address.id.in_(wanted)))}
    found = {}
    for person, own in rows:
        beside = [known[proxy.address_id] for proxy in family.get(person.id, ()) if proxy.address_id in known]
        accounts = dict.fromkeys([(own, True)] if own else []) | dict.fromkeys((one, False) for one in beside)
        found[person.id] = Contacts(person, tuple(pair for pair in accounts if pair[0].reachable))
    return found
