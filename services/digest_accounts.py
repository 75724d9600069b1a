"""The accounts that a digest is made for: locked with all others of their person, so that nobody tells them meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.jobs import JobSubscription, JobTold
from db.people import Address, Conversation, NoticeStop, Person
from db.turns import Outbox
from db.upsert import insert_all_new
from services import digest_keys, job_told
from services.reach import PUSH

KIND = "jobs"
_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class Account:
    """An account whose subscriptions are looked at."""

    address: Address
    others: frozenset[int]
    """All accounts of its person, its own among them."""
    willing: bool
    """It can be written to, and its person lives and has not stopped this kind of notice."""
    subscriptions: list[JobSubscription] = field(default_factory=list)
    """The active ones."""
    waiting_since: datetime | None = None
    """When a message of this kind was decided that is not delivered yet and cannot be taken back."""
    held: list[str] = field(default_factory=list)
    """The key of its digest that nobody has tried to bring yet; what is new is put together with it."""
    in_held: set[int] = field(default_factory=set)
    """The posts of that digest."""


async def lock(db: AsyncSession, address_ids: Iterable[int]) -> dict[int, Account]:
    """Lock accounts, but for those of people who are just talking: these are left for the next pass."""
    whose = await job_told.accounts(db, set(address_ids))
    every = sorted(set().union(*whose.values()))
    await insert_all_new(db, Conversation, [{"address_id": id_, "data": {}, "menu": []} for id_ in every])
    talks = select(Conversation.address_id).where(Conversation.address_id.in_(every)).order_by(Conversation.address_id)
    free = set(await db.scalars(talks.with_for_update(key_share=True, skip_locked=True)))
    mine = [account for account, others in whose.items() if others <= free]
    rows = await db.execute(
        select(Address, Address.reachable & Person.deceased_at.is_(None) & Person.erased_at.is_(None) & ~_STOPPED)
        .outerjoin(Person, Person.id == Address.person_id)
        .where(Address.id.in_(mine))
    )
    found = {address.id: Account(address, frozenset(whose[address.id]), willing) for address, willing in rows}
    active = select(JobSubscription).where(JobSubscription.address_id.in_(mine), JobSubscription.status == "active")
    ordered = active.order_by(JobSubscription.id).with_for_update(key_share=True)
    for one in await db.scalars(ordered, execution_options=_FRESH):
        found[one.address_id].subscriptions.append(one)
    return found


_STOPPED = exists().where(NoticeStop.address_id == Address.id, NoticeStop.kind == KIND)


async def look_at_open(db: AsyncSession, accounts: Mapping[int, Account]) -> None:
    """Note what was decided for accounts and has not reached them: a digest that is still held can be made anew."""
    rows = await db.scalars(
        select(Outbox)
        .where(Outbox.address_id.in_(accounts), Outbox.notice == KIND, Outbox.status.in_(("held", "ready")))
        .order_by(Outbox.id.desc())
        .with_for_update(),
        execution_options=_FRESH,
    )
    for row in rows:
        account, key = accounts[row.address_id or 0], row.dedupe_key or ""
        ours = key.startswith(digest_keys.PREFIX) and row.status == "held" and not row.attempts
        if ours and "parts" not in row.payload:
            account.held.append(key)
        else:
            account.waiting_since = row.at
    keys = [key for account in accounts.values() for key in account.held]
    for address_id, job_id in await db.execute(select(JobTold.address_id, JobTold.job_id).where(JobTold.key.in_(keys))):
        accounts[address_id].in_held.add(job_id)


async def take_back(db: AsyncSession, keys: Iterable[str]) -> None:
    """Cancel digests that are held: others take their place."""
    await db.execute(
        update(Outbox)
        .where(Outbox.dedupe_key.in_(list(keys)))
        .values(status="cancelled", error="replaced")
        .execution_options(synchronize_session=False)
    )


def of_person(accounts: Iterable[Account]) -> dict[int, list[Account]]:
    """Return accounts together whose owner is the same, by the first of all accounts of each.

    Those that we may write to come first: on the others a message waits until somebody comes, which may be never.
    """
    together: defaultdict[int, list[Account]] = defaultdict(list)
    for account in sorted(accounts, key=lambda one: one.address.channel not in PUSH):
        together[min(account.others)].append(account)
    return together
