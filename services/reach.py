"""Who can be told, and how: every person falls into exactly one class, so that a plan accounts for all to the last name."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Case,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, NoticeStop, Person
from db.places import Grid, Township, Village
from services.person_cards import open_sealed
from services.vault import Vault

PUSH = ("telegram",)
"""Channels on which we may write first."""
CHANNELS = (*PUSH, "web")
"""Channels of people, the better ones first; on those that are not of PUSH a message waits until they come."""
_IDS = literal(10**15, BigInteger)
"""No account has an id as great."""
FATES = ("deceased", "erased", "never", "blocked", "stopped", "now", "first")
"""In this order the first that fits; first: only once they write first."""
UNREACHED = ("never", "blocked", "stopped", "first")
"""Whom no message reaches by itself: they are telephoned or visited."""


def best_address() -> ScalarSelect[int]:
    """Return the id of the account to write to, beside a Person: a reachable one before any other, then by channel."""
    return _accounts().order_by(*_better()).limit(1).correlate(Person).scalar_subquery()


def _better() -> tuple[ColumnElement[Any], ...]:
    """Return what puts the accounts of a person in order, the best one first."""
    return Address.reachable.desc(), _order(), Address.id.asc()


def _order() -> Case[int]:
    return case({name: place for place, name in enumerate(CHANNELS)}, value=Address.channel)


def fate(kind: str) -> Case[str]:
    """Return which of FATES a notice of a kind would have, beside a Person."""
    return case(
        (Person.deceased_at.is_not(None), "deceased"),
        (Person.erased_at.is_not(None), "erased"),
        (~exists(_accounts()), "never"),
        (~exists(_accounts().where(Address.reachable)), "blocked"),
        (exists(_accounts().where(stopped(kind))), "stopped"),
        (exists(_accounts().where(Address.reachable, Address.channel.in_(PUSH))), "now"),
        else_="first",
    )


def fated(people: Select[int], kind: str, ids: tuple[int, int] | None = None) -> Select[int, int, str, str]:
    """Return person, best account, its channel and fate of many in one pass, where `fate` looks up each.

    `ids`, the first and the last, keep what is read small while many people are gone through part by part.
    """
    theirs = [Address.person_id == Person.id, Address.channel.in_(CHANNELS)]
    if ids is not None:
        theirs.append(Address.person_id.between(*ids))
        people = people.where(Person.id.between(*ids))
    # Class and id of an account as one number: the least of a person's is the best account.
    number = (case((Address.reachable, 0), else_=len(CHANNELS)) + _order()) * _IDS + Address.id
    each = (
        select(
            Person.id, Person.deceased_at, Person.erased_at, func.min(number).label("best"),
            func.count(NoticeStop.address_id).label("stops"),
        )
        .outerjoin(Address, and_(*theirs))
        .outerjoin(NoticeStop, and_(NoticeStop.address_id == Address.id, NoticeStop.kind == kind))
        .where(Person.id.in_(people))
        .group_by(Person.id)
        .subquery()
    )  # fmt: skip
    person_id, deceased_at, erased_at, best, stops = each.c
    channel = case(dict(enumerate(CHANNELS)), value=best // _IDS % len(CHANNELS))
    fates = case(
        (deceased_at.is_not(None), "deceased"),
        (erased_at.is_not(None), "erased"),
        (best.is_(None), "never"),
        (best >= len(CHANNELS) * _IDS, "blocked"),
        (stops > 0, "stopped"),
        (channel.in_(PUSH), "now"),
        else_="first",
    )
    return select(person_id, (best % _IDS).label("address_id"), channel.label("channel"), fates.label("fate"))


def account_fate(kind: str) -> Case[str]:
    """Return the same beside an Address that belongs to no record."""
    return case(
        (~Address.reachable, "blocked"),
        (stopped(kind), "stopped"),
        (Address.channel.in_(PUSH), "now"),
        else_="first",
    )


def stopped(kind: str) -> ColumnElement[bool]:
    """Tell, beside an Address, whether it does not want a kind."""
    return exists().where(NoticeStop.address_id == Address.id, NoticeStop.kind == kind)


def _accounts() -> Select[int]:
    """Return the accounts of a Person that is beside it."""
    return select(Address.id).where(Address.person_id == Person.id, Address.channel.in_(CHANNELS))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a notice to a set of people would come to before anything is sent."""

    counts: Mapping[tuple[str, str], int]
    """By channel and fate; the channel is "" where there is none to write to."""
    total: int
    seconds: float
    """How long it takes at the pace of the slowest channel, quiet hours aside."""

    def of(self, *fates: str) -> int:
        """Count those with any of some fates, over all channels."""
        return sum(count for (_, fate), count in self.counts.items() if fate in fates)


