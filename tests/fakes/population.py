"""People of every sort, put straight into the tables: with accounts or without, blocked, stopped, dead."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, NoticeStop, Person

_number = count(1)


@dataclass(frozen=True)
class Account:
    channel: str
    reachable: bool = True
    stops: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Soul:
    """A person of a made-up population."""

    accounts: list[Account] = field(default_factory=list)
    deceased: bool = False
    erased: bool = False


async def add_soul(db: AsyncSession, soul: Soul, now: datetime, **columns: Any) -> int:
    person = Person(
        created_at=now, deceased_at=now if soul.deceased else None, erased_at=now if soul.erased else None,
        **({"categories": []} | columns),
    )  # fmt: skip
    db.add(person)
    await db.flush()
    for account in soul.accounts:
        await add_account(db, account, now, person.id)
    return person.id


async def add_account(db: AsyncSession, account: Account, now: datetime, person_id: int | None = None) -> int:
    address = Address(
        channel=account.channel, external_id=f"r{next(_number)}", person_id=person_id, reachable=account.reachable,
        created_at=now,
    )  # fmt: skip
    db.add(address)
    await db.flush()
    db.add_all(NoticeStop(address_id=address.id, kind=kind, at=now) for kind in account.stops)
    await db.flush()
    return address.id