async def plan(
    db: AsyncSession, people: Select[int], kind: str, rates: Mapping[str, float], accounts: Select[int] | None = None
) -> Plan:
    """Count people, and accounts of nobody on file, by channel and fate; rates are messages a second by channel."""
    chosen = fated(people, kind).subquery()
    _, _, of_best, fates = chosen.c
    channel = case((fates.in_(("deceased", "erased", "never")), ""), else_=of_best)
    counted = select(channel, fates, func.count()).group_by(channel, fates)
    rows: list[Row[str, str, int]] = list(await db.execute(counted))
    if accounts is not None:
        each = select(Address.channel, account_fate(kind).label("fate")).where(Address.id.in_(accounts)).subquery()
        rows += list(await db.execute(select(*each.c, func.count()).group_by(*each.c)))
    counts: dict[tuple[str, str], int] = {}
    for name, found, count in rows:
        counts[name, found] = counts.get((name, found), 0) + count
    seconds = max((counts.get((name, "now"), 0) / rate for name, rate in rates.items()), default=0.0)
    return Plan(counts, sum(counts.values()), seconds)


@dataclass(frozen=True, slots=True)
class Unreached:
    """One line of the call list or the visit list; identifying, so that whoever shows it audits that."""

    person_id: int
    name: str
    phone: str
    township: str
    village: str
    grid: str
    worker: str
    worker_phone: str
    why: str


async def remainder(
    db: AsyncSession, vault: Vault, people: Select[int], kind: str, fates: Sequence[str] = UNREACHED
) -> list[Unreached]:
    """Return those whom a notice would not reach by itself, by village. Call it in a snapshot: opening takes a while."""
    why = fate(kind)
    return await listed(db, vault, select(Person.id, why.label("why")).where(Person.id.in_(people), why.in_(fates)))


async def listed(db: AsyncSession, vault: Vault, whom: Select[int, str]) -> list[Unreached]:
    """Return a sheet of people, each with the word why, by township and village."""
    chosen = whom.subquery()
    person_id, why = chosen.c
    rows = await db.execute(
        select(
            person_id, Person.name, Person.phone, func.coalesce(Township.name, ""),
            func.coalesce(Village.name, Person.region, literal("")), func.coalesce(Grid.name, ""),
            func.coalesce(Grid.worker_name, ""), func.coalesce(Grid.worker_phone, ""), why,
        )
        .join(Person, Person.id == person_id)
        .outerjoin(Village, Village.id == Person.village_id)
        .outerjoin(Township, Township.id == Village.township_id)
        .outerjoin(Grid, Grid.id == Person.grid_id)
        .order_by(Township.name.is_(None), Township.name, Village.name, Grid.name, person_id)
    )  # fmt: skip
    return await asyncio.to_thread(_opened, vault, rows.all())


def _opened(
    vault: Vault, rows: Sequence[Row[int, str | None, str | None, str, str, str, str, str, str]]
) -> list[Unreached]:
    return [
        Unreached(person_id, open_sealed(vault, name), open_sealed(vault, phone), *rest)
        for person_id, name, phone, *rest in rows
    ]
